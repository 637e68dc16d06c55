using System.Text.Json.Serialization;

namespace DataMaintenance.Pipeline;

/// <summary>One message about the run in progress; what does not belong to its kind is left out.</summary>
/// <param name="Id">Goes up, also across restarts of the service: what a client has seen last.</param>
/// <param name="Event">snapshot, run_started, task_started, task_progress, task_ended, run_ended, heartbeat.</param>
/// <param name="At">When it happened.</param>
public sealed record RunMessage(long Id, string Event, DateTimeOffset At)
{
    /// <summary>In a snapshot: the run in progress, or the last one of this process; absent when none ran yet.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RunProgress? Run { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? RunId { get; init; }

    /// <summary>The session the run processes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateOnly? Date { get; init; }

    /// <summary>The task as it stands after this message.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TaskProgressLine? Task { get; init; }

    /// <summary>At the end of a run: completed, failed or cancelled.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? State { get; init; }

    /// <summary>At the end of a run: how long it took.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Seconds { get; init; }
}

/// <summary>A run as it stands.</summary>
/// <param name="Date">The session processed.</param>
/// <param name="State">in_progress, completed, failed or cancelled.</param>
/// <param name="Tasks">In the order of the plan.</param>
public sealed record RunProgress(long RunId, DateOnly Date, string Plan, string Trigger, string State, DateTimeOffset StartedAt, IReadOnlyList<TaskProgressLine> Tasks);

/// <summary>A task of a run as it stands.</summary>
/// <param name="State">pending, in_progress, completed, failed or skipped.</param>
/// <param name="StartedAt">Null while it waits.</param>
/// <param name="Seconds">How long it took; null before it ended.</param>
/// <param name="Done">How far it is, in <paramref name="Unit"/>s; null when it does not tell.</param>
/// <param name="Total">Of how many; null when not known.</param>
/// <param name="Error">Why it failed; null unless it did.</param>
/// <param name="Unreachable">Whether it failed because an outside system did not answer.</param>
public sealed record TaskProgressLine(
    string Task, string State, DateTimeOffset? StartedAt = null, double? Seconds = null, long? Done = null, long? Total = null, string? Unit = null, string? Error = null, bool Unreachable = false);
