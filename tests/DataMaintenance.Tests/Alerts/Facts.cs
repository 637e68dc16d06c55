using DataMaintenance.Alerts;
using DataMaintenance.Pipeline;
using DataMaintenance.Store;

namespace DataMaintenance.Tests.Alerts;

/// <summary>What a watch sees, made up: the night of Tuesday 2025-12-02, which processes Monday the 1st and is due at 08:00 UTC.</summary>
internal static class Facts
{
    public static readonly DateOnly Monday = new(2025, 12, 1);
    public static readonly DateTimeOffset Hour = new(2025, 12, 2, 8, 0, 0, TimeSpan.Zero);

    public static readonly ExpectedRun Night = new("nightly", Monday, Whole: true, Hour, Hour.AddMinutes(30), Hour.AddHours(1));

    public static DateTimeOffset At(int minutes) => Hour.AddMinutes(minutes);

    public static RunRecord Run(long id, int start, int? end, bool? success, string trigger = "schedule", bool full = true, DateOnly? date = null, string plan = "nightly", long epoch = 1) =>
        new(id, date ?? Monday, plan, trigger, full, plan == "nightly" ? Plan.Nightly.Tasks : [TaskNames.CleanupOldData], "test", epoch, At(start), end is { } e ? At(e) : null, success);

    public static TaskRunRecord Row(long run, string task, string? error, DateOnly? date = null) =>
        new(run, date ?? Monday, task, 1, error is null ? "completed" : "failed", At(0), At(1), new Dictionary<string, double>(), [], error);

    /// <summary>Rows of every task of a night, all completed but those named.</summary>
    public static IReadOnlyList<TaskRunRecord> Tasks(long run, params (string Task, string Error)[] failed) =>
        [.. Plan.Nightly.Tasks.Select(t => Row(run, t, failed.Where(f => f.Task == t).Select(f => f.Error).FirstOrDefault()))];

    public static Snapshot Snapshot(int minutes, IReadOnlyList<RunRecord> runs, params IReadOnlyList<TaskRunRecord>[] tasks) =>
        new(At(minutes), Hour.AddDays(-30), 1, runs, tasks.Where(t => t.Count > 0).ToDictionary(t => t[0].RunId), [], [], [Night], []);
}
