using DataMaintenance.Pipeline;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Tests.Pipeline;

/// <summary>What somebody deleted, the next run finds, heals and says.</summary>
public class HealingTests
{
    [Fact]
    public async Task A_day_of_slots_that_vanished_is_loaded_again()
    {
        await using var world = await World.StartAsync();
        Assert.True((await world.RunAsync()).Success);
        var before = await SlotsAsync(world);
        await world.ExecuteAsync("DELETE FROM volume_slots_raw WHERE date = '2025-11-26'");
        var run = await world.RunAsync();
        Assert.True(run.Success, run.Failures());
        Assert.Contains(run.Of(TaskNames.LoadVolumeSlots).Checks, c => c.Text.Contains("2025-11-26 was due", StringComparison.Ordinal));
        Assert.Equal(before, await SlotsAsync(world));
    }

    [Fact]
    public async Task A_session_that_was_told_to_be_over_when_it_had_hardly_begun_is_asked_for_again_whole()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var world = await World.StartAsync();
        Assert.True((await world.RunAsync()).Success);
        var before = await SlotsAsync(world);
        var session = new DateOnly(2025, 11, 26);
        var days = new List<SlotDay>();
        await foreach (var day in world.Wiring.Store.ReadSlotsAsync(session, null, ct)) days.Add(day with { Slots = [.. day.Slots.Take(days.Count % 2)] });
        await world.Wiring.Store.SaveSlotsAsync(session, days, new HashSet<Symbol>(), "massive:range", world.Wiring.Clock.GetUtcNow(), true, ct);
        Assert.NotEqual(before, await SlotsAsync(world));
        var run = await world.RunAsync();
        Assert.True(run.Success, run.Failures());
        Assert.Contains(run.Of(TaskNames.LoadVolumeSlots).Checks, c => c.Text.Contains("2025-11-26 was due", StringComparison.Ordinal));
        Assert.Equal(before, await SlotsAsync(world));
    }

    [Fact]
    public async Task Half_a_day_of_bars_that_vanished_is_loaded_again()
    {
        await using var world = await World.StartAsync();
        Assert.True((await world.RunAsync()).Success);
        var before = await world.Wiring.Store.CountAsync(Dataset.Daily, DateOnly.MinValue, DateOnly.MaxValue, TestContext.Current.CancellationToken);
        await world.ExecuteAsync("DELETE FROM market_data_daily_raw WHERE date = '2025-12-01' AND symbol > 'M'");
        var run = await world.RunAsync();
        Assert.True(run.Success, run.Failures());
        Assert.Contains(run.Of(TaskNames.LoadOhlc).Checks, c => c.Text.Contains("2025-12-01 was due", StringComparison.Ordinal));
        Assert.Equal(before, await world.Wiring.Store.CountAsync(Dataset.Daily, DateOnly.MinValue, DateOnly.MaxValue, TestContext.Current.CancellationToken));
        Assert.Equal(30, before.Count);
    }

    [Fact]
    public async Task A_lost_state_key_is_written_again_and_the_tasks_say_they_found_their_data_complete()
    {
        await using var world = await World.StartAsync();
        Assert.True((await world.RunAsync()).Success);
        await world.Wiring.Redis.Database.KeyDeleteAsync("maintenance:executed:2025-12-01");
        var run = await world.RunAsync();
        Assert.True(run.Success, run.Failures());
        Assert.Equal("1", await world.Wiring.Redis.Database.StringGetAsync("maintenance:executed:2025-12-01"));
        Assert.Equal(TaskState.Skipped, run.Of(TaskNames.LoadVolumeSlots).State);
    }

    private static async Task<long> SlotsAsync(World world) =>
        (await world.Wiring.Store.CountAsync(Dataset.Slots, DateOnly.MinValue, DateOnly.MaxValue, TestContext.Current.CancellationToken)).Values.Sum();
}
