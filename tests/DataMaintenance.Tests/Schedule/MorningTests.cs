using DataMaintenance.Pipeline;
using DataMaintenance.Store;

namespace DataMaintenance.Tests.Schedule;

/// <summary>What people find in the morning after an evening or a night that went otherwise.</summary>
public sealed class MorningTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_night_that_failed_for_its_whole_window_is_made_good_at_the_next_full_hour()
    {
        await using var world = await ScheduledWorld.StartAsync("2025-12-02T12:10:00Z");
        await world.SettleAsync();
        world.Market.Down = true;
        world.At("2025-12-03T08:00:00Z");
        for (var next = await world.SettleAsync(); next < DateTimeOffset.Parse("2025-12-03T08:30:00Z"); next = await world.SettleAsync()) world.Clock.SetUtcNow(next);
        world.Market.Down = false;
        world.At("2025-12-03T09:00:00Z");
        await world.SettleAsync();
        var recovered = (await world.RunsAsync()).Last(r => r.Full);
        Assert.True(recovered is { Success: true, Trigger: "recovery" } && recovered.Date == new DateOnly(2025, 12, 2));
    }

    [Fact]
    public async Task A_run_by_hand_on_the_evening_before_does_not_take_the_morning_its_announcement()
    {
        await using var world = await ScheduledWorld.StartAsync("2025-12-02T12:10:00Z");
        await world.SettleAsync();
        world.At("2025-12-03T01:30:00Z");
        await ByHandAsync(world);
        world.At("2025-12-03T08:00:00Z");
        await world.SettleAsync();
        var night = await world.LastRunAsync();
        Assert.Equal(("schedule", "completed"), (night.Trigger, await ClearedAsync(world, night)));
        world.At("2025-12-03T08:10:00Z");
        await ByHandAsync(world);
        Assert.Equal("skipped", await ClearedAsync(world, await world.LastRunAsync()));
    }

    private static Task<RunResult> ByHandAsync(ScheduledWorld world) => world.Wiring.Runner.RunAsync(new(new(2025, 12, 2), Plan.Nightly, "cli"), Silent.Observer, Ct);

    private static async Task<string> ClearedAsync(ScheduledWorld world, RunRecord run) => (await world.Store.TaskRunsAsync(run.Id, Ct)).Single(t => t.Task == TaskNames.ClearCaches).State;
}
