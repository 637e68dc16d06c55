using System.Collections.Concurrent;
using Market;
using StackExchange.Redis;

namespace DataMaintenance.Tests.Pipeline;

/// <summary>Other programs read Redis all the time, also while nights are run.</summary>
public sealed class ReadersBesideNightsTests(RedisServer server) : IClassFixture<RedisServer>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reader_beside_ten_nights_sees_of_every_key_the_values_of_one_night_and_never_none()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(server.Options().ConnectionString + ",allowAdmin=true");
        await redis.GetDatabase().ExecuteAsync("FLUSHALL");
        await using var world = await World.StartAsync(150, ("Redis:Kind", "Server"), ("Redis:ConnectionString", server.Address));
        var first = await world.RunAsync();
        Assert.True(first.Success, first.Failures());
        var nights = new List<Dictionary<string, string>> { await ReadAsync(redis, await KeysAsync(redis)) };
        var seen = new ConcurrentDictionary<string, ConcurrentDictionary<string, int>>(StringComparer.Ordinal);
        using var ending = new CancellationTokenSource();
        var polls = 0;
        var polling = Task.Run(async () =>
        {
            var keys = nights[0].Keys.ToArray();
            while (!ending.IsCancellationRequested)
            {
                foreach (var (key, value) in await ReadAsync(redis, keys)) seen.GetOrAdd(key, _ => new(StringComparer.Ordinal))[value] = polls;
                polls++;
            }
        }, Ct);

        var session = World.Monday;
        for (var night = 0; night < 10; night++)
        {
            session = TradingCalendar.Nyse.NextSession(session);
            await world.MoveAsync(session);
            var run = await world.RunAsync(session);
            Assert.True(run.Success, run.Failures());
            nights.Add(await ReadAsync(redis, await KeysAsync(redis)));
        }

        await ending.CancelAsync();
        await polling;
        Assert.True(polls > 20, $"only {polls} looks");
        Assert.True(nights.Select(n => n["rvol:hist:avg:AAPL"]).Distinct().Count() > 5, "the nights hardly differ");
        var stayed = nights[0].Keys.Where(k => nights.TrueForAll(n => n.ContainsKey(k))).ToArray();
        Assert.True(stayed.Length > 400, $"only {stayed.Length} keys stayed");
        foreach (var key in stayed)
            Assert.Equal([], seen[key].Keys.Except(nights.Select(n => n[key])).Select(strange => $"{key}: {strange}"));
    }

    private static async Task<string[]> KeysAsync(ConnectionMultiplexer redis)
    {
        var all = await redis.GetServers()[0].KeysAsync(pattern: "*").Select(k => k.ToString()).ToArrayAsync(Ct);
        return [.. all.Where(k => k == "ticker:universe" || k.StartsWith("atr:", StringComparison.Ordinal) || k.StartsWith("rvol:", StringComparison.Ordinal) || k.StartsWith("ticker:avg", StringComparison.Ordinal) || k.StartsWith("metadata:", StringComparison.Ordinal))];
    }

    /// <summary>What each key holds, in an order of its own; of one that is absent "nothing".</summary>
    private static async Task<Dictionary<string, string>> ReadAsync(ConnectionMultiplexer redis, string[] keys)
    {
        var db = redis.GetDatabase();
        var values = await Task.WhenAll(keys.Select(async key => key switch
        {
            "ticker:universe" => Text((await db.SetMembersAsync(key)).Select(m => m.ToString())),
            _ when key.StartsWith("atr:", StringComparison.Ordinal) || key.StartsWith("rvol:", StringComparison.Ordinal) => Text((await db.HashGetAllAsync(key)).Select(f => f.ToString())),
            _ => (string?)await db.StringGetAsync(key) ?? "nothing",
        }));
        return keys.Zip(values).ToDictionary(k => k.First, k => k.Second, StringComparer.Ordinal);
    }

    private static string Text(IEnumerable<string> parts) => string.Join(' ', parts.Order(StringComparer.Ordinal)) is { Length: > 0 } text ? text : "nothing";
}
