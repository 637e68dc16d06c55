using DataMaintenance.Pipeline;
using DataMaintenance.Values;
using StackExchange.Redis;

namespace DataMaintenance.Tests.Pipeline;

/// <summary>Redis loses what it was given, outside any run; the service notices and fills it from the store alone.</summary>
public sealed class RedisWatchTests(RedisServer server) : IClassFixture<RedisServer>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_flush_is_noticed_and_everything_is_there_again_without_a_question_to_the_provider()
    {
        await using var world = await NightAsync();
        await using var redis = await ConnectAsync();
        var before = await ContentAsync(redis);
        Assert.Empty(await world.Wiring.RedisWatch.LookAsync(Ct));
        var calls = await CallsAsync(world);

        await redis.GetDatabase().ExecuteAsync("FLUSHALL");
        var done = await world.Wiring.RedisWatch.LookAsync(Ct);

        Assert.Equal(6, done.Count);
        Assert.Equal(before, await ContentAsync(redis));
        Assert.Equal(calls, await CallsAsync(world));
        var told = Assert.Single(await world.Wiring.Store.EventsAsync("redis_rebuilt", 10, Ct));
        Assert.Contains("Redis had lost everything; from the store in", told.Text, StringComparison.Ordinal);
        Assert.Contains("state of 1 sessions", told.Text, StringComparison.Ordinal);
        Assert.Empty(await world.Wiring.RedisWatch.LookAsync(Ct));
    }

    [Fact]
    public async Task After_a_flush_a_session_is_called_executed_only_once_all_its_values_are_there()
    {
        await using var world = await NightAsync();
        await using var redis = await ConnectAsync();
        await redis.GetServers()[0].ConfigSetAsync("notify-keyspace-events", "KA");
        var told = await redis.GetSubscriber().SubscribeAsync(RedisChannel.Pattern("__keyspace@*__:maintenance:*"));
        await redis.GetDatabase().ExecuteAsync("FLUSHALL");
        Assert.NotEmpty(await world.Wiring.RedisWatch.LookAsync(Ct));

        var written = new List<string>();
        do written.Add(((string)(await told.ReadAsync(Ct)).Channel!).Split("__:")[1]);
        while (written[^1] != "maintenance:last_run");
        Assert.Equal(Enum.GetValues<Family>().Length, written.Count(k => k == "maintenance:derived"));
        Assert.True(written.LastIndexOf("maintenance:derived") < written.IndexOf("maintenance:status:2025-12-01"), string.Join(' ', written));
        Assert.True(written.IndexOf("maintenance:status:2025-12-01") < written.IndexOf("maintenance:executed:2025-12-01"), string.Join(' ', written));
    }

    [Fact]
    public async Task What_a_rebuild_that_was_cut_off_left_undone_is_done_at_the_next_start_but_for_what_an_operator_deleted()
    {
        await using var world = await NightAsync();
        await using var redis = await ConnectAsync();
        var (db, status, executed) = (redis.GetDatabase(), (RedisKey)"maintenance:status:2025-12-01", (RedisKey)"maintenance:executed:2025-12-01");
        await db.HashDeleteAsync("maintenance:derived", "rvol");
        await db.KeyDeleteAsync([status, executed]);
        Assert.Equal(2, (await world.Wiring.Rebuild.MissingAsync(Ct)).Count);
        // The values were back, the state was not yet.
        await db.KeyDeleteAsync([status, executed]);
        Assert.Equal(["state of 1 sessions"], await world.Wiring.Rebuild.MissingAsync(Ct));
        Assert.Equal(2, await db.KeyExistsAsync([status, executed]));

        foreach (var key in new[] { status, executed })
        {
            await db.KeyDeleteAsync(key);
            Assert.Empty(await world.Wiring.Rebuild.MissingAsync(Ct));
            Assert.False(await db.KeyExistsAsync(key));
            await world.Wiring.State.RestoreAsync([World.Monday], absentOnly: false, Ct);
        }
    }

    [Theory]
    [InlineData(TaskNames.LoadOhlc)]
    [InlineData(TaskNames.EnrichMetadata)]
    [InlineData(TaskNames.SyncRedis)]
    public async Task A_flush_in_the_middle_of_a_run_fails_nothing_and_the_state_of_the_other_sessions_is_back_after_it(string during)
    {
        await using var world = await NightAsync();
        var friday = await world.RunAsync(World.Friday);
        Assert.True(friday.Success, friday.Failures());
        await using var redis = await ConnectAsync();
        var before = await ContentAsync(redis);
        Assert.Contains("maintenance:executed:2025-11-28", before.Keys);
        Assert.Empty(await world.Wiring.RedisWatch.LookAsync(Ct));

        var run = await world.Wiring.Runner.RunAsync(new(World.Monday, Plan.Nightly, "test", Force: true), new Flush(redis, during), Ct);
        Assert.True(run.Success, run.Failures());
        Assert.NotEmpty(await world.Wiring.RedisWatch.LookAsync(Ct));

        Assert.Equal(before.Keys, (await ContentAsync(redis)).Keys);
        var told = Assert.Single(await world.Wiring.Store.EventsAsync("redis_rebuilt", 10, Ct));
        Assert.Contains("Redis had lost everything", told.Text, StringComparison.Ordinal);
        Assert.Contains("state of 2 sessions", told.Text, StringComparison.Ordinal);
        Assert.Empty(await world.Wiring.RedisWatch.LookAsync(Ct));
    }

    [Fact]
    public async Task A_flush_between_the_look_and_what_it_leads_to_is_mended_whole()
    {
        await using var world = await NightAsync();
        await using var redis = await ConnectAsync();
        var before = await ContentAsync(redis);
        Assert.Empty(await world.Wiring.RedisWatch.LookAsync(Ct));
        await redis.GetDatabase().KeyDeleteAsync([.. before.Keys.Where(k => k.StartsWith("atr:data:", StringComparison.Ordinal)).Select(k => (RedisKey)k)]);
        var seen = await world.Wiring.RedisWatch.FindAsync(Ct);
        Assert.Equal([Family.Atr], seen.Families.Keys);
        await redis.GetDatabase().ExecuteAsync("FLUSHALL");

        await world.Wiring.RedisWatch.RebuildAsync(seen, Ct);

        Assert.Equal(before.Keys, (await ContentAsync(redis)).Keys);
        Assert.Empty(await world.Wiring.RedisWatch.LookAsync(Ct));
    }

    [Theory]
    [InlineData("rvol:hist:avg:*", "rvol")]
    [InlineData("atr:data:*", "atr")]
    [InlineData("ticker:metadata:*", "metadata")]
    [InlineData("ticker:universe", "universe")]
    public async Task One_key_or_all_of_a_family_deleted_brings_the_family_back(string pattern, string family)
    {
        await using var world = await NightAsync();
        await using var redis = await ConnectAsync();
        var before = await ContentAsync(redis);
        Assert.Empty(await world.Wiring.RedisWatch.LookAsync(Ct));
        var keys = await redis.GetServers()[0].KeysAsync(pattern: pattern).ToArrayAsync(Ct);
        await redis.GetDatabase().KeyDeleteAsync(keys[0]);
        Assert.StartsWith($"{family}: ", Assert.Single(await world.Wiring.RedisWatch.LookAsync(Ct)), StringComparison.Ordinal);
        Assert.Equal(before, await ContentAsync(redis));
    }

    [Fact]
    public async Task A_server_that_loses_what_it_is_given_again_and_again_is_not_filled_without_pause()
    {
        await using var world = await NightAsync();
        await using var redis = await ConnectAsync();
        var rebuilt = 0;
        for (var i = 0; i < 5; i++)
        {
            await redis.GetDatabase().KeyDeleteAsync("ticker:universe");
            rebuilt += (await world.Wiring.RedisWatch.LookAsync(Ct)).Count;
        }

        Assert.Equal(2, rebuilt);
    }

    [Fact]
    public async Task Families_lost_one_after_the_other_are_each_put_back_at_once_and_one_that_rests_is_told_as_gone()
    {
        await using var world = await NightAsync();
        await using var redis = await ConnectAsync();
        Assert.Empty(await world.Wiring.RedisWatch.LookAsync(Ct));
        await redis.GetDatabase().ExecuteAsync("FLUSHALL");
        Assert.Equal(6, (await world.Wiring.RedisWatch.LookAsync(Ct)).Count);
        foreach (var (pattern, family) in new[] { ("atr:data:*", "atr"), ("rvol:hist:avg:*", "rvol"), ("ticker:universe", "universe"), ("ticker:metadata:*", "metadata") })
        {
            await DeleteAsync(pattern);
            Assert.StartsWith($"{family}: ", Assert.Single(await world.Wiring.RedisWatch.LookAsync(Ct)), StringComparison.Ordinal);
        }

        Assert.Empty(world.Wiring.RedisWatch.Lacking);
        await DeleteAsync("atr:data:*");
        Assert.Single(await world.Wiring.RedisWatch.LookAsync(Ct));
        await DeleteAsync("atr:data:*");
        Assert.Empty(await world.Wiring.RedisWatch.LookAsync(Ct));
        Assert.Equal([Family.Atr], world.Wiring.RedisWatch.Lacking);
        var doctor = (await new DataMaintenance.Api.Checkup(world.Wiring).RunAsync(Ct))["checks"]!.AsArray().Single(c => c!["what"]!.GetValue<string>() == "redis atr")!;
        Assert.False(doctor["ok"]!.GetValue<bool>());
        Assert.StartsWith("0 of ", doctor["said"]!.GetValue<string>(), StringComparison.Ordinal);
        // Another family does not wait for it.
        await DeleteAsync("ticker:metadata:*");
        Assert.StartsWith("metadata: ", Assert.Single(await world.Wiring.RedisWatch.LookAsync(Ct)), StringComparison.Ordinal);

        async Task DeleteAsync(string pattern) => await redis.GetDatabase().KeyDeleteAsync(await redis.GetServers()[0].KeysAsync(pattern: pattern).ToArrayAsync(Ct));
    }

    [Fact]
    public async Task A_family_of_an_older_session_than_the_store_reaches_is_published_anew()
    {
        await using var world = await NightAsync();
        await using var redis = await ConnectAsync();
        var field = (string)(await redis.GetDatabase().HashGetAsync("maintenance:derived", "atr"))!;
        await redis.GetDatabase().HashSetAsync("maintenance:derived", "atr", field.Replace("2025-12-01", "2025-11-28", StringComparison.Ordinal));
        Assert.StartsWith("atr: ", Assert.Single(await world.Wiring.RedisWatch.LookAsync(Ct)), StringComparison.Ordinal);
        var told = Assert.Single(await world.Wiring.Store.EventsAsync("redis_caught_up", 10, Ct));
        Assert.Empty(await world.Wiring.Store.EventsAsync("redis_rebuilt", 10, Ct));
        Assert.Contains("of 2025-11-28, while the store reaches 2025-12-01", told.Text, StringComparison.Ordinal);
        Assert.Equal(World.Monday, (await world.Wiring.Cache.DerivedAsync(Family.Atr, Ct))!.Session);
    }

    [Fact]
    public async Task A_state_key_that_an_operator_deleted_alone_is_left_to_the_schedule()
    {
        await using var world = await NightAsync();
        await using var redis = await ConnectAsync();
        await redis.GetDatabase().KeyDeleteAsync("maintenance:executed:2025-12-01");
        Assert.Empty(await world.Wiring.RedisWatch.LookAsync(Ct));
        Assert.False(await redis.GetDatabase().KeyExistsAsync("maintenance:executed:2025-12-01"));
    }

    [Fact]
    public async Task A_server_that_was_away_is_said_once_and_filled_when_it_returns_empty()
    {
        await using var own = new RedisServer();
        await own.StartAsync();
        await using var world = await NightAsync(own, ("Redis:RetryFor", "00:00:01"));
        Assert.Empty(await world.Wiring.RedisWatch.LookAsync(Ct));
        await own.KillAsync();
        await world.Wiring.RedisWatch.LookAsync(Ct);
        await world.Wiring.RedisWatch.LookAsync(Ct);
        var away = Assert.Single(await world.Wiring.Store.EventsAsync("redis_unreachable", 10, Ct));
        Assert.StartsWith($"Redis at {own.Address} does not answer: ", away.Text, StringComparison.Ordinal);

        await own.StartAsync();
        IReadOnlyList<string> done = [];
        for (var attempt = 0; attempt < 200 && done.Count == 0; attempt++)
        {
            done = await world.Wiring.RedisWatch.LookAsync(Ct);
            if (done.Count == 0) await Task.Delay(100, Ct);
        }

        Assert.Equal(6, done.Count);
        Assert.Single(await world.Wiring.Store.EventsAsync("redis_returned", 10, Ct));
        Assert.Contains("the server was restarted or replaced", Assert.Single(await world.Wiring.Store.EventsAsync("redis_rebuilt", 10, Ct)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_serving_nobody_has_to_ask()
    {
        await using var world = await NightAsync(more: ("Redis:WatchEvery", "00:00:00.2"));
        await using var redis = await ConnectAsync();
        var before = await ContentAsync(redis);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var watching = world.Wiring.Loops.Single(l => l.Name == "redis_watch").RunAsync(ending.Token);
        await redis.GetDatabase().ExecuteAsync("FLUSHALL");
        for (var i = 0; i < 600 && (await world.Wiring.Store.EventsAsync("redis_rebuilt", 10, Ct)).Count == 0; i++) await Task.Delay(50, Ct);
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
        Assert.Equal(before, await ContentAsync(redis));
    }

    private async Task<World> NightAsync(RedisServer? other = null, params (string Name, string Value)[] more)
    {
        var options = (other ?? server).Options();
        await using (var redis = await ConnectionMultiplexer.ConnectAsync(options.ConnectionString + ",allowAdmin=true")) await redis.GetDatabase().ExecuteAsync("FLUSHALL");
        var world = await World.StartAsync(60, [("Redis:Kind", "Server"), ("Redis:ConnectionString", options.ConnectionString!), .. more]);
        var night = await world.RunAsync();
        Assert.True(night.Success, night.Failures());
        return world;
    }

    private Task<ConnectionMultiplexer> ConnectAsync() => ConnectionMultiplexer.ConnectAsync(server.Address + ",allowAdmin=true");

    private static async Task<int> CallsAsync(World world) => (await world.Control.GetStringAsync(new Uri("_control/requests", UriKind.Relative), Ct)).GetHashCode(StringComparison.Ordinal);

    /// <summary>Empties the server as soon as a task begins.</summary>
    private sealed class Flush(ConnectionMultiplexer redis, string task) : IRunObserver
    {
        public void RunStarted(RunStarted run)
        {
        }

        public void TaskStarted(TaskStarted started)
        {
            if (started.Task == task) redis.GetDatabase().Execute("FLUSHALL");
        }

        public void Progress(TaskProgress progress)
        {
        }

        public void TaskEnded(TaskEnded ended)
        {
        }

        public void RunEnded(RunResult result)
        {
        }
    }

    /// <summary>Every key with what it holds, except the instants of publishing.</summary>
    private static async Task<SortedDictionary<string, string>> ContentAsync(ConnectionMultiplexer redis)
    {
        var (db, content) = (redis.GetDatabase(), new SortedDictionary<string, string>(StringComparer.Ordinal));
        await foreach (var key in redis.GetServers()[0].KeysAsync(pattern: "*"))
            content[key.ToString()] = await db.KeyTypeAsync(key) switch
            {
                _ when key == "maintenance:derived" => string.Join(' ', (await db.HashKeysAsync(key)).Select(f => f.ToString()).Order(StringComparer.Ordinal)),
                RedisType.Hash => string.Join(' ', (await db.HashGetAllAsync(key)).Select(f => f.ToString()).Order(StringComparer.Ordinal)),
                RedisType.Set => string.Join(' ', (await db.SetMembersAsync(key)).Select(f => f.ToString()).Order(StringComparer.Ordinal)),
                _ => (await db.StringGetAsync(key)).ToString(),
            };
        return content;
    }
}
