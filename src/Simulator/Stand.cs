using Simulator.World;
namespace Simulator;
public sealed class SimulatorOptions { public int Port {get;init;} public int Symbols {get;init;} public TimeSpan Latency {get;init;} public int Seed {get;init;} public IReadOnlyList<string> Faults {get;init;} = []; }
public sealed class SimulatorHost : IAsyncDisposable { public static Task<SimulatorHost> StartAsync(SimulatorOptions o, TimeProvider t, CancellationToken c) => throw new NotSupportedException(); public Uri BaseUrl => throw new NotSupportedException(); public ValueTask DisposeAsync() => default; }
public sealed class FlatFileWriter(SimulatedMarket m) { public Task WriteAsync(string f, IReadOnlyList<DateOnly> d, CancellationToken c) => throw new NotSupportedException(m.ToString()); }
