using DataMaintenance.Provider;
using DataMaintenance.Store;
using Simulator;
using Simulator.Files;
using Simulator.World;

namespace DataMaintenance.Bench;

/// <summary>A full-size simulated market for the benchmarks, and a folder that goes with it.</summary>
internal sealed class FullMarket : IDisposable
{
    public static readonly DateOnly Session = new(2025, 12, 1);

    public SimulatorOptions Options { get; } = new();
    public string Folder { get; } = Directory.CreateTempSubdirectory("data-maintenance-bench-").FullName;
    public string Minutes => Path.Combine(Folder, "us_stocks_sip", "minute_aggs_v1", "2025", "12", "2025-12-01.csv.gz");

    public Task WriteFilesAsync() => new FlatFileWriter(new SimulatedMarket(Options.Seed, Options.Symbols)).WriteAsync(Folder, [Session], CancellationToken.None);

    public Task<IStore> OpenStoreAsync() => StoreSetup.OpenAsync(new StoreOptions { Path = Path.Combine(Folder, "store") }, TimeProvider.System, "bench", CancellationToken.None);

    public IMarketSource OpenDirectory() => ProviderSetup.Create(new ProviderOptions { Kind = ProviderKind.Directory, Path = Folder }, TimeProvider.System);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
