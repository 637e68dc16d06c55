using System.Collections.Concurrent;
using DataMaintenance.Tests.Store;
using Market;
using Npgsql;
using StackExchange.Redis;

namespace DataMaintenance.Tests.Pipeline;

/// <summary>Other programs read Redis and the tables all the time, also while nights are run.</summary>
public sealed class ReadersBesideNightsTests(RedisServer server) : IClassFixture<RedisServer>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Readers_beside_ten_nights_see_of_every_key_the_values_of_one_night_and_never_none_and_of_every_day_the_whole_or_nothing()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(server.Options().ConnectionString + ",allowAdmin=true");
        await redis.GetDatabase().ExecuteAsync("FLUSHALL");
        await using var tables = new PostgresTestStore();
        await tables.CreateEmptyAsync();
        await using var world = await World.StartAsync(150, ("Redis:Kind", "Server"), ("Redis:ConnectionString", server.Address),
            ("Store:Kind", "Postgres"), ("Store:ConnectionString", tables.Options.ConnectionString!), ("Store:Schema", tables.Options.Schema));
        var first = await world.RunAsync();
        Assert.True(first.Success, first.Failures());
        var nights = new List<Dictionary<string, string>> { await ReadAsync(redis, await KeysAsync(redis)) };
        await using var database = NpgsqlDataSource.Create($"{tables.Options.ConnectionString};Search Path={tables.Options.Schema}");
        var days = (await DaysAsync(database)).ToHashSet(StringComparer.Ordinal);
        var seenDays = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
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
        var reads = 0;
        var reading = Task.Run(async () =>
        {
            for (; !ending.IsCancellationRequested; reads++)
                foreach (var day in await DaysAsync(database)) seenDays[day] = reads;
        }, Ct);

        var session = World.Monday;
        for (var night = 0; night < 10; night++)
        {
            session = TradingCalendar.Nyse.NextSession(session);
            await world.MoveAsync(session);
            var run = await world.RunAsync(session);
            Assert.True(run.Success, run.Failures());
            nights.Add(await ReadAsync(redis, await KeysAsync(redis)));
            days.UnionWith(await DaysAsync(database));
        }

        await ending.CancelAsync();
        await Task.WhenAll(polling, reading);
        Assert.True(polls > 20 && reads > 20, $"only {polls} looks at the keys, {reads} at the tables");
        Assert.Equal([], seenDays.Keys.Except(days));
        Assert.Contains($"volume_slots_raw {session:yyyy-MM-dd}", days.Select(d => string.Join(' ', d.Split(' ')[..2])));
        Assert.True(nights.Select(n => n["rvol:hist:avg:AAPL"]).Distinct().Count() > 5, "the nights hardly differ");
        var stayed = nights[0].Keys.Where(k => nights.TrueForAll(n => n.ContainsKey(k))).ToArray();
        Assert.True(stayed.Length > 400, $"only {stayed.Length} keys stayed");
        foreach (var key in stayed)
            Assert.Equal([], seen[key].Keys.Except(nights.Select(n => n[key])).Select(strange => $"{key}: {strange}"));
    }

    /// <summary>Rows and shares of every day in every table.</summary>
    private static async Task<List<string>> DaysAsync(NpgsqlDataSource database)
    {
        var days = new List<string>();
        foreach (var (table, what) in new[] { ("market_data_daily_raw", "count(*) || ' ' || sum(volume)"), ("volume_slots_raw", "count(*) || ' ' || sum(volume)"), ("market_data_daily", "count(*)"), ("volume_slots", "count(*)") })
        {
            await using var command = database.CreateCommand($"SELECT to_char(date, 'YYYY-MM-DD') || ' ' || {what} FROM {table} GROUP BY date");
            await using var rows = await command.ExecuteReaderAsync(Ct);
            while (await rows.ReadAsync(Ct)) days.Add($"{table} {rows.GetString(0)}");
        }

        return days;
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
