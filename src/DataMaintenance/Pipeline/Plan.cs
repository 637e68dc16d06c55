namespace DataMaintenance.Pipeline;

/// <summary>A named list of tasks. When it is due is the timetable's matter.</summary>
/// <param name="WritesState">Whether full runs of it write the state keys of a date.</param>
/// <param name="FinalDelay">How long after post-market's end what is fetched counts as final.</param>
public sealed record Plan(string Name, IReadOnlyList<string> Tasks, bool WritesState, TimeSpan FinalDelay)
{
    public static readonly Plan Nightly = new("nightly",
        [
            TaskNames.ClearCaches, TaskNames.LoadOhlc, TaskNames.AutoRecover, TaskNames.LoadVolumeSlots, TaskNames.ReconcileSplits,
            TaskNames.CalculateAtr, TaskNames.CalculateRvol, TaskNames.EnrichMetadata, TaskNames.SyncRedis, TaskNames.NotifyServices,
        ], WritesState: true, TimeSpan.FromHours(1));

    public static readonly Plan AfterClose = Nightly with { Name = "after_close", Tasks = [.. Nightly.Tasks.Skip(1)] };
    public static readonly Plan CacheClear = new("cache_clear", [TaskNames.ClearCaches], WritesState: false, TimeSpan.Zero);
    public static readonly Plan Cleanup = new("cleanup", [TaskNames.CleanupOldData], WritesState: false, TimeSpan.Zero);

    /// <summary>A range of sessions. Splits come along, since bars without them mislead; published values whose inputs changed by it are computed again.</summary>
    public static readonly Plan Backfill = new("backfill",
        [TaskNames.LoadOhlc, TaskNames.AutoRecover, TaskNames.LoadVolumeSlots, TaskNames.ReconcileSplits, TaskNames.SyncRedis], WritesState: false, TimeSpan.FromHours(1));

    /// <summary>The last sessions once more, when the provider has published its last word on them: what is stored is compared and revised, what is missing, provisional or damaged fetched, and what depends on either computed.</summary>
    public static readonly Plan Reconcile = new("reconcile",
        [TaskNames.ReconcileSessions, TaskNames.LoadOhlc, TaskNames.LoadVolumeSlots, TaskNames.ReconcileSplits, TaskNames.CalculateAtr, TaskNames.CalculateRvol, TaskNames.SyncRedis], WritesState: false, TimeSpan.FromHours(1));

    public static readonly IReadOnlyList<Plan> Standard = [Nightly, AfterClose, CacheClear, Reconcile, Cleanup];

    /// <param name="plans">Those that can be asked for.</param>
    /// <exception cref="RequestException">There is no such plan; the message lists those there are.</exception>
    public static Plan Get(string name, IReadOnlyList<Plan> plans) =>
        plans.FirstOrDefault(p => p.Name == name || (name, p.Name) is ("v2", "nightly") or ("v1", "after_close"))
        ?? throw new RequestException($"There is no plan '{name}'; there are {string.Join(", ", plans.Select(p => p.Name))}.");
}
