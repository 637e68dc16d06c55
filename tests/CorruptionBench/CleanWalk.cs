using System.Globalization;
using System.Text;
using DataMaintenance.Pipeline;
using DataMaintenance.Store;

namespace CorruptionBench;

/// <summary>What is said of clean data: every alarm would be a false one, unless the rows show that it is right.</summary>
/// <param name="Alarm">The rule of a finding, or a task and its check.</param>
/// <param name="Value">What came.</param>
/// <param name="Rows">The rows around it, as the files hold them.</param>
internal sealed record CleanAlarm(string Ground, DateOnly Date, string? Symbol, string Alarm, string Value, string Expectation, string Rows);

/// <summary>A clean set from its first session to its last, night after night.</summary>
internal static class CleanWalk
{
    public static async Task<(int Sessions, IReadOnlyList<CleanAlarm> Alarms)> OfAsync(Ground ground, string store, CancellationToken ct)
    {
        var runs = new List<RunResult>();
        IReadOnlyList<Finding> findings;
        await using (var night = await Night.OpenAsync(ground, store, ground.Days.Concat(ground.Slots).Max(), ct))
        {
            runs.AddRange(await night.HistoryAsync(ct));
            foreach (var session in Recorded.After(ground).Prepend(ground.Session)) runs.Add(await night.RunAsync(session, ct));
            findings = await night.Wiring.Store.FindingsAsync(openOnly: false, int.MaxValue, ct);
        }

        var sessions = ground.WithDays!.Union(ground.WithMinutes!).Order().ToArray();
        var alarms = findings.OrderBy(f => f.Date).ThenBy(f => f.Symbol?.Text, StringComparer.Ordinal).ThenBy(f => f.Rule, StringComparer.Ordinal)
            .Select(f => new CleanAlarm(ground.Name, f.Date, f.Symbol?.Text, f.Rule, $"{f.Severity}: {f.Value}", f.Expectation, Rows(ground, sessions, f))).ToList();
        alarms.AddRange(Of(ground, runs));
        return (sessions.Length, alarms);
    }

    /// <summary>Checks of these runs that failed or warn.</summary>
    public static IEnumerable<CleanAlarm> Of(Ground ground, IEnumerable<RunResult> runs) =>
        from run in runs
        from task in run.Tasks
        from check in task.Checks.Where(c => c.Result is CheckResult.Failed or CheckResult.Warning).Concat(task.Error is { } e && task.Checks.All(c => c.Text != e) ? [new Check(CheckResult.Failed, e)] : [])
        select new CleanAlarm(ground.Name, run.Session, null, $"{task.Task} {(check.Result == CheckResult.Failed ? "fails" : "warns")}", Shown(ground, check.Text), "", "");

    /// <summary>A text without the folder the files happen to lie in.</summary>
    private static string Shown(Ground ground, string text) => ground.Folder is { } folder ? text.Replace(folder + "/", "", StringComparison.Ordinal) : text;

    private static string Rows(Ground ground, DateOnly[] sessions, Finding finding)
    {
        if (finding.Symbol is not { } symbol) return "";
        var at = Array.IndexOf(sessions, finding.Date);
        var text = new StringBuilder();
        foreach (var session in sessions[Math.Max(0, at - 3)..Math.Min(sessions.Length, at + 3)])
            foreach (var row in SessionFiles.Rows(SessionFiles.DayPath(ground.Folder!, session)).Where(r => r.Ticker == symbol.Text))
                text.Append(CultureInfo.InvariantCulture, $"    {session:yyyy-MM-dd} {row}\n");
        return text.ToString();
    }
}
