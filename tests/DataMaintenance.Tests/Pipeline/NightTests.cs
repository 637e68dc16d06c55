using DataMaintenance.Pipeline;
using DataMaintenance.Store;
using DataMaintenance.Values;

namespace DataMaintenance.Tests.Pipeline;

/// <summary>A night over a small simulated market, from an empty store on.</summary>
public class NightTests
{
    [Fact]
    public async Task The_first_run_on_an_empty_store_loads_thirty_sessions_of_bars_and_ten_of_slots_in_the_fewest_calls()
    {
        await using var world = await World.StartAsync();
        var run = await world.RunAsync();
        Assert.True(run.Success, run.Failures());
        Assert.Equal(30, (await world.Wiring.Store.CountAsync(Dataset.Daily, DateOnly.MinValue, DateOnly.MaxValue, TestContext.Current.CancellationToken)).Count);
        Assert.Equal(10, (await world.Wiring.Store.CountAsync(Dataset.Slots, DateOnly.MinValue, DateOnly.MaxValue, TestContext.Current.CancellationToken)).Count);
        var calls = world.Wiring.Source.Usage.Calls;
        Assert.Equal(30, calls.Where(c => c.Key.Route.Contains("grouped", StringComparison.Ordinal)).Sum(c => c.Value));
        var universe = await world.Wiring.Store.UniverseAsync(TestContext.Current.CancellationToken);
        Assert.InRange(calls.Where(c => c.Key.Route.Contains("range", StringComparison.Ordinal)).Sum(c => c.Value), 1, universe.Count);
    }

    [Fact]
    public async Task Whoever_saw_a_run_end_may_ask_for_the_next_one_at_once_and_nobody_may_before()
    {
        await using var world = await World.StartAsync(symbols: 60);
        var after = new AtItsEnd(() => world.RunAsync());
        var first = await world.Wiring.Runner.RunAsync(new(World.Monday, Plan.Nightly, "test"), after, TestContext.Current.CancellationToken);
        Assert.True(first.Success, first.Failures());
        await Assert.ThrowsAsync<RunInProgressException>(() => after.During!);
        var second = await after.Next!;
        Assert.True(second.Success && second.RunId > first.RunId, second.Failures());
    }

    /// <summary>Asks for another run while one goes on, and again when its end is in the journal but its last words are not yet said.</summary>
    private sealed class AtItsEnd(Func<Task<RunResult>> ask) : IRunObserver
    {
        public Task<RunResult>? During { get; private set; }
        public Task<RunResult>? Next { get; private set; }
        public void RunStarted(RunStarted run) => During = ask();
        public void TaskStarted(TaskStarted task) { }
        public void Progress(TaskProgress progress) { }
        public void TaskEnded(TaskEnded task) { }
        public void RunEnded(RunResult result) => Next = ask();
    }

    [Fact]
    public async Task A_second_run_skips_what_is_complete_says_why_and_changes_nothing()
    {
        await using var world = await World.StartAsync();
        Assert.True((await world.RunAsync()).Success);
        await world.RunAsync(tasks: [TaskNames.EnrichMetadata, TaskNames.SyncRedis]);
        var before = world.Wiring.Source.Usage.Calls.Values.Sum();
        var rvol = await PublishedAsync(world, Family.Rvol);

        var again = await world.RunAsync();
        Assert.True(again.Success, again.Failures());
        foreach (var task in new[] { TaskNames.LoadOhlc, TaskNames.LoadVolumeSlots, TaskNames.CalculateAtr, TaskNames.CalculateRvol })
        {
            Assert.Equal(TaskState.Skipped, again.Of(task).State);
            Assert.NotEmpty(again.Of(task).Checks);
        }

        Assert.DoesNotContain(world.Wiring.Source.Usage.Calls, c => c.Key.Route.Contains("range", StringComparison.Ordinal) && c.Value > before);
        Assert.Equal(rvol, await PublishedAsync(world, Family.Rvol));
    }

