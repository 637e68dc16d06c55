using DataMaintenance.Provider;
using DataMaintenance.Settings;
using Market;
using Microsoft.Extensions.Time.Testing;
using Simulator;
using Simulator.Faults;
using Simulator.S3;

namespace DataMaintenance.Tests.Provider;

/// <summary>A simulated provider with its bucket on Friday 2026-11-20, 22:30 New York, and a source that has keys for it.</summary>
internal sealed class BucketWorld : IAsyncDisposable
{
    public static readonly DateOnly Friday = new(2026, 11, 20), Thursday = new(2026, 11, 19);
    private static readonly DateTimeOffset FridayNight = new(2026, 11, 21, 3, 30, 0, TimeSpan.Zero);

    private BucketWorld(SimulatorHost host, IMarketSource source) => (Host, Source) = (host, source);

    public SimulatorHost Host { get; }
    public IMarketSource Source { get; }
    public HttpClient Control { get; } = new();

    public static async Task<BucketWorld> StartAsync(SimulatorOptions? options = null, Func<FlatFilesOptions, FlatFilesOptions>? change = null, params Fault[] faults)
    {
        options ??= new SimulatorOptions { Symbols = 60 };
        var host = await SimulatorHost.StartAsync(options with { Faults = faults }, new FakeTimeProvider(FridayNight), TestContext.Current.CancellationToken);
        var files = Files(host.BaseUrl);
        var source = ProviderSetup.Create(Massive.Options(host.BaseUrl) with { FlatFiles = change is null ? files : change(files) }, new DrillClock(new() { Start = FridayNight }, TimeProvider.System));
        return new(host, source) { Control = { BaseAddress = host.BaseUrl } };
    }

    /// <summary>Small ranges, so that a small file has many.</summary>
    public static FlatFilesOptions Files(Uri endpoint) => new()
    {
        Endpoint = endpoint,
        AccessKey = new FilesOptions().AccessKey,
        SecretKey = new FilesOptions().SecretKey,
        RangeBytes = 64 * 1024,
        Concurrency = 4,
        LeastSymbols = 0,
    };

    public Task<FileFound> FindAsync(DateOnly date, FileSet set = FileSet.Minutes) => Source.FindFileAsync(set, date, int.MaxValue, TestContext.Current.CancellationToken);

    public async Task<PublishedFile> FileAsync(DateOnly date, FileSet set = FileSet.Minutes)
    {
        var found = await FindAsync(date, set);
        Assert.True(found.State == FileState.Out, found.Said);
        return found.File!;
    }

    public Task<SlotFile> ReadAsync(PublishedFile file) => Source.ReadSlotsAsync(file, SlotGrid.Extended, TestContext.Current.CancellationToken);

    public async Task<SlotFile> ReadAsync(DateOnly date) => await ReadAsync(await FileAsync(date));

    public long Calls(string route, string result) => Source.Usage.Calls.GetValueOrDefault((route, result));

    public async Task FaultAsync(string json)
    {
        using var body = new StringContent(json);
        using var reply = await Control.PostAsync(new Uri("/_control/faults", UriKind.Relative), body, TestContext.Current.CancellationToken);
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async Task ClearFaultsAsync() => (await Control.DeleteAsync(new Uri("/_control/faults", UriKind.Relative), TestContext.Current.CancellationToken)).Dispose();

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Host.DisposeAsync();
        Control.Dispose();
    }
}
