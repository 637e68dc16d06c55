using System.Threading.Channels;
using DataMaintenance.Cache;
using Market;
using static DataMaintenance.Tests.Cache.CacheWorld;

namespace DataMaintenance.Tests.Cache;

public sealed class StateAndEventsEmbeddedTests(Embedded server) : StateAndEventsTests(server), IClassFixture<Embedded>;
public sealed class StateAndEventsServerTests(Server server) : StateAndEventsTests(server), IClassFixture<Server>;

/// <summary>State keys, messages, and the deletion of others' keys.</summary>
public abstract class StateAndEventsTests(IServerUnderTest server)
{
    [Fact]
    public async Task The_state_of_a_session_outlives_the_time_it_is_looked_at()
    {
        await using var world = await OpenAsync(server);
        await world.State.WriteStatusAsync(Session, """{"date":"2025-01-30"}""", Ct);
        await world.State.MarkExecutedAsync(Session, Ct);

        Assert.Equal("""{"date":"2025-01-30"}""", await world.Db.StringGetAsync("maintenance:status:2025-01-30"));
        Assert.Equal("1", await world.Db.StringGetAsync("maintenance:executed:2025-01-30"));
        Assert.True(await world.State.HasStatusAsync(Session, Ct) && await world.State.IsExecutedAsync(Session, Ct));
        // The seventh session after it is February 10th; only then is it no longer among the last seven.
        foreach (var key in new[] { "maintenance:status:2025-01-30", "maintenance:executed:2025-01-30" })
            Assert.True(await world.Db.KeyTimeToLiveAsync(key) > new DateTimeOffset(2025, 2, 11, 0, 0, 0, TimeSpan.Zero) - Now);
        await world.State.ClearExecutedAsync(Session, Ct);
        Assert.False(await world.State.IsExecutedAsync(Session, Ct));
    }

    [Fact]
    public async Task The_last_run_only_moves_forward_and_does_not_expire()
    {
        await using var world = await OpenAsync(server);
        Assert.Null(await world.State.LastRunAsync(Ct));
        await world.State.AdvanceLastRunAsync(Session, Ct);
        await world.State.AdvanceLastRunAsync(Session.AddDays(-1), Ct);
        Assert.Equal("2025-01-30", await world.Db.StringGetAsync("maintenance:last_run"));
        Assert.Equal(Session, await world.State.LastRunAsync(Ct));
        Assert.Null(await world.Db.KeyTimeToLiveAsync("maintenance:last_run"));
    }

    [Fact]
    public async Task The_market_session_is_published_in_the_words_others_compare()
    {
        await using var world = await OpenAsync(server);
        var opens = new DateTimeOffset(2025, 1, 31, 14, 30, 0, TimeSpan.Zero);
        await world.State.WriteSessionAsync(new(MarketPhase.PreMarket, new(2025, 1, 31), opens.AddHours(-5.5), MarketPhase.Open, opens), Ct);
        Assert.Equal("""{"session":"PRE_MARKET","trading_date":"2025-01-31","since":"2025-01-31T09:00:00Z","next":"MARKET_OPEN","next_at":"2025-01-31T14:30:00Z"}""",
            await world.Db.StringGetAsync("market:session:current"));
    }

    [Fact]
    public async Task Events_reach_subscribers_under_the_prefix_as_spelled()
    {
        await using var world = await OpenAsync(server, o => o with { KeyPrefix = "p:" });
        var heard = Channel.CreateUnbounded<(string Channel, string Message)>();
        await world.Redis.Subscriber.SubscribeAsync(StackExchange.Redis.RedisChannel.Pattern("p:*"), (c, m) => heard.Writer.TryWrite((c.ToString(), m.ToString())));
        var events = new Events(world.Redis, world.Keys, enabled: true);

        Assert.Equal(1, await events.NewDayAsync(new(2025, 1, 31), Ct));
        Assert.Equal(1, await events.CompletedAsync("""{"event":"maintenance_completed"}""", Ct));
        Assert.Equal(1, await events.ProgressAsync("{}", Ct));
        Assert.Equal(1, await events.SessionChangedAsync(MarketPhase.PreMarket, MarketPhase.Closed, new(2025, 1, 31), Now, Ct));
        // The client hands messages of different channels over side by side.
        Assert.Equal(
        [
            ("p:events:session:changed", """{"event_type":"session:changed","data":{"new_session":"PRE_MARKET","previous_session":"CLOSED","trading_date":"2025-01-31"},"timestamp":"2025-01-31T08:01:00Z"}"""),
            ("p:maintenance:completed", """{"event":"maintenance_completed"}"""),
            ("p:maintenance:progress", "{}"),
            ("p:trading:new_day", """{"event":"new_trading_day","date":"2025-01-31","action":"clear_caches"}"""),
        ], (await heard.Reader.ReadAllAsync(Ct).Take(4).ToListAsync(Ct)).OrderBy(m => m.Item1, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Silenced_events_reach_nobody()
    {
        await using var world = await OpenAsync(server);
        var heard = 0;
        await world.Redis.Subscriber.SubscribeAsync(StackExchange.Redis.RedisChannel.Literal("trading:new_day"), (_, _) => Interlocked.Increment(ref heard));
        Assert.Equal(0, await new Events(world.Redis, world.Keys, enabled: false).NewDayAsync(new(2025, 1, 31), Ct));
        await world.Db.PingAsync();
        Assert.Equal(0, heard);
    }

    [Fact]
    public async Task Cleaning_never_takes_what_the_service_derives_nor_what_is_nobodys_to_delete()
    {
        await using var world = await OpenAsync(server);
        await world.Publisher.PublishAsync(Universe("AAPL"), null, Ct);
        await world.Publisher.PublishAsync(Atr(("AAPL", 1)), null, Ct);
        await world.State.MarkExecutedAsync(Session, Ct);
        string[] others = ["snapshot:enriched:latest", "scanner:sequence:winners", "polygon_ws:active_tickers"];
        foreach (var key in others.Concat(["cache:a", "cache:b", "scanner:category:winners"])) await world.Db.StringSetAsync(key, "x");
        var kept = (await world.AllKeysAsync()).Except(["cache:a", "cache:b", "scanner:category:winners"]).Order(StringComparer.Ordinal).ToArray();

        Assert.Equal(0, await new CacheCleaner(world.Redis, world.Options, world.Keys, world.Fence, []).ClearAsync(Ct));
        Assert.Equal(3, await new CacheCleaner(world.Redis, world.Options, world.Keys, world.Fence, ["*", "cache:*"]).ClearAsync(Ct));
        Assert.Equal(kept, (await world.AllKeysAsync()).Order(StringComparer.Ordinal));
    }
}
