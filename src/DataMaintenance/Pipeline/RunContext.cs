using System.Collections.Concurrent;

namespace DataMaintenance.Pipeline;

/// <summary>What one run asks of its tasks.</summary>
/// <param name="Session">The session processed: the newest of <paramref name="Range"/> in a backfill.</param>
/// <param name="Range">In a backfill, exactly the sessions to fill, oldest first; null in a night, whose tasks look back by themselves.</param>
/// <param name="Force">Fetch and compute again what is complete.</param>
/// <param name="FinalDelay">How long after post-market's end the provider's figures count as final.</param>
/// <param name="Explicit">Tasks the caller named.</param>
public sealed record RunContext(
    long RunId, DateOnly Session, IReadOnlyList<DateOnly>? Range, bool Force, TimeSpan FinalDelay, IReadOnlySet<string> Explicit, DateTimeOffset StartedAt, IRunObserver Observer)
{
    private readonly Dictionary<string, TaskState> ended = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Task> begun = new(StringComparer.Ordinal);

    /// <summary>States of the tasks of this run that have ended so far.</summary>
    public IReadOnlyDictionary<string, TaskState> Ended
    {
        get { lock (ended) return new Dictionary<string, TaskState>(ended, StringComparer.Ordinal); }
    }

    /// <summary>Derived values computed in this run, so that a later task checks them without computing them again.</summary>
    public ConcurrentDictionary<Values.Family, Values.FamilyValues> Computed { get; } = new();

    /// <summary>What tasks read of the store that others of this run need too; null where each reads for itself.</summary>
    public Values.SharedInputs? Shared { get; init; }

    /// <summary>Begins something whose result <see cref="TakeAsync"/> waits for.</summary>
    public void Begin<T>(string what, Func<Task<T>> work) => begun[what] = Task.Run(work);

    /// <summary>The result of what was begun; a second time, and when it was not, it is done now.</summary>
    public Task<T> TakeAsync<T>(string what, Func<Task<T>> work) => begun.TryRemove(what, out var task) ? (Task<T>)task : work();

    /// <summary>Waits for what was begun and never taken; its errors are of no concern.</summary>
    internal async Task SettleAsync()
    {
        foreach (var task in begun.Values) await task.ContinueWith(t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Tasks of this run that have yet to end.</summary>
    internal ConcurrentDictionary<string, TaskCompletionSource> Ends { get; } = new(StringComparer.Ordinal);

    /// <summary>Completes when those of the tasks that are part of this run have ended, well or badly.</summary>
    public Task AfterAsync(params IEnumerable<string> tasks) => Task.WhenAll(tasks.Select(task => Ends.TryGetValue(task, out var end) ? end.Task : Task.CompletedTask));

    internal void End(string task, TaskState state)
    {
        lock (ended) ended[task] = state;
        if (Ends.TryGetValue(task, out var end)) end.TrySetResult();
    }

    /// <summary>Tells whoever watches how far a task is.</summary>
    public void Progress(string task, long done, long total, string unit) => Observer.Progress(new(RunId, Session, task, done, total, unit));
}

/// <summary>Whoever watches a run: the terminal, the event stream, Redis. Called from several threads; must not throw or block.</summary>
public interface IRunObserver
{
    void RunStarted(RunStarted run);
    void TaskStarted(TaskStarted task);
    void Progress(TaskProgress progress);
    void TaskEnded(TaskEnded task);
    void RunEnded(RunResult result);
}

/// <summary>Several observers as one.</summary>
internal sealed class Watchers(IReadOnlyList<IRunObserver> all) : IRunObserver
{
    public void RunStarted(RunStarted run) => Each(w => w.RunStarted(run));
    public void TaskStarted(TaskStarted task) => Each(w => w.TaskStarted(task));
    public void Progress(TaskProgress progress) => Each(w => w.Progress(progress));
    public void TaskEnded(TaskEnded task) => Each(w => w.TaskEnded(task));
    public void RunEnded(RunResult result) => Each(w => w.RunEnded(result));

    private void Each(Action<IRunObserver> tell)
    {
        foreach (var watcher in all) tell(watcher);
    }
}

public sealed record RunStarted(long RunId, DateOnly Session, string Plan, string Trigger, IReadOnlyList<string> Tasks, DateTimeOffset At);
public sealed record TaskStarted(long RunId, DateOnly Session, string Task, int Attempt, DateTimeOffset At);
/// <param name="Total">0 when not known.</param>
public sealed record TaskProgress(long RunId, DateOnly Session, string Task, long Done, long Total, string Unit);
public sealed record TaskEnded(long RunId, DateOnly Session, TaskResult Result);

/// <summary>How one task of a run ended.</summary>
/// <param name="Error">Why it failed; null unless it did.</param>
public sealed record TaskResult(
    string Task, TaskState State, int Attempt, DateTimeOffset StartedAt, DateTimeOffset EndedAt,
    IReadOnlyDictionary<string, double> Counts, IReadOnlyList<Check> Checks, string? Error)
{
    public TimeSpan Duration => EndedAt - StartedAt;

    /// <summary>Whether it failed because the provider, Redis or the database did not answer.</summary>
    public bool Unreachable { get; init; }
}

/// <summary>How a run ended.</summary>
public sealed record RunResult(
    long RunId, DateOnly Session, string Plan, string Trigger, DateTimeOffset StartedAt, DateTimeOffset EndedAt, IReadOnlyList<TaskResult> Tasks)
{
    public bool Success => Tasks.All(t => t.State.IsSuccess());

    /// <summary>Whether it was told to stop before its tasks had ended.</summary>
    public bool Cancelled { get; init; }
    public TimeSpan Duration => EndedAt - StartedAt;
}
