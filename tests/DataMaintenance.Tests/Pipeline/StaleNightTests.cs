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

    private static Task ReviseAsync(World world, Func<DailyBar, DailyBar?> revise) => ReviseAsync(world, revise, World.Monday);

    private static async Task ReviseAsync(World world, Func<DailyBar, DailyBar?> revise, DateOnly session)
    {
        var bars = new List<DailyBar>();
        await foreach (var bar in world.Wiring.Store.ReadDailyAsync(session, session, null, Ct)) if (revise(bar) is { } kept) bars.Add(kept);
        await world.Wiring.Store.SaveDailyAsync(session, bars, "test", world.Wiring.Clock.GetUtcNow(), true, Ct);
    }
}
