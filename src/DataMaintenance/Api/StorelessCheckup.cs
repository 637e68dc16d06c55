using System.Text.Json.Nodes;
using DataMaintenance.Cache;
using DataMaintenance.Settings;
using Market;

namespace DataMaintenance.Api;

/// <summary>What <c>doctor</c> says where no store can be opened, or none is there yet: everything else is looked at all the same, and no store is made.</summary>
internal static class StorelessCheckup
{
    /// <param name="isProblem">Whether there should be a store.</param>
    /// <param name="why">Why there is none, for people.</param>
    public static async Task<JsonObject> RunAsync(ServiceSettings settings, TimeProvider clock, bool isProblem, string why, ILoggerFactory logs, CancellationToken ct)
    {
        var checks = new CheckList(settings);
        checks.Add("store", !isProblem, why);
        await AddRedisAsync(checks, settings.Redis, ct);
        checks.AddDiskAndGrid();
        var (source, simulator) = await SimulatedProvider.SourceAsync(settings.Provider, clock, logs, ct);
        await using var host = simulator;
        await using var asked = source;
        await checks.AddSourceAsync(source, TradingCalendar.NewYorkDate(clock.GetUtcNow()), ct);
        return checks.ToJson();
    }

    private static async Task AddRedisAsync(CheckList checks, RedisOptions options, CancellationToken ct)
    {
        if (options.Kind == RedisKind.Embedded)
        {
            checks.Add("redis", true, "embedded: started and filled with the store");
            return;
        }

        await checks.AddAsync("redis", async () =>
        {
            await using var redis = await RedisConnection.OpenAsync(options, ct);
            if (await HealthApi.TryAsync(redis.AnswersAsync, ct, Checkup.Patience) is { } trouble) return (false, trouble);
            var keys = new Keys(options);
            var server = ServerReport.Of(await new Presence(redis, keys, new Reader(redis, keys)).ServerAsync(ct));
            return (server.Ok, $"{redis.Description}; {server.Text}");
        });
    }
}
