namespace DataMaintenance.Pipeline;

/// <summary>
/// One step of a night. It looks at what is there, fetches or computes what is missing, and counts afterwards, in the store or
/// in Redis, what it claims to have written. Running it twice, or after a crash in its middle, ends in the same data.
/// </summary>
public interface IMaintenanceTask
{
    /// <summary>As in the state document: <c>load_ohlc</c>.</summary>
    string Name { get; }

    /// <summary>Tasks that end, well or badly, before this one starts, when they are part of the same run.</summary>
    IReadOnlyList<string> After { get; }

    /// <summary>
    /// As the run begins: begins to read (<see cref="RunContext.Begin"/>) what it will need and none of those it waits for changes, so that it is here when they have ended.
    /// </summary>
    void Prepare(RunContext run, CancellationToken ct)
    {
    }

    /// <summary>What it judges goes into the report; what it throws makes it failed with that message.</summary>
    Task<TaskReport> RunAsync(RunContext run, CancellationToken ct);
}

/// <summary>The words of the state document.</summary>
public enum TaskState { Pending, InProgress, Completed, Failed, Skipped }

public static class TaskStates
{
    public static string Text(this TaskState state) => state switch
    {
        TaskState.Pending => "pending",
        TaskState.InProgress => "in_progress",
        TaskState.Completed => "completed",
        TaskState.Failed => "failed",
        TaskState.Skipped => "skipped",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public static TaskState Parse(string text) => text switch
    {
        "pending" => TaskState.Pending,
        "in_progress" => TaskState.InProgress,
        "completed" => TaskState.Completed,
        "failed" => TaskState.Failed,
        "skipped" => TaskState.Skipped,
        _ => throw new FormatException($"A task state is pending, in_progress, completed, failed or skipped; got '{text}'."),
    };

    /// <summary>Skipped means found complete, with evidence, and counts as success.</summary>
    public static bool IsSuccess(this TaskState state) => state is TaskState.Completed or TaskState.Skipped;
}
