using Market;
using Simulator.Faults;
using Simulator.Rest;
using Simulator.S3;
using Simulator.World;

namespace Simulator;

/// <summary>Which world is served, and how.</summary>
public sealed record SimulatorOptions
{
    /// <summary>The same seed gives the same market and, per path, the same faults.</summary>
    public int Seed { get; init; } = 1;
    /// <summary>Securities listed at any time, about; 1 to 20,000. The first 45 are spelled out, odd ones among them.</summary>
    public int Symbols { get; init; } = 12_000;
    /// <summary>Port on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }
    public Plan Plan { get; init; } = Plan.Advanced;
    /// <summary>Keys that are known; empty accepts any key that is not empty.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];
    /// <summary>The bucket of flat files.</summary>
    public FilesOptions Files { get; init; } = new();
    /// <summary>Faults in force from the start.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];
    /// <summary>Share of a session's securities whose daily and minute figures are early ones at first, corrected at 10:30 New York of the next two sessions; 0 to 1.</summary>
    public double Revised { get; init; }
    /// <summary>Splits beyond those by chance, for tickers listed on their day.</summary>
    public IReadOnlyList<Split> Splits { get; init; } = [];
    /// <summary>Tickers that are left, taken on by the same security under another name, or reused by another company, beyond those by chance.</summary>
    public IReadOnlyList<TickerChange> TickerChanges { get; init; } = [];
    /// <summary>Compress replies for clients that accept gzip. The provider does; over loopback it only costs, so it is off.</summary>
    public bool Gzip { get; init; }
    /// <summary>Where the clock stands at the start; it runs on from there. Null: the time provider's own time.</summary>
    public DateTimeOffset? Now { get; init; }
}