    [Fact]
    public async Task A_redis_key_that_vanished_is_restored_and_named()
    {
        await using var world = await World.StartAsync();
        Assert.True((await world.RunAsync()).Success);
        var database = world.Wiring.Redis.Database;
        Assert.True(await database.KeyDeleteAsync("atr:data:AAPL"));
        Assert.True(await database.KeyDeleteAsync("rvol:hist:avg:MSFT"));
        var run = await world.RunAsync();
        Assert.True(run.Success, run.Failures());
        Assert.True(await database.KeyExistsAsync("atr:data:AAPL"));
        Assert.True(await database.KeyExistsAsync("rvol:hist:avg:MSFT"));
        Assert.Contains(run.Of(TaskNames.SyncRedis).Checks, c => c.Text.Contains("AAPL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_older_session_run_again_changes_no_newer_value_in_redis()
    {
        await using var world = await World.StartAsync();
        Assert.True((await world.RunAsync(World.Friday)).Success);
        Assert.True((await world.RunAsync(World.Monday)).Success);
        var before = await PublishedAsync(world, Family.Atr);
        var older = await world.RunAsync(World.Friday, force: true);
        Assert.True(older.Success, older.Failures());
        var after = await PublishedAsync(world, Family.Atr);
        Assert.Equal(World.Monday, after!.Session);
        Assert.Equal(before!.Count, after.Count);
        Assert.Equal("2025-12-01", await world.Wiring.Redis.Database.HashGetAsync("atr:data:AAPL", "date"));
        Assert.Equal("2025-12-01", await world.Wiring.Redis.Database.StringGetAsync("maintenance:last_run"));
    }

    [Fact]
    public async Task An_older_session_revives_nobody_and_a_symbol_without_a_value_keeps_no_key()
    {
        await using var world = await World.StartAsync();
        Assert.True((await world.RunAsync()).Success);
        await world.ExecuteAsync("UPDATE ticker_universe SET is_active = false, delisted_on = '2025-11-20', last_seen = '2025-11-20' WHERE symbol = 'MSFT'");
        var database = world.Wiring.Redis.Database;
        await database.HashSetAsync("rvol:hist:avg:GONE", "0", "1");
        using var _ = await world.FaultAsync("""{"kind":"500","rate":1,"route":"tickers"}""");
        await world.RunAsync(World.Friday);
        Assert.False((await world.Wiring.Store.UniverseAsync(TestContext.Current.CancellationToken)).Single(e => e.Symbol.Text == "MSFT").IsActive);
        Assert.False(await database.SetContainsAsync("ticker:universe", "MSFT"));
        await world.RunAsync(force: true, tasks: [TaskNames.CalculateRvol]);
        Assert.False(await database.KeyExistsAsync("rvol:hist:avg:GONE"));
    }

    [Fact]
    public async Task A_backfill_of_the_past_leaves_redis_equal_to_the_store()
    {
        await using var world = await World.StartAsync();
        Assert.True((await world.RunAsync()).Success);
        var sessions = world.Wiring.Calendar.Sessions(new(2025, 9, 2), new(2025, 9, 5));
        var run = await world.Wiring.Runner.RunAsync(RunRequest.Backfill(sessions, "test", null, false), Silent.Observer, TestContext.Current.CancellationToken);
        Assert.True(run.Success, run.Failures());
        Assert.True((await world.Wiring.Verification.RunAsync(TestContext.Current.CancellationToken))["verified"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_restart_fills_an_empty_embedded_redis_from_the_store_without_the_provider()
    {
        await using var world = await World.StartAsync();
        Assert.True((await world.RunAsync()).Success);
        await world.RestartAsync();
        Assert.True(await world.Wiring.Redis.Database.KeyExistsAsync("rvol:hist:avg:AAPL"));
        Assert.Equal("1", await world.Wiring.Redis.Database.StringGetAsync("maintenance:executed:2025-12-01"));
        Assert.Empty(world.Wiring.Source.Usage.Calls);
    }

    private static Task<DataMaintenance.Cache.DerivedState?> PublishedAsync(World world, Family family) => world.Wiring.Cache.DerivedAsync(family, TestContext.Current.CancellationToken);
}
