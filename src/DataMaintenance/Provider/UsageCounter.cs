using System.Collections.Concurrent;

namespace DataMaintenance.Provider;

/// <summary>Counts what was asked, from any thread.</summary>
internal sealed class UsageCounter
{
    private readonly ConcurrentDictionary<(string Route, string Result), long> calls = new();
    private long retries;
    private long waitedTicks;

    public void Called(string route, string result) => calls.AddOrUpdate((route, result), 1, static (_, count) => count + 1);

    public void Retried() => Interlocked.Increment(ref retries);

    public void Waited(TimeSpan wait) => Interlocked.Add(ref waitedTicks, wait.Ticks);

    public ProviderUsage Snapshot() => new(
        new Dictionary<(string Route, string Result), long>(calls), Interlocked.Read(ref retries), new TimeSpan(Interlocked.Read(ref waitedTicks)));
}
