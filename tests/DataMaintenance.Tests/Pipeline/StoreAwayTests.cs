using DataMaintenance.Pipeline;
using DataMaintenance.Store;

namespace DataMaintenance.Tests.Pipeline;

/// <summary>A database that is restarted while a night goes on, and runs whose end nobody saw.</summary>
public sealed class StoreAwayTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_stopped_at_the_start_of_any_task_and_back_after_three_seconds_does_not_fail_the_night()
    {
        await using var server = await PostgresServer.StartOwnAsync();
        await using var world = await World.StartAsync(60, ("Store:Kind", "Postgres"), ("Store:ConnectionString", server.ConnectionString));
        foreach (var task in new[] { TaskNames.LoadVolumeSlots, TaskNames.CalculateRvol, TaskNames.NotifyServices })
        {
            var restart = new RestartAt(task, async () =>
            {
                await server.StopAsync();
                await Task.Delay(TimeSpan.FromSeconds(3), Ct);
                await server.StartAgainAsync();
            });
            var run = await world.Wiring.Runner.RunAsync(new(World.Monday, Plan.Nightly, "test", Force: true), restart, Ct);
            await restart.Done;
            Assert.True(run.Success, run.Failures());
            Assert.True((await world.Wiring.Store.FindRunAsync(run.RunId, Ct))!.Success);
        }
    }

    [Fact]
    public async Task A_task_that_lost_the_store_is_begun_again_once_it_answers()
    {
        await using var world = await World.StartAsync(60);
        var task = new CutOnce();
        var absence = new StoreAbsence(world.Wiring.Store, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        await absence.RunAsync(task, new(1, World.Monday, null, false, Plan.Nightly.FinalDelay, new HashSet<string>(), world.Wiring.Clock.GetUtcNow(), Silent.Observer), Ct);
        Assert.Equal(2, task.Begun);
    }

    [Fact]
    public async Task A_run_without_an_end_is_closed_by_the_next_one_of_the_same_process_and_still_told_as_cut_off()
    {
        await using var world = await World.StartAsync(60);
        var store = world.Wiring.Store;
        var open = new RunRecord(0, World.Friday, "nightly", "schedule", true, [TaskNames.LoadOhlc], "here-1", store.Epoch, world.Wiring.Clock.GetUtcNow(), null, null);
        open = open with { Id = await store.StartRunAsync(open, Ct) };
        await store.SaveTaskRunAsync(new(open.Id, World.Friday, TaskNames.LoadOhlc, 1, "in_progress", open.StartedAt, null, new Dictionary<string, double>(), [], null), Ct);
        await world.RunAsync(World.Monday, false, TaskNames.LoadOhlc);

        var answer = (await new DataMaintenance.Api.Answers(store).RunAsync(open.Id, Ct))!;
        Assert.Equal(("cut_off", "failed", TaskRunRecord.CutOff),
            (answer["state"]!.GetValue<string>(), answer["tasks"]![0]!["state"]!.GetValue<string>(), answer["tasks"]![0]!["error"]!.GetValue<string>()));
        var status = (await StatusDocument.OfAsync(store, World.Friday, store.Epoch, Ct))!;
        Assert.Equal("failed", status.Json["tasks"]![TaskNames.LoadOhlc]!.GetValue<string>());
        Assert.Null(status.Json["completed_at"]);
    }

    private sealed class CutOnce : IMaintenanceTask
    {
        public int Begun { get; private set; }
        public string Name => "cut_once";
        public IReadOnlyList<string> After => [];

        public Task<TaskReport> RunAsync(RunContext run, CancellationToken ct) =>
            ++Begun == 1 ? throw new StoreUnreachableException("away") : Task.FromResult(new TaskReport());
    }

    /// <summary>Restarts something when a task begins, beside it.</summary>
    private sealed class RestartAt(string task, Func<Task> restart) : IRunObserver
    {
        public Task Done { get; private set; } = Task.CompletedTask;

        public void RunStarted(RunStarted run)
        {
        }

        public void TaskStarted(TaskStarted started)
        {
            if (started.Task == task) Done = Task.Run(restart, Ct);
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
}
