using DataMaintenance.Pipeline;
using DataMaintenance.Store;
using DataMaintenance.Values;
using Market;
using StackExchange.Redis;

namespace DataMaintenance.Tests.Pipeline;

/// <summary>A fact that changes makes exactly its values stale: they are named, computed and published, and no other key is touched.</summary>
public class StaleNightTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_the_keys_of_stale_values_are_published_again()
    {
        await using var world = await World.StartAsync();
        var families = world.Wiring.Families;
        Assert.True((await world.RunAsync()).Success);
        foreach (var family in Enum.GetValues<Family>()) Assert.Equal(0, (await families.StaleAsync(family, Ct))!.Count);

        var (revised, other) = (new Symbol("AAPL"), new Symbol("MSFT"));
        await ReviseAsync(world, b => b.Symbol == revised ? b with { High = b.High * 1.5 } : b);
        Assert.Equal([revised], (await families.StaleAsync(Family.Atr, Ct))!.All);
        Assert.Equal(0, (await families.StaleAsync(Family.AverageVolume, Ct))!.Count);
        Assert.Equal(0, (await families.StaleAsync(Family.Rvol, Ct))!.Count);

        var redis = world.Wiring.Redis.Database;
        var before = await redis.HashGetAsync($"atr:data:{revised}", "atr");
        await redis.HashSetAsync($"atr:data:{other}", [new HashEntry("atr", "planted")]);
        var run = await world.RunAsync(null, false, TaskNames.CalculateAtr);
        Assert.True(run.Success, run.Failures());
        Assert.Contains(run.Of(TaskNames.CalculateAtr).Checks, c => c.Text.Contains("only they were published", StringComparison.Ordinal) && c.Text.Contains(": AAPL;", StringComparison.Ordinal));
        Assert.NotEqual(before, await redis.HashGetAsync($"atr:data:{revised}", "atr"));
        Assert.Equal("planted", await redis.HashGetAsync($"atr:data:{other}", "atr"));
        Assert.Equal(0, (await families.StaleAsync(Family.Atr, Ct))!.Count);
    }

    [Fact]
    public async Task A_symbol_that_has_no_value_any_more_loses_its_key_and_nobody_else_does()
    {
        await using var world = await World.StartAsync();
        Assert.True((await world.RunAsync()).Success);
        var sessions = world.Wiring.Calendar.LastSessions(30, World.Monday);
        foreach (var session in sessions.Skip(5)) await ReviseAsync(world, b => b.Symbol.Text == "AAPL" ? null : b, session);
        Assert.Equal([new Symbol("AAPL")], (await world.Wiring.Families.StaleAsync(Family.Atr, Ct))!.Gone);
        var run = await world.RunAsync(null, false, TaskNames.CalculateAtr);
        Assert.Contains(run.Of(TaskNames.CalculateAtr).Checks, c => c.Text.Contains("1 atr keys of symbols that left", StringComparison.Ordinal));
        Assert.False(await world.Wiring.Redis.Database.KeyExistsAsync("atr:data:AAPL"));
        Assert.True(await world.Wiring.Redis.Database.KeyExistsAsync("atr:data:MSFT"));
    }

    [Fact]
    public async Task A_value_held_back_stays_with_what_it_came_from_and_goes_when_it_is_settled_that_there_is_none()
    {
        await using var world = await World.StartAsync();
        Assert.True((await world.RunAsync()).Success);
        var (held, redis, store) = (new Symbol("AAPL"), world.Wiring.Redis.Database, world.Wiring.Store);
        var before = (await store.FindDerivedInputsAsync("atr", Ct))!.Prints[held];
        Finding poisoned = new(0, "daily", World.Monday, held, "price.absurd", Severity.Error, "1", "2", FindingState.Open, world.Wiring.Clock.GetUtcNow(), null);
        await store.SaveFindingsAsync("price.absurd", World.Monday, [poisoned], world.Wiring.Clock.GetUtcNow(), Ct);
        await ReviseAsync(world, b => b.Symbol.Text == "MSFT" ? b with { High = b.High * 1.5 } : b);
        await world.RunAsync(null, false, TaskNames.CalculateAtr);
        Assert.True(await redis.KeyExistsAsync("atr:data:AAPL"));
        Assert.Equal(before, (await store.FindDerivedInputsAsync("atr", Ct))!.Prints[held]);

        foreach (var session in world.Wiring.Calendar.LastSessions(30, World.Monday).Skip(5)) await ReviseAsync(world, b => b.Symbol == held ? null : b, session);
        await store.SaveFindingsAsync("price.absurd", World.Monday, [], world.Wiring.Clock.GetUtcNow(), Ct);
        await world.RunAsync(null, false, TaskNames.CalculateAtr);
        Assert.False(await redis.KeyExistsAsync("atr:data:AAPL"));
    }

    [Fact]
    public async Task A_value_held_back_lives_on_with_the_others_and_comes_back_as_it_was_before_the_doubt()
    {
        await using var world = await World.StartAsync();
        Assert.True((await world.RunAsync()).Success);
        var (held, redis, store) = (new Symbol("AAPL"), world.Wiring.Redis.Database, world.Wiring.Store);
        Finding poisoned = new(0, "daily", World.Monday, held, "price.absurd", Severity.Error, "1", "2", FindingState.Open, world.Wiring.Clock.GetUtcNow(), null);
        await store.SaveFindingsAsync("price.absurd", World.Monday, [poisoned], world.Wiring.Clock.GetUtcNow(), Ct);
        await redis.KeyExpireAsync("atr:data:AAPL", TimeSpan.FromSeconds(100));
        await world.RunAsync(null, false, TaskNames.CalculateAtr, TaskNames.SyncRedis);
        Assert.InRange((await redis.KeyTimeToLiveAsync("atr:data:AAPL"))!.Value, TimeSpan.FromDays(1), TimeSpan.FromDays(30));
        Assert.True((await world.Wiring.Verification.RunAsync(Ct))["verified"]!.GetValue<bool>());

        await redis.ExecuteAsync("FLUSHALL");
        Assert.NotEmpty(await world.Wiring.RedisWatch.LookAsync(Ct));
        var friday = (AtrValue)(await world.Wiring.Families.ComputeAsync(Family.Atr, World.Friday, Ct)).Items.Single(v => v.Symbol == held);
        Assert.Equal(friday.Atr, (double)await redis.HashGetAsync("atr:data:AAPL", "atr"), 6);
        Assert.Equal("2025-11-28", (string?)await redis.HashGetAsync("atr:data:AAPL", "date") ?? "2025-11-28");
        Assert.True((await world.Wiring.Verification.RunAsync(Ct))["verified"]!.GetValue<bool>());

        await redis.KeyDeleteAsync("atr:data:AAPL");
        var lost = await world.Wiring.Verification.RunAsync(Ct);
        Assert.False(lost["verified"]!.GetValue<bool>());
        Assert.Equal(["AAPL"], lost["families"]!["atr"]!["symbols"]!.AsArray().Select(s => s!.GetValue<string>()));
        var run = await world.RunAsync(null, false, TaskNames.SyncRedis);
        Assert.Contains(run.Of(TaskNames.SyncRedis).Checks, c => c.Text.Contains("1 atr values that are held back were gone", StringComparison.Ordinal));
        Assert.True((await world.Wiring.Verification.RunAsync(Ct))["verified"]!.GetValue<bool>());
    }

    [Fact]
    public async Task What_a_run_puts_right_in_redis_is_known_to_come_from_the_inputs_of_now_and_a_key_of_nobody_goes()
    {
        await using var world = await World.StartAsync();
        Assert.True((await world.RunAsync()).Success);
        await world.ExecuteAsync("UPDATE market_data_daily_raw SET high = high * 1.01 WHERE symbol = 'MSFT' AND date = '2025-11-28'");
        await world.Wiring.Redis.Database.HashSetAsync("atr:data:ZZGHOST", "atr", 1);
        await world.RunAsync(null, false, TaskNames.SyncRedis);
        Assert.True((await world.Wiring.Verification.RunAsync(Ct))["verified"]!.GetValue<bool>());
        Assert.False(await world.Wiring.Redis.Database.KeyExistsAsync("atr:data:ZZGHOST"));
        var why = await world.Wiring.Values.ExplainAsync(new("MSFT"), World.Monday, null, Ct);
        Assert.False(why.Inputs.Single(i => i.Family == Family.Atr).Stale);
    }

    private static Task ReviseAsync(World world, Func<DailyBar, DailyBar?> revise) => ReviseAsync(world, revise, World.Monday);

    private static async Task ReviseAsync(World world, Func<DailyBar, DailyBar?> revise, DateOnly session)
    {
        var bars = new List<DailyBar>();
        await foreach (var bar in world.Wiring.Store.ReadDailyAsync(session, session, null, Ct)) if (revise(bar) is { } kept) bars.Add(kept);
        await world.Wiring.Store.SaveDailyAsync(session, bars, "test", world.Wiring.Clock.GetUtcNow(), true, Ct);
    }
}
