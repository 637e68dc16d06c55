using DataMaintenance.Pipeline;
using DataMaintenance.Store;

namespace DataMaintenance.Tests.Schedule;

public sealed class SchedulerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_empty_store_has_the_past_week_filled_in_one_go_and_run_oldest_first_and_then_only_what_is_due()
    {
        await using var world = await ScheduledWorld.StartAsync("2025-12-02T12:10:00Z");
        var next = await world.SettleAsync();
        Assert.Equal(DateTimeOffset.Parse("2025-12-02T13:00:00Z"), next);
        var runs = await world.RunsAsync();
        Assert.Equal(("recovery", false, new DateOnly(2025, 12, 1)), (runs[0].Trigger, runs[0].Full, runs[0].Date));
        Assert.Equal(world.Wiring.Calendar.LastSessions(7, new(2025, 12, 1)), runs.Skip(1).Select(r => r.Date));
        Assert.All(runs.Skip(1), r => Assert.True(r is { Full: true, Success: true, Trigger: "recovery", Plan: "nightly" }));
        Assert.All(world.Market.Asked.Where(a => a.Key > new DateOnly(2025, 10, 25)), a => Assert.Equal(1, a.Value));
        Assert.Equal("2025-12-01", await world.Wiring.Redis.Database.StringGetAsync("maintenance:last_run"));

        // A restart runs nothing.
        await world.CrashAsync();
        await world.SettleAsync();
        Assert.Equal(runs.Count, (await world.RunsAsync()).Count);

        // The next night does, once.
        world.At("2025-12-03T08:00:00Z");
        await world.SettleAsync();
        await world.SettleAsync();
        var night = Assert.Single((await world.RunsAsync()).Skip(runs.Count), r => r.Trigger == "schedule");
        Assert.True(night is { Success: true, Plan: "nightly" } && night.Date == new DateOnly(2025, 12, 2));
    }

    [Fact]
    public async Task Failed_tasks_are_tried_again_as_further_attempts_of_the_same_run_and_after_the_window_by_recovery()
    {
        await using var world = await ScheduledWorld.StartAsync("2025-12-02T12:10:00Z");
        await world.SettleAsync();
        world.Market.Down = true;
        world.At("2025-12-03T08:00:00Z");
        var retry = await world.SettleAsync();
        Assert.Equal(DateTimeOffset.Parse("2025-12-03T08:01:00Z"), retry);
        var failed = await world.LastRunAsync();
        Assert.True(failed is { Success: false, Full: true });

        world.Market.Down = false;
        world.Clock.SetUtcNow(retry);
        await world.SettleAsync();
        var healed = await world.LastRunAsync();
        Assert.Equal((failed.Id, (bool?)true), (healed.Id, healed.Success));
        var attempts = await world.Store.TaskRunsAsync(healed.Id, Ct);
        Assert.Equal([1, 2], attempts.Where(t => t.Task == TaskNames.LoadOhlc).Select(t => t.Attempt));
        Assert.Equal([1], attempts.Where(t => t.Task == TaskNames.ClearCaches).Select(t => t.Attempt));
        Assert.Equal("1", await world.Wiring.Redis.Database.StringGetAsync("maintenance:executed:2025-12-02"));

        // A longer outage: six attempts inside the window, then once an hour, ever more rarely.
        world.Market.Down = true;
        world.At("2025-12-04T08:00:00Z");
        for (var next = await world.SettleAsync(); next < DateTimeOffset.Parse("2025-12-04T08:30:00Z"); next = await world.SettleAsync()) world.Clock.SetUtcNow(next);
        var night = await world.LastRunAsync();
        Assert.Equal(6, (await world.Store.TaskRunsAsync(night.Id, Ct)).Where(t => t.Task == TaskNames.LoadOhlc).Max(t => t.Attempt));
        var started = new List<string>();
        for (var hour = 9; hour <= 13; hour++)
        {
            world.At($"2025-12-04T{hour:00}:30:00Z");
            await world.SettleAsync();
            var full = (await world.RunsAsync()).Last(r => r.Full);
            if (full.Id != night.Id) started.Add($"{hour}");
            night = full;
        }

        Assert.True(started.SequenceEqual(["9", "11"]), string.Join(" | ", (await world.RunsAsync()).TakeLast(8).Select(r => $"{r.Id} {r.Date:O} {r.Plan} {r.Trigger} {r.Full} {r.StartedAt:u} {r.EndedAt:u} {r.Success}")));
        world.Market.Down = false;
        world.At("2025-12-04T21:10:00Z");
        await world.SettleAsync();
        var recovered = (await world.RunsAsync()).Last(r => r.Full);
        Assert.True(recovered is { Success: true, Trigger: "recovery" });
        Assert.Equal(new DateOnly(2025, 12, 3), recovered.Date);
    }

    [Fact]
    public async Task A_missed_hour_is_caught_up_inside_its_window_and_recovered_after_it_during_market_hours_only_yesterdays()
    {
        await using var world = await ScheduledWorld.StartAsync("2025-12-01T12:10:00Z");
        await world.SettleAsync();
        world.At("2025-12-02T08:25:00Z");
        await world.SettleAsync();
        Assert.Equal(("schedule", new DateOnly(2025, 12, 1)), ((await world.LastRunAsync()).Trigger, (await world.LastRunAsync()).Date));

        // Asleep over Tuesday's and Wednesday's sessions until Thursday noon, when the market is open.
        var before = (await world.RunsAsync()).Count;
        world.At("2025-12-04T17:30:00Z");
        await world.SettleAsync();
        var runs = (await world.RunsAsync()).Skip(before).ToArray();
        Assert.Equal([new(2025, 12, 3)], runs.Where(r => r.Full).Select(r => r.Date));
        world.At("2025-12-04T21:00:00Z");
        await world.SettleAsync();
        Assert.Equal(new DateOnly(2025, 12, 2), (await world.LastRunAsync()).Date);
        Assert.Equal("2025-12-03", await world.Wiring.Redis.Database.StringGetAsync("maintenance:last_run"));
        // A clock set back by a day starts nothing.
        var count = (await world.RunsAsync()).Count;
        world.Clock.AdjustTime(DateTimeOffset.Parse("2025-12-03T21:00:00Z"));
        await world.SettleAsync();
        Assert.Equal(count, (await world.RunsAsync()).Count);
    }

    [Fact]
    public async Task When_the_market_opens_while_sessions_are_recovered_the_older_ones_wait_for_its_close()
    {
        await using var world = await ScheduledWorld.StartAsync("2025-12-04T14:10:00Z");
        world.Market.MeanwhileOnce = () => world.At("2025-12-04T14:40:00Z");
        await world.SettleAsync();
        Assert.Equal([new(2025, 12, 3)], (await world.RunsAsync()).Where(r => r.Full).Select(r => r.Date));
        world.At("2025-12-04T20:59:00Z");
        await world.SettleAsync();
        Assert.Single((await world.RunsAsync()).Where(r => r.Full).ToArray());
        world.At("2025-12-04T21:00:00Z");
        await world.SettleAsync();
        Assert.Equal(["2025-12-03", "2025-11-24", "2025-11-25", "2025-11-26", "2025-11-28", "2025-12-01", "2025-12-02"], (await world.RunsAsync()).Where(r => r.Full).Select(r => $"{r.Date:yyyy-MM-dd}"));
    }

    [Fact]
    public async Task What_the_provider_does_not_have_yet_is_asked_for_by_plan_not_every_hour()
    {
        await using var world = await ScheduledWorld.StartAsync("2025-12-02T12:10:00Z");
        await world.SettleAsync();
        var session = new DateOnly(2025, 12, 2);
        world.Market.Late[session] = DateTimeOffset.Parse("2025-12-03T16:00:00Z");
        world.At("2025-12-03T08:00:00Z");
        for (var next = await world.SettleAsync(); next < DateTimeOffset.Parse("2025-12-03T08:30:00Z"); next = await world.SettleAsync()) world.Clock.SetUtcNow(next);
        var count = (await world.RunsAsync()).Count(r => r.Full);
        for (var hour = 9; hour <= 15; hour++)
        {
            world.At($"2025-12-03T{hour:00}:10:00Z");
            await world.SettleAsync();
        }

        Assert.Equal(count, (await world.RunsAsync()).Count(r => r.Full));
        world.At("2025-12-03T16:30:00Z");
        await world.SettleAsync();
        Assert.Equal(("reconcile", (bool?)true), ((await world.LastRunAsync()).Plan, (await world.LastRunAsync()).Success));
        world.At("2025-12-03T17:00:00Z");
        await world.SettleAsync();
        Assert.True(await world.LastRunAsync() is { Success: true, Trigger: "recovery" } run && run.Date == session);
    }

    [Fact]
    public async Task A_key_that_people_delete_forces_a_look_which_finds_all_complete_and_restores_it()
    {
        await using var world = await ScheduledWorld.StartAsync("2025-12-02T12:10:00Z");
        await world.SettleAsync();
        var redis = world.Wiring.Redis.Database;
        await redis.KeyDeleteAsync("maintenance:executed:2025-11-26");
        world.At("2025-12-02T13:00:00Z");
        await world.SettleAsync();
        var run = await world.LastRunAsync();
        Assert.Equal((new(2025, 11, 26), (bool?)true), (run.Date, run.Success));
        Assert.Equal("skipped", (await world.Store.TaskRunsAsync(run.Id, Ct)).Single(t => t.Task == TaskNames.LoadVolumeSlots).State);
        Assert.Equal("1", await redis.StringGetAsync("maintenance:executed:2025-11-26"));
        Assert.Equal("2025-12-01", await redis.StringGetAsync("maintenance:last_run"));
    }

    [Fact]
    public async Task While_redis_has_lost_everything_sessions_are_judged_by_the_journal_and_no_complete_one_is_run_again()
    {
        await using var world = await ScheduledWorld.StartAsync("2025-12-02T12:10:00Z");
        await world.SettleAsync();
        var runs = await world.RunsAsync();
        var redis = world.Wiring.Redis.Database;
        await redis.ExecuteAsync("FLUSHALL");
        // The hourly look comes before the watch has looked.
        world.At("2025-12-02T13:00:00Z");
        await world.SettleAsync();
        Assert.Equal(runs.Select(r => r.Id), (await world.RunsAsync()).Select(r => r.Id));
        Assert.False(await redis.KeyExistsAsync("maintenance:executed:2025-12-01"));
        Assert.Contains(await world.Wiring.RedisWatch.LookAsync(Ct), text => text.StartsWith("rvol", StringComparison.Ordinal));
        Assert.Equal(("1", "2025-12-01"), ((string?)await redis.StringGetAsync("maintenance:executed:2025-12-01"), (string?)await redis.StringGetAsync("maintenance:last_run")));
        await redis.KeyDeleteAsync("maintenance:executed:2025-11-26");
        world.At("2025-12-02T14:00:00Z");
        await world.SettleAsync();
        Assert.Equal(new DateOnly(2025, 11, 26), (await world.LastRunAsync()).Date);
    }

    [Fact]
    public async Task A_run_cut_off_by_the_death_of_the_process_is_run_again_at_once_and_asks_for_nothing_twice()
    {
        await using var world = await ScheduledWorld.StartAsync("2025-12-02T12:10:00Z");
        await world.SettleAsync();
        world.At("2025-12-03T08:00:00Z");
        var dead = world.Market.StickAtSlots();
        _ = world.StepAsync();
        await dead;
        await world.CrashAsync();
        await world.SettleAsync();
        var runs = (await world.RunsAsync()).Where(r => r.Date == new DateOnly(2025, 12, 2)).ToArray();
        Assert.Equal([false, true], runs.Select(r => r.Success));
        Assert.Equal(1, world.Market.Asked[new(2025, 12, 2)]);
    }

    [Fact]
    public async Task While_paused_nothing_starts_by_itself_and_a_pause_outlives_the_process()
    {
        await using var world = await ScheduledWorld.StartAsync("2025-12-01T12:10:00Z");
        await world.Wiring.Pause.BeginAsync("anna", "moving the database: until noon", Ct);
        await world.StepAsync();
        await world.CrashAsync();
        world.At("2025-12-02T08:00:00Z");
        await world.StepAsync();
        Assert.Empty(await world.RunsAsync());
        var pause = await world.Wiring.Pause.FindAsync(Ct);
        Assert.Equal(("anna", "moving the database: until noon", DateTimeOffset.Parse("2025-12-01T12:10:00Z")), (pause!.By, pause.Why, pause.Since));
        Assert.True(await world.Wiring.Pause.EndAsync("anna", "moved", Ct));
        Assert.False(await world.Wiring.Pause.EndAsync("anna", "moved", Ct));
        await world.SettleAsync();
        Assert.Equal(new DateOnly(2025, 12, 1), (await world.LastRunAsync()).Date);
    }

    [Fact]
    public async Task After_the_close_the_day_is_provisional_and_caches_are_cleared_in_the_morning_for_the_day_that_begins()
    {
        await using var world = await ScheduledWorld.StartAsync("2025-12-02T12:10:00Z", null, ("Plans:Schedule", "MarketClose"));
        await world.SettleAsync();
        world.At("2025-12-02T22:00:00Z");
        await world.SettleAsync();
        var close = await world.LastRunAsync();
        Assert.True(close is { Plan: "after_close", Success: true, Trigger: "schedule" } && close.Date == new DateOnly(2025, 12, 2));
        Assert.False((await world.Store.DayCoverageAsync(Dataset.Daily, close.Date, close.Date, Ct)).Single().Final);

        var announced = new TaskCompletionSource<string>();
        await world.Wiring.Redis.Subscriber.SubscribeAsync(StackExchange.Redis.RedisChannel.Literal("trading:new_day"), (_, message) => announced.TrySetResult(message!));
        world.At("2025-12-03T08:00:00Z");
        await world.SettleAsync();
        var clear = await world.LastRunAsync();
        Assert.True(clear is { Plan: "cache_clear", Success: true } && clear.Date == new DateOnly(2025, 12, 3));
        Assert.Contains("\"date\":\"2025-12-03\"", await announced.Task.WaitAsync(Ct), StringComparison.Ordinal);
        Assert.False(await world.Wiring.Redis.Database.KeyExistsAsync("maintenance:status:2025-12-03"));

        world.At("2025-12-03T16:30:00Z");
        await world.SettleAsync();
        Assert.True((await world.Store.DayCoverageAsync(Dataset.Daily, close.Date, close.Date, Ct)).Single().Final);
    }

    [Fact]
    public async Task A_reconciliation_that_was_missed_is_made_good_once_nothing_else_is_due_and_only_the_newest()
    {
        await using var world = await ScheduledWorld.StartAsync("2025-12-02T12:10:00Z");
        await world.SettleAsync();
        // Asleep over two noons: the night comes first, the reconciliation at the next look back.
        world.At("2025-12-04T10:00:00Z");
        await world.SettleAsync();
        Assert.DoesNotContain(await world.RunsAsync(), r => r.Plan == "reconcile");
        world.At("2025-12-04T11:00:00Z");
        await world.SettleAsync();
        var made = Assert.Single(await world.RunsAsync(), r => r.Plan == "reconcile");
        Assert.Equal((new(2025, 12, 2), "recovery", (bool?)true), (made.Date, made.Trigger, made.Success));
        world.At("2025-12-04T12:00:00Z");
        await world.SettleAsync();
        Assert.Single(await world.RunsAsync(), r => r.Plan == "reconcile");

        // Its own hour comes, and the provider is down until after the window: tried again an hour later.
        world.Market.Down = true;
        world.At("2025-12-04T16:30:00Z");
        for (var next = await world.SettleAsync(); next < DateTimeOffset.Parse("2025-12-04T17:00:00Z"); next = await world.SettleAsync()) world.Clock.SetUtcNow(next);
        world.Market.Down = false;
        world.At("2025-12-04T17:00:00Z");
        await world.SettleAsync();
        Assert.False((await world.RunsAsync()).Last(r => r.Plan == "reconcile").Success);
        world.At("2025-12-04T18:10:00Z");
        await world.SettleAsync();
        Assert.True((await world.RunsAsync()).Last(r => r.Plan == "reconcile") is { Success: true, Trigger: "recovery" } again && again.Date == new DateOnly(2025, 12, 3));
    }
}
