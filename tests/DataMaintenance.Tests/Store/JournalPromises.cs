using DataMaintenance.Store;

namespace DataMaintenance.Tests.Store;

public sealed class DuckDbJournalTests() : JournalPromises(new DuckDbTestStore());

public abstract class JournalPromises(TestStore database) : StorePromises(database)
{
    private RunRecord Run(DateOnly date) => new(0, date, "nightly", "schedule", true, ["load_ohlc", "calculate_atr"], "host:1", Store.Epoch, Night, null, null);

    private static TaskRunRecord Task(long run, DateOnly date, string state, double rows, int attempt = 1) =>
        new(run, date, "load_ohlc", attempt, state, Night, Night.AddSeconds(2), new Dictionary<string, double> { ["rows"] = rows, ["share"] = 0.25 }, ["ok rows ≥ 1"], null);

    [Fact]
    public async Task Runs_are_numbered_from_one_and_come_newest_first()
    {
        Assert.Equal(1, await Store.StartRunAsync(Run(Monday), Ct));
        Assert.Equal(2, await Store.StartRunAsync(Run(Tuesday), Ct));
        await Database.ReopenAsync();
        Assert.Equal(3, await Store.StartRunAsync(Run(Tuesday), Ct));
        Assert.Equal([3, 2], (await Store.RunsAsync(2, Ct)).Select(r => r.Id));
        Assert.Equal([3, 2], (await Store.RunsOfAsync(Tuesday, Ct)).Select(r => r.Id));
        Assert.Null(await Store.FindRunAsync(4, Ct));
    }

    [Fact]
    public async Task A_run_whose_process_died_stays_without_an_end()
    {
        var started = Run(Monday);
        var died = await Store.StartRunAsync(started, Ct);
        await Database.ReopenAsync();
        var ended = await Store.StartRunAsync(started, Ct);
        await Store.EndRunAsync(ended, Night.AddMinutes(1), true, Ct);
        var run = await Store.FindRunAsync(died, Ct);
        Assert.Equal((null, null), (run!.EndedAt, run.Success));
        Assert.Equal(started.Tasks, run.Tasks);
        Assert.Equal(started with { Id = died, Tasks = run.Tasks }, run);
        Assert.Equal((Night.AddMinutes(1), true), ((await Store.FindRunAsync(ended, Ct))!.EndedAt, (await Store.FindRunAsync(ended, Ct))!.Success));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.EndRunAsync(99, Night, true, Ct));
    }

    [Fact]
    public async Task A_later_leader_closes_what_was_cut_off_as_failed_and_it_stays_without_a_known_end()
    {
        var died = await Store.StartRunAsync(Run(Monday), Ct);
        await Store.SaveTaskRunAsync(Task(died, Monday, "in_progress", 0) with { EndedAt = null }, Ct);
        var ended = await Store.StartRunAsync(Run(Monday), Ct);
        await Store.EndRunAsync(ended, Night.AddMinutes(1), true, Ct);
        await Database.ReopenAsync();
        Assert.True((await Store.FindRunAsync(died, Ct))!.IsCutOff(Store.Epoch));
        Assert.Equal([died], await Store.CloseCutOffRunsAsync(Night.AddHours(1), Ct));
        Assert.Empty(await Store.CloseCutOffRunsAsync(Night.AddHours(2), Ct));
        var run = (await Store.FindRunAsync(died, Ct))!;
        Assert.Equal((null, false, true), (run.EndedAt, run.Success, run.IsCutOff(run.Epoch)));
        var task = Assert.Single(await Store.TaskRunsAsync(died, Ct));
        Assert.Equal(("failed", null, TaskRunRecord.CutOff), (task.State, task.EndedAt, task.Error));
        Assert.False((await Store.FindRunAsync(ended, Ct))!.IsCutOff(Store.Epoch));
        await Store.ContinueRunAsync(died, "host:2", Ct);
        Assert.True((await Store.FindRunAsync(died, Ct))!.IsInProgress(Store.Epoch));
    }

    [Fact]
    public async Task An_attempt_is_one_row_from_its_start_to_its_end()
    {
        var run = await Store.StartRunAsync(Run(Monday), Ct);
        var task = Task(run, Monday, "completed", 11_689);
        await Store.SaveTaskRunAsync(task with { State = "in_progress", EndedAt = null, Counts = new Dictionary<string, double>() }, Ct);
        await Store.SaveTaskRunAsync(task, Ct);
        await Store.SaveTaskRunAsync(task with { Attempt = 2, State = "failed", Error = "short: \"MSFT\"", StartedAt = Night.AddMinutes(1) }, Ct);
        var rows = await Store.TaskRunsAsync(run, Ct);
        Assert.Equal(["completed 1", "failed 2"], rows.Select(t => $"{t.State} {t.Attempt}"));
        Assert.Equal(task.Counts, rows[0].Counts);
        Assert.Equal(task.Checks, rows[0].Checks);
        Assert.Equal("short: \"MSFT\"", rows[1].Error);
    }

    [Fact]
    public async Task Counts_are_learned_from_the_newest_successful_attempt_of_each_earlier_session()
    {
        for (var day = 0; day < 5; day++)
        {
            var run = await Store.StartRunAsync(Run(Monday.AddDays(day)), Ct);
            await Store.SaveTaskRunAsync(Task(run, Monday.AddDays(day), "completed", 100 + day), Ct);
        }

        var again = await Store.StartRunAsync(Run(Monday.AddDays(2)), Ct);
        await Store.SaveTaskRunAsync(Task(again, Monday.AddDays(2), "failed", 14), Ct);
        await Store.SaveTaskRunAsync(Task(again, Monday.AddDays(2), "completed", 202.4, attempt: 2), Ct);
        Assert.Equal([(Monday.AddDays(3), 103), (Monday.AddDays(2), 202), (Monday.AddDays(1), 101)], await Store.LearnedCountsAsync("load_ohlc", "rows", Monday.AddDays(4), 3, Ct));
        Assert.Empty(await Store.LearnedCountsAsync("load_ohlc", "symbols", Monday.AddDays(9), 3, Ct));
        Assert.Empty(await Store.LearnedCountsAsync("calculate_atr", "rows", Monday.AddDays(9), 3, Ct));
    }

    [Fact]
    public async Task Events_come_newest_first_by_kind_and_carry_the_epoch_they_were_written_under()
    {
        MaintenanceEvent Happened(string kind, string subject, DateOnly? date) => new(kind, subject, date, "one line", Night, "here-1");
        await Store.RecordEventAsync(Happened("paused", "service", null), Ct);
        await Store.RecordEventAsync(Happened("redis_rebuilt", "rvol", Monday), Ct);
        await Store.RecordEventAsync(Happened("resumed", "service", null), Ct);
        Assert.Equal(["resumed", "redis_rebuilt"], (await Store.EventsAsync(null, 2, Ct)).Select(e => e.Kind));
        Assert.Equal([Happened("redis_rebuilt", "rvol", Monday) with { Epoch = Store.Epoch, Id = 2 }], await Store.EventsAsync("redis_rebuilt", 10, Ct));
    }
}
