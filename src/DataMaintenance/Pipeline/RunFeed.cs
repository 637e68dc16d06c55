using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace DataMaintenance.Pipeline;

/// <summary>
/// What goes on in the run in progress, as messages that any number of followers read at their own pace. Publishing never waits:
/// a follower that falls far behind is let go, and comes back with the last message it saw.
/// </summary>
/// <param name="clock">The machine's: by it silence is measured, and the ids go on over restarts.</param>
/// <param name="shown">What messages are stamped with, as the runs are; the machine's, if no other is given.</param>
public sealed class RunFeed(TimeProvider clock, TimeProvider? shown = null) : IRunObserver
{
    /// <summary>Messages kept for followers that come back.</summary>
    private const int Kept = 2_048;

    /// <summary>Messages a follower may be behind.</summary>
    private const int MostBehind = 512;

    /// <summary>Progress of a task is told at most this often.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    private readonly Lock gate = new();
    private readonly Queue<RunMessage> kept = new();
    private readonly HashSet<Channel<RunMessage>> followers = [];
    private readonly Dictionary<string, long> told = new(StringComparer.Ordinal);
    private long last = clock.GetUtcNow().ToUnixTimeMilliseconds();
    private RunProgress? run;

    private DateTimeOffset Now => (shown ?? clock).GetUtcNow();

    /// <summary>How many follow now.</summary>
    public int Followers
    {
        get { lock (gate) return followers.Count; }
    }

    /// <summary>The run in progress as it stands, or the last one of this process; null when none ran yet.</summary>
    public RunProgress? Run
    {
        get { lock (gate) return run; }
    }

    /// <summary>Every message from now on, after those missed since <paramref name="after"/>; where that is not known any more, or null, a snapshot comes first.
    /// The stream ends when the follower is too slow.</summary>
    /// <param name="after">The id of the last message seen.</param>
    /// <param name="heartbeat">After so much silence a message <c>heartbeat</c> comes, which counts as none; infinite for never.</param>
    public async IAsyncEnumerable<RunMessage> FollowAsync(long? after, TimeSpan heartbeat, [EnumeratorCancellation] CancellationToken ct)
    {
        var channel = Channel.CreateBounded<RunMessage>(MostBehind);
        RunMessage[] missed;
        lock (gate)
        {
            missed = Missed(after) ?? [new(last, "snapshot", Now) { Run = run }];
            followers.Add(channel);
        }

        try
        {
            foreach (var message in missed) yield return message;
            var more = channel.Reader.WaitToReadAsync(ct).AsTask();
            while (true)
            {
                if (!await WithinAsync(more, heartbeat, ct)) yield return new(last, "heartbeat", Now);
                else if (!await more) yield break;
                else
                {
                    while (channel.Reader.TryRead(out var message)) yield return message;
                    more = channel.Reader.WaitToReadAsync(ct).AsTask();
                }
            }
        }
        finally
        {
            lock (gate) followers.Remove(channel);
        }
    }

    public void RunStarted(RunStarted run)
    {
        lock (gate)
        {
            told.Clear();
            this.run = new(run.RunId, run.Session, run.Plan, run.Trigger, "in_progress", run.At, [.. run.Tasks.Select(t => new TaskProgressLine(t, TaskState.Pending.Text()))]);
            Publish(new(0, "run_started", run.At) { RunId = run.RunId, Date = run.Session, Run = this.run });
        }
    }

    public void TaskStarted(TaskStarted task) =>
        Change("task_started", task.RunId, task.Task, line => line with { State = TaskState.InProgress.Text(), StartedAt = task.At });

    public void Progress(TaskProgress progress)
    {
        lock (gate)
        {
            var now = clock.GetTimestamp();
            var quiet = told.TryGetValue(progress.Task, out var then) && clock.GetElapsedTime(then, now) < Pace && progress.Done < progress.Total;
            if (!quiet) told[progress.Task] = now;
            Change("task_progress", progress.RunId, progress.Task,
                line => line with { Done = progress.Done, Total = progress.Total > 0 ? progress.Total : null, Unit = progress.Unit }, quiet);
        }
    }

    public void TaskEnded(TaskEnded task) => Change("task_ended", task.RunId, task.Result.Task, line => line with
    {
        State = task.Result.State.Text(),
        StartedAt = task.Result.StartedAt,
        Seconds = Math.Round(task.Result.Duration.TotalSeconds, 3),
        Error = task.Result.Error,
        Unreachable = task.Result.Unreachable,
    });

    public void RunEnded(RunResult result)
    {
        lock (gate)
        {
            var state = result.Success ? "completed" : result.Cancelled ? "cancelled" : "failed";
            if (run?.RunId == result.RunId) run = run with { State = state };
            Publish(new(0, "run_ended", result.EndedAt) { RunId = result.RunId, Date = result.Session, State = state, Seconds = Math.Round(result.Duration.TotalSeconds, 3) });
        }
    }

    private async Task<bool> WithinAsync(Task<bool> more, TimeSpan patience, CancellationToken ct)
    {
        try
        {
            await more.WaitAsync(patience, clock, ct);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Null when some of them are gone, or the id is not one of this process.</summary>
    private RunMessage[]? Missed(long? after) =>
        after is { } seen && (seen == last || (kept.TryPeek(out var oldest) && seen >= oldest.Id - 1 && seen < last)) ? [.. kept.Where(m => m.Id > seen)] : null;

    private void Change(string what, long runId, string task, Func<TaskProgressLine, TaskProgressLine> change, bool quiet = false)
    {
        lock (gate)
        {
            if (run?.RunId != runId) return;
            run = run with { Tasks = [.. run.Tasks.Select(t => t.Task == task ? change(t) : t)] };
            if (!quiet) Publish(new(0, what, Now) { RunId = runId, Date = run.Date, Task = run.Tasks.FirstOrDefault(t => t.Task == task) });
        }
    }

    private void Publish(RunMessage message)
    {
        message = message with { Id = ++last };
        kept.Enqueue(message);
        if (kept.Count > Kept) kept.Dequeue();
        foreach (var follower in followers)
            if (!follower.Writer.TryWrite(message)) follower.Writer.TryComplete();
    }
}
