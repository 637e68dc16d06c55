using System.Diagnostics;
using DataMaintenance.Cache;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline;

/// <summary>
/// Runs the tasks of a plan over one session, side by side where they do not need each other, leaves a row for every attempt,
/// and writes the state document after every task. One run at a time.
/// </summary>
public sealed partial class Runner(
    IReadOnlyList<IMaintenanceTask> tasks, IStore store, RunState state, Events events, IReadOnlyList<IRunObserver> watchers,
    TradingCalendar calendar, TimeProvider clock, string instance, ILogger<Runner> logger)
{
    private readonly Lock gate = new();
    private readonly StoreAbsence absence = new(store, logger);
    private int running;
    private volatile bool ended;
    private Stop? stop;

    /// <summary>How long the end of a run takes at most, once it is in the journal.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    /// <summary>The run in progress; null between runs.</summary>
    public RunStarted? Current { get; private set; }

    /// <exception cref="RunInProgressException">Another run has not ended.</exception>
    /// <exception cref="OperationCanceledException">Stopped at a safe point; what was done is recorded and the next run goes on from it.</exception>
    public Task<RunResult> RunAsync(RunRequest request, IRunObserver observer, CancellationToken ct) => AloneAsync(request, observer, async (watcher, stopping) =>
    {
        var selected = Selected(request);
        var record = new RunRecord(0, request.Session, request.Plan.Name, request.Trigger, request.Tasks is null && request.Plan.WritesState,
            [.. selected.Select(t => t.Name)], instance, store.Epoch, clock.GetUtcNow(), null, null);
        record = record with { Id = await store.StartRunAsync(record, ct) };
        return await RunTasksAsync(request, record, selected, [], watcher, stopping);
    }, ct);

    /// <summary>Goes on with a run that ended failed: its failed tasks, and those that wait for them, once more as their next attempt.</summary>
    /// <param name="request">What the run was asked for.</param>
    /// <exception cref="RunInProgressException">Another run has not ended.</exception>
    /// <exception cref="OperationCanceledException">Stopped at a safe point.</exception>
    public Task<RunResult> ContinueAsync(long runId, RunRequest request, IRunObserver observer, CancellationToken ct) => AloneAsync(request, observer, async (watcher, stopping) =>
    {
        var selected = Selected(request);
        var earlier = (await store.TaskRunsAsync(runId, ct)).GroupBy(t => t.Task).ToDictionary(t => t.Key, t => t.MaxBy(r => r.Attempt)!);
        await store.ContinueRunAsync(runId, instance, ct);
        var record = (await store.FindRunAsync(runId, ct))!;
        return await RunTasksAsync(request, record, selected, earlier, watcher, stopping);
    }, ct);

    private async Task<RunResult> AloneAsync(RunRequest request, IRunObserver observer, Func<IRunObserver, CancellationTokenSource, Task<RunResult>> run, CancellationToken ct)
    {
        // Whoever saw the end of a run in the journal may ask for the next one, while its last documents are being written.
        for (var asked = Stopwatch.GetTimestamp(); Interlocked.Exchange(ref running, 1) == 1; await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, ct))
            if (!ended || Stopwatch.GetElapsedTime(asked) > LastWords) throw new RunInProgressException(Current?.RunId);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            await CloseCutOffAsync(ct);
            await store.SetAdjustmentDayAsync(calendar.AboutToOpen(clock.GetUtcNow()), ct);
            var result = await run(new ProgressEvents(events, new Watchers([observer, .. watchers])), stopping);
            ct.ThrowIfCancellationRequested();
            return result;
        }
        finally
        {
            lock (gate) stop = null;
            (Current, ended) = (null, false);
            Interlocked.Exchange(ref running, 0);
        }
    }

    /// <summary>Closes in the journal the runs whose end nobody saw: their process died, or the store was away for longer than the end of a run waits for it.</summary>
    public async Task CloseCutOffAsync(CancellationToken ct)
    {
        var closed = await store.CloseCutOffRunsAsync(clock.GetUtcNow(), ct);
        if (closed.Count > 0) CutOffClosed(string.Join(", ", closed));
    }

    /// <summary>Stops a run at its next safe point: what is committed stays, the tasks that were going on fail with that reason, those that had not begun stay pending.
    /// The journal keeps an event <c>run_cancelled</c> whose subject is the run's id.</summary>
    /// <param name="reason">For people, one line.</param>
    /// <returns>False when that run is not going on.</returns>
    public async Task<bool> CancelAsync(long runId, string reason, CancellationToken ct)
    {
        if (Current is not { } run || run.RunId != runId) return false;
        var subject = runId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await store.RecordEventAsync(new(CancelledEvent, subject, run.Session, reason, clock.GetUtcNow(), instance), ct);
        lock (gate)
        {
            if (stop?.RunId != runId) return false;
            // Not awaited under the lock: whoever listens is told on threads of their own.
            _ = stop.Source.CancelAsync();
            return true;
        }
    }

    public const string CancelledEvent = "run_cancelled";

    /// <param name="earlier">The newest attempts of a run that is continued, by task; what succeeded stands, unless it waits for a task that did not.</param>
    private async Task<RunResult> RunTasksAsync(
        RunRequest request, RunRecord record, IMaintenanceTask[] selected, Dictionary<string, TaskRunRecord> earlier, IRunObserver observer, CancellationTokenSource stopping)
    {
        var ct = stopping.Token;
        lock (gate) stop = new(record.Id, stopping);
        Current = new(record.Id, request.Session, request.Plan.Name, request.Trigger, record.Tasks, record.StartedAt);
        using var span = Traces.Start("run");
        span?.SetTag("run.id", record.Id).SetTag("run.date", StatusDocument.Day(request.Session)).SetTag("run.plan", request.Plan.Name).SetTag("run.trigger", request.Trigger);
        CycleStarted(request.Session, request.Plan.Name, request.Trigger, record.Id);
        observer.RunStarted(Current);
        await state.WriteAsync(request.Session, ct);
        var context = new RunContext(record.Id, request.Session, request.Range, request.Force, request.Plan.FinalDelay,
            request.Tasks is null ? new HashSet<string>() : selected.Select(t => t.Name).ToHashSet(), record.StartedAt, observer)
        { Shared = new(store) };
        foreach (var task in selected) context.Ends[task.Name] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = new Dictionary<string, Task<TaskResult>>(StringComparer.Ordinal);
        foreach (var task in Ordered(selected))
        {
            var before = task.After.Where(running.ContainsKey).Select(name => running[name]).ToArray();
            if (before.Length == 0 && earlier.GetValueOrDefault(task.Name) is { } row && TaskStates.Parse(row.State).IsSuccess()) context.End(task.Name, TaskStates.Parse(row.State));
            else
            {
                task.Prepare(context, ct);
                running[task.Name] = RunTaskAsync(task, earlier.GetValueOrDefault(task.Name)?.Attempt + 1 ?? 1, before, context, ct);
            }
        }

        var results = (await Task.WhenAll(running.Values)).ToDictionary(r => r.Task);
        await context.SettleAsync();
        var result = new RunResult(record.Id, request.Session, request.Plan.Name, request.Trigger, record.StartedAt, clock.GetUtcNow(),
            [.. selected.Select(t => results.GetValueOrDefault(t.Name) ?? Standing(earlier[t.Name]))])
        { Cancelled = ct.IsCancellationRequested };
        ended = true;
        await absence.WriteAsync(() => store.EndRunAsync(record.Id, result.EndedAt, result.Success, CancellationToken.None), ct);
        await state.WriteAsync(request.Session, CancellationToken.None);
        if (record.Full) await state.EndedAsync(request.Session, result.Success, CancellationToken.None);
        CycleFinished(request.Session, Math.Round(result.Duration.TotalSeconds, 2), $"{result.Duration.TotalMinutes:0.0}m",
            result.Tasks.Count(t => t.State.IsSuccess()), result.Tasks.Count(t => t.State == TaskState.Failed), result.Tasks.Count, result.Success);
        observer.RunEnded(result);
        return result;
    }

    /// <summary>What a task of a continued run reached in an earlier attempt.</summary>
    private static TaskResult Standing(TaskRunRecord row) =>
        new(row.Task, TaskStates.Parse(row.State), row.Attempt, row.StartedAt, row.EndedAt ?? row.StartedAt, row.Counts, [], row.Error);

    /// <summary>A task that the run's stop came before leaves no row: it stays pending.</summary>
    private static TaskResult NotBegun(string task, int attempt, RunContext run, DateTimeOffset now)
    {
        run.End(task, TaskState.Pending);
        return new(task, TaskState.Pending, attempt, now, now, new Dictionary<string, double>(), [], "not begun when the run was stopped");
    }

    private async Task<TaskResult> RunTaskAsync(IMaintenanceTask task, int attempt, Task<TaskResult>[] before, RunContext run, CancellationToken ct)
    {
        await Task.WhenAll(before);
        // Off the caller's thread, so that one task's computing does not hold up the start of the next.
        await Task.Yield();
        var startedAt = clock.GetUtcNow();
        if (ct.IsCancellationRequested) return NotBegun(task.Name, attempt, run, startedAt);
        using var span = Traces.Start($"task {task.Name}");
        var row = new TaskRunRecord(run.RunId, run.Session, task.Name, attempt, TaskState.InProgress.Text(), startedAt, null, new Dictionary<string, double>(), [], null);
        TaskReport? report = null;
        string? error = null;
        var unreachable = false;
        try
        {
            await store.SaveTaskRunAsync(row, ct);
            TaskIsStarted(task.Name, run.Session);
            run.Observer.TaskStarted(new(run.RunId, run.Session, task.Name, row.Attempt, startedAt));
            await state.WriteAsync(run.Session, ct);
            report = await absence.RunAsync(task, run, ct);
            error = report.Error;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            error = StoppedError;
        }
        catch (Exception e)
        {
            TaskThrew(e, task.Name, run.Session);
            error = e.Message;
            unreachable = Unreachable.Is(e);
        }

        var result = new TaskResult(task.Name, error is null ? report!.State : TaskState.Failed, row.Attempt, startedAt, clock.GetUtcNow(),
            report?.Counts ?? row.Counts, report?.Checks ?? [], error)
        { Unreachable = error is not null && (unreachable || report?.Unreachable == true) };
        var ended = row with
        {
            State = result.State.Text(),
            EndedAt = result.EndedAt,
            Counts = result.Counts,
            Checks = [.. result.Checks.Select(c => c.ToString())],
            Error = error,
        };
        await absence.WriteAsync(() => store.SaveTaskRunAsync(ended, CancellationToken.None), ct);
        run.End(task.Name, result.State);
        if (error is null) TaskIsCompleted(task.Name, Math.Round(result.Duration.TotalSeconds, 2), (long)result.Counts.GetValueOrDefault("symbols"), (long)result.Counts.GetValueOrDefault("rows"), result.State.Text());
        else TaskIsFailed(task.Name, error);
        if (error is not null) span.Failed(error);
        run.Observer.TaskEnded(new(run.RunId, run.Session, result));
        await state.WriteAsync(run.Session, CancellationToken.None);
        return result;
    }

    /// <summary>What a task that did not get to its end says.</summary>
    public const string StoppedError = "stopped before it ended; the next run goes on from what is committed";

    private sealed record Stop(long RunId, CancellationTokenSource Source);

    private IMaintenanceTask[] Selected(RunRequest request) => [.. request.TaskNames.Select(Pipeline.TaskNames.Get).Distinct().Select(Find)];

    private IMaintenanceTask Find(string name) => tasks.First(t => t.Name == name);

    /// <summary>The selection with every task behind those it waits for.</summary>
    private static List<IMaintenanceTask> Ordered(IMaintenanceTask[] selected)
    {
        var ordered = new List<IMaintenanceTask>();
        foreach (var task in selected) Visit(task);
        return ordered;

        void Visit(IMaintenanceTask task)
        {
            if (ordered.Contains(task)) return;
            foreach (var name in task.After)
                if (Array.Find(selected, t => t.Name == name) is { } earlier) Visit(earlier);
            ordered.Add(task);
        }
    }

    [LoggerMessage(EventId = 100, EventName = "maintenance_cycle_started", Level = LogLevel.Information, Message = "run {run_id} of {date:O}: {plan}, by {trigger}")]
    private partial void CycleStarted(DateOnly date, string plan, string trigger, long run_id);

    [LoggerMessage(EventId = 101, EventName = "maintenance_cycle_finished", Level = LogLevel.Information,
        Message = "{date:O} took {duration_seconds} s ({duration_human}): {completed} of {total} completed, {failed} failed, success {success}")]
    private partial void CycleFinished(DateOnly date, double duration_seconds, string duration_human, int completed, int failed, int total, bool success);

    [LoggerMessage(EventId = 110, EventName = "task_started", Level = LogLevel.Information, Message = "{task} of {date:O}")]
    private partial void TaskIsStarted(string task, DateOnly date);

    [LoggerMessage(EventId = 111, EventName = "task_completed", Level = LogLevel.Information,
        Message = "{task} {state} in {duration_seconds} s: {symbols_processed} symbols, {records_inserted} rows")]
    private partial void TaskIsCompleted(string task, double duration_seconds, long symbols_processed, long records_inserted, string state);

    [LoggerMessage(EventId = 112, EventName = "task_failed", Level = LogLevel.Error, Message = "{task}: {reason}")]
    private partial void TaskIsFailed(string task, string reason);

    [LoggerMessage(EventId = 113, EventName = "task_threw", Level = LogLevel.Debug, Message = "{task} of {date:O} threw")]
    private partial void TaskThrew(Exception e, string task, DateOnly date);

    [LoggerMessage(EventId = 114, EventName = "cut_off_runs_closed", Level = LogLevel.Warning, Message = "closed in the journal as cut off: {runs}")]
    private partial void CutOffClosed(string runs);
}

/// <summary>A run is going on; there is one at a time.</summary>
public sealed class RunInProgressException(long? runId)
    : Exception($"Run {runId?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?"} is going on; wait for its end")
{
    public long? RunId { get; } = runId;
}
