using DataMaintenance.Pipeline;
using DataMaintenance.Store;

namespace DataMaintenance.Alerts;

/// <summary>How a session stands after the runs of it that have ended: its newest whole run, with what later runs did again laid over it.</summary>
/// <param name="Run">The newest whole run.</param>
/// <param name="EndedAt">Of the newest of those runs; null when it was cut off.</param>
/// <param name="Failed">Tasks that stand as failed, with the reason, in the plan's order.</param>
/// <param name="CutOff">The newest run ended with its process.</param>
internal sealed record Outcome(RunRecord Run, DateTimeOffset? EndedAt, IReadOnlyList<(string Task, string Reason)> Failed, bool CutOff)
{
    private const string NotBegun = "did not begin";

    public bool Success => Failed.Count == 0;

    /// <summary>How many failed, and how many were not begun; for people.</summary>
    public string FailedInWords => Failed.Count(f => f.Reason == NotBegun) is var absent and > 0
        ? $"{Failed.Count - absent} of {Run.Tasks.Count} tasks failed, {absent} did not begin"
        : $"{Failed.Count} of {Run.Tasks.Count} tasks failed";

    /// <summary>Readers have nothing new: the session's bars or their publication failed, or most of the tasks did.</summary>
    public bool IsTotal => Failed.Any(f => f.Task is TaskNames.LoadOhlc or TaskNames.SyncRedis) || Failed.Count * 2 > Run.Tasks.Count;

    /// <summary>Sessions, and scheduled runs of plans that keep no session's state, newest first; those only begun are not among them.</summary>
    public static IEnumerable<Outcome> All(Snapshot snapshot) =>
        snapshot.Runs.Where(r => !InProgress(r, snapshot.Epoch)).GroupBy(r => (r.Date, Plan: PlanGroup(r))).Select(g => Of([.. g], snapshot)).OfType<Outcome>();

    public static bool InProgress(RunRecord run, long epoch) => run.IsInProgress(epoch);

    /// <summary>Plans that write a session's state are one: a task run by hand heals the night's.</summary>
    private static string PlanGroup(RunRecord run) =>
        run.Full || Plan.Standard.Any(p => p.Name == run.Plan && p.WritesState) || run.Trigger is not ("schedule" or "recovery") ? "" : run.Plan;

    private static Outcome? Of(RunRecord[] runs, Snapshot snapshot)
    {
        var whole = Array.FindIndex(runs, r => r.Full || PlanGroup(r).Length > 0);
        if (whole < 0) return null;
        var rows = new Dictionary<string, TaskRunRecord>(StringComparer.Ordinal);
        for (var i = whole; i >= 0; i--)
            foreach (var row in snapshot.TaskRuns.GetValueOrDefault(runs[i].Id, []))
                rows[row.Task] = row;
        var ended = runs[0].EndedAt;
        if (runs.Take(whole + 1).All(r => r.Success == true)) return new(runs[whole], ended, [], CutOff: false);
        return new(runs[whole], ended, [.. runs[whole].Tasks.Select(t => (t, Reason(rows.GetValueOrDefault(t)))).Where(t => t.Item2 is not null).Select(t => (t.t, t.Item2!))], ended is null);
    }

    private static string? Reason(TaskRunRecord? row) => row switch
    {
        null => NotBegun,
        _ when TaskStates.Parse(row.State).IsSuccess() => null,
        { Error: { } error } => error,
        _ => "cut off: the process ended while it ran",
    };
}
