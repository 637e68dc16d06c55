using DataMaintenance.Provider;
using DataMaintenance.Settings;
using DataMaintenance.Store;
using StackExchange.Redis;

namespace DataMaintenance.Dashboard;

/// <summary>What the page about the service's health reads. A part that cannot be read says why in place of its text.</summary>
/// <param name="Facts">Name and what was found, for servers and sizes.</param>
public sealed record HealthDetails(
    IReadOnlyList<HealthFact> Facts, ProviderUsage Usage, IReadOnlyList<CountPoint> Daily, IReadOnlyList<CountPoint> Slots, IReadOnlyList<Finding> Open, IReadOnlyList<MaintenanceEvent> Events, string? StoreError)
{
    private const int Sessions = 15, RecentEvents = 40;

    internal static async Task<HealthDetails> ReadAsync(Wiring wiring, CancellationToken ct)
    {
        var facts = new List<HealthFact>
        {
            await FactAsync("Store", async () =>
            {
                var started = TimeProvider.System.GetTimestamp();
                await wiring.Store.PingAsync(ct);
                return $"{wiring.Store.Description}; answered in {Text.Took(TimeProvider.System.GetElapsedTime(started))}";
            }),
            await FactAsync("Store, size", () => Task.FromResult(StoreSize(wiring.Settings))),
            await FactAsync("Redis", async () =>
            {
                var started = TimeProvider.System.GetTimestamp();
                await wiring.Redis.PingAsync(ct);
                return $"{wiring.Redis.Description}; answered in {Text.Took(TimeProvider.System.GetElapsedTime(started))}";
            }),
            await FactAsync("Redis, size", () => wiring.Redis.AskOnceAsync(RedisSizeAsync, ct)),
            new("Leader", $"{wiring.Store.Leader.Holder}, epoch {wiring.Store.Leader.Epoch}{(wiring.Store.Leader.Since is { } since ? $", since {since:u}" : "")}", true),
            new("Provider", $"{wiring.Source.Name}; {(wiring.Settings.Provider.CallsPerSecond == 0 ? "no limit on calls" : $"at most {wiring.Settings.Provider.CallsPerSecond} calls a second")}", true),
        };
        try
        {
            var trends = new Trends(wiring);
            return new(facts, wiring.Source.Usage, await trends.CountsAsync(Dataset.Daily, Sessions, ct), await trends.CountsAsync(Dataset.Slots, Sessions, ct),
                await wiring.Store.FindingsAsync(openOnly: true, 1_000, ct), await wiring.Store.EventsAsync(null, RecentEvents, ct), null);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new(facts, wiring.Source.Usage, [], [], [], [], e.Message);
        }
    }

    private static string StoreSize(ServiceSettings settings)
    {
        if (settings.Store.Kind != StoreKind.Embedded) return "told by the database server itself";
        var folder = new DirectoryInfo(settings.Store.Path);
        var size = folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
        return $"{Text.Bytes(size)} in {folder.FullName}; {Text.Bytes(new DriveInfo(folder.FullName).AvailableFreeSpace)} free on that disk";
    }

    private static async Task<string> RedisSizeAsync(IDatabase redis)
    {
        var keys = (long)await redis.ExecuteAsync("DBSIZE");
        try
        {
            var stats = (RedisResult[])(await redis.ExecuteAsync("MEMORY", "STATS"))!;
            return $"{Text.Count(keys)} keys, {Text.Bytes((double)stats[Array.FindIndex(stats, s => (string?)s == "total.allocated") + 1])}";
        }
        catch (Exception e) when (e is RedisServerException or InvalidCastException)
        {
            return $"{Text.Count(keys)} keys; this server does not tell its memory";
        }
    }

    private static async Task<HealthFact> FactAsync(string name, Func<Task<string>> read)
    {
        try
        {
            return new(name, await read().WaitAsync(TimeSpan.FromSeconds(4), TimeProvider.System), true);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new(name, e.Message.ReplaceLineEndings(" "), false);
        }
    }
}

/// <param name="Good">False when it could not be read.</param>
public sealed record HealthFact(string Name, string Said, bool Good);
