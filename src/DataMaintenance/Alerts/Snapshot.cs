using DataMaintenance.Store;

namespace DataMaintenance.Alerts;

/// <summary>An outside system that does not answer.</summary>
/// <param name="Name"><c>redis</c>, <c>database</c>, <c>provider</c>.</param>
/// <param name="Since">When it was first found so.</param>
public sealed record Outage(string Name, DateTimeOffset Since, string Reason);

/// <summary>Everything incidents are derived from, as of one instant.</summary>
/// <param name="Since">When this service first worked on this store, or this process began: nothing was expected before.</param>
/// <param name="Epoch">The present term of leadership: a run of an older one without an end was cut off.</param>
/// <param name="Runs">Newest first, reaching back at least as far as incidents are told.</param>
/// <param name="TaskRuns">By run, of those that did not succeed.</param>
/// <param name="Expected">By instant, those due within the days looked at and the next.</param>
internal sealed record Snapshot(
    DateTimeOffset Now, DateTimeOffset Since, long Epoch, IReadOnlyList<RunRecord> Runs, IReadOnlyDictionary<long, IReadOnlyList<TaskRunRecord>> TaskRuns,
    IReadOnlyList<Finding> Findings, IReadOnlyList<MaintenanceEvent> Events, IReadOnlyList<ExpectedRun> Expected, IReadOnlyList<Outage> Outages)
{
    /// <summary>When this process began to watch.</summary>
    public DateTimeOffset Began { get; init; } = DateTimeOffset.MinValue;

    /// <summary>How far back something is still worth telling.</summary>
    public static readonly TimeSpan Reach = TimeSpan.FromDays(7);

    private const int RunsRead = 300, EventsRead = 300;

    public static async Task<Snapshot> ReadAsync(
        IStore store, DateTimeOffset now, DateTimeOffset began, IReadOnlyList<ExpectedRun> expected, IReadOnlyList<Outage> outages, CancellationToken ct)
    {
        var runs = await store.RunsAsync(RunsRead, ct);
        var since = runs.Count == 0 ? began : runs.Min(r => r.StartedAt) is var first && first < began ? first : began;
        var recent = runs.Where(r => r.StartedAt > now - Reach - Reach).ToArray();
        var tasks = new Dictionary<long, IReadOnlyList<TaskRunRecord>>();
        var troubled = recent.Where(r => r.Success != true).Select(r => r.Date).ToHashSet();
        foreach (var run in recent.Where(r => troubled.Contains(r.Date))) tasks[run.Id] = await store.TaskRunsAsync(run.Id, ct);
        var events = (await store.EventsAsync(null, EventsRead, ct)).Where(e => e.At > now - Reach).ToList();
        foreach (var kind in new[] { PausedEvent, ResumedEvent })
            if ((await store.EventsAsync(kind, 1, ct)) is [var last] && !events.Exists(e => e.Id == last.Id)) events.Add(last);
        return new(now, since, store.Epoch, recent, tasks, await store.FindingsAsync(openOnly: true, FindingsRead, ct), events, expected, outages) { Began = began };
    }

    /// <summary>The pause in force at an instant; null when there was none.</summary>
    public MaintenanceEvent? PausedAt(DateTimeOffset at) =>
        Events.Where(e => e.Kind is PausedEvent or ResumedEvent && e.At <= at).MaxBy(e => e.Id) is { Kind: PausedEvent } paused ? paused : null;

    /// <summary>Whether an incident of one of these kinds was opened for the session, whether it stands or not.</summary>
    public bool WasTold(DateOnly session, params ReadOnlySpan<IncidentKind> kinds)
    {
        foreach (var e in Events)
            if (e.Kind == AlertBook.Opened && e.Date == session && kinds.Contains(IncidentKinds.OfKey(e.Subject))) return true;
        return false;
    }

    public const string PausedEvent = "paused", ResumedEvent = "resumed", RebuiltEvent = "redis_rebuilt";

    private const int FindingsRead = 2000;
}
