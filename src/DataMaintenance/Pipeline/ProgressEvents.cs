using System.Text.Json.Nodes;
using DataMaintenance.Cache;

namespace DataMaintenance.Pipeline;

/// <summary>One small JSON per task change on <c>maintenance:progress</c>, for dashboards, beside whoever else watches. Lost when Redis is away.</summary>
internal sealed class ProgressEvents(Events events, IRunObserver other) : IRunObserver
{
    public void RunStarted(RunStarted run)
    {
        other.RunStarted(run);
        Publish(run.RunId, run.Session, "run_started", null, null);
    }

    public void TaskStarted(TaskStarted task)
    {
        other.TaskStarted(task);
        Publish(task.RunId, task.Session, "task_started", task.Task, TaskState.InProgress.Text());
    }

    public void Progress(TaskProgress progress) => other.Progress(progress);

    public void TaskEnded(TaskEnded task)
    {
        other.TaskEnded(task);
        Publish(task.RunId, task.Session, "task_ended", task.Result.Task, task.Result.State.Text(), task.Result.Duration.TotalSeconds);
    }

    public void RunEnded(RunResult result)
    {
        other.RunEnded(result);
        Publish(result.RunId, result.Session, "run_ended", null, result.Success ? "completed" : "failed", result.Duration.TotalSeconds);
    }

    private void Publish(long run, DateOnly session, string what, string? task, string? state, double? seconds = null)
    {
        var message = new JsonObject { ["event"] = what, ["run_id"] = run, ["date"] = StatusDocument.Day(session) };
        if (task is not null) message["task"] = task;
        if (state is not null) message["state"] = state;
        if (seconds is not null) message["seconds"] = Math.Round(seconds.Value, 3);
        // Nobody waits for a dashboard: a message that does not get through is followed by the next.
        _ = events.ProgressAsync(message.ToJsonString(), CancellationToken.None).ContinueWith(t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }
}
