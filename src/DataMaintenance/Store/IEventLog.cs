namespace DataMaintenance.Store;

/// <summary>What happened to the service outside of runs. Rows are only added, and never pruned.</summary>
public interface IEventLog
{
    /// <returns>The event's id.</returns>
    Task<long> RecordEventAsync(MaintenanceEvent happened, CancellationToken ct);

    /// <summary>Newest first.</summary>
    /// <param name="kind">Only of this kind; null for all.</param>
    Task<IReadOnlyList<MaintenanceEvent>> EventsAsync(string? kind, int limit, CancellationToken ct);
}

/// <param name="Kind">A fixed word: <c>redis_rebuilt</c>, <c>leader_changed</c>, <c>paused</c>, <c>resumed</c>, <c>alert_opened</c>, …</param>
/// <param name="Subject">What it is about, so that the end of something finds its beginning: an incident's key, a key family, an instance.</param>
/// <param name="Date">The session it concerns, when it concerns one.</param>
/// <param name="Text">For people, one line.</param>
/// <param name="Epoch">Set by the store on writing.</param>
/// <param name="Id">Set by the store on writing.</param>
public sealed record MaintenanceEvent(string Kind, string Subject, DateOnly? Date, string Text, DateTimeOffset At, string Instance, long Epoch = 0, long Id = 0);
