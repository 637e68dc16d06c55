namespace DataMaintenance.Pipeline;

/// <summary>What to run.</summary>
/// <param name="Session">The session to process; in a backfill the newest of <paramref name="Range"/>.</param>
/// <param name="Trigger">schedule, recovery, trigger, cli, demo.</param>
/// <param name="Tasks">A selection of the plan's tasks, or others by name; null for the whole plan.</param>
/// <param name="Range">For a backfill: the sessions, oldest first.</param>
public sealed record RunRequest(DateOnly Session, Plan Plan, string Trigger, IReadOnlyList<string>? Tasks = null, bool Force = false, IReadOnlyList<DateOnly>? Range = null)
{
    public IReadOnlyList<string> TaskNames => Tasks ?? Plan.Tasks;

    /// <summary>A selection of tasks as people ask for it. What loads facts of an older session may change what the newest one's values come from, so <c>sync_redis</c> follows it.</summary>
    /// <param name="newest">The newest session that has ended.</param>
    public static IReadOnlyList<string>? Selection(IReadOnlyList<string>? tasks, DateOnly session, DateOnly newest) =>
        tasks is not null && session < newest && tasks.Any(Loading.Contains) ? [.. tasks.Append(Pipeline.TaskNames.SyncRedis).Distinct()] : tasks;

    private static readonly string[] Loading = [Pipeline.TaskNames.LoadOhlc, Pipeline.TaskNames.AutoRecover, Pipeline.TaskNames.LoadVolumeSlots, Pipeline.TaskNames.ReconcileSplits, Pipeline.TaskNames.ReconcileSessions];

    /// <param name="sessions">Oldest first, at least one.</param>
    /// <param name="tasks">Any spelling; what <see cref="Plan.Backfill"/> adds to facts comes along.</param>
    /// <exception cref="RequestException">An unknown task.</exception>
    public static RunRequest Backfill(IReadOnlyList<DateOnly> sessions, string trigger, IEnumerable<string>? tasks, bool force) =>
        new(sessions[^1], Plan.Backfill, trigger, tasks?.Select(Pipeline.TaskNames.Get).Append(Pipeline.TaskNames.ReconcileSplits).Append(Pipeline.TaskNames.SyncRedis).Distinct().ToArray(), force, sessions);
}
