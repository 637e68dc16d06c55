using System.Globalization;
using DataMaintenance.Pipeline.Checks;
using DataMaintenance.Provider;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>What the minute files gave, in the lines of the task's report: one for all that went well, one for each kind of what did not.</summary>
internal static class SlotFileReport
{
    private const int MostNamed = 5;

    /// <param name="outcomes">By session.</param>
    public static void Write(IReadOnlyList<SlotFileOutcome> outcomes, TimeSpan took, TaskReport report)
    {
        var read = outcomes.Where(o => o.Read is not null).ToArray();
        report.Count("file_sessions", read.Length);
        if (read.Length > 0) WriteRead(read, took, report);
        foreach (var group in outcomes.Where(o => o.State is FileState.NotYet or FileState.NotEntitled or FileState.Failed).GroupBy(o => o.State))
        {
            var text = $"no minute file of {Names.Sessions([.. group.Select(o => o.Session)])}: {group.First().Said}";
            if (group.Key == FileState.NotYet) report.Note(text);
            else report.Warn(text);
        }

        foreach (var outcome in read)
        {
            var day = outcome.Session.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            if (outcome.FinalAt is { } at) report.Warn($"{day} is provisional: its figures are final from {at:u} on; it is due again then");
            if (outcome.Absent.Count > 0) report.Warn($"{day}: the file holds no minute of {Names.List(outcome.Absent.Select(s => s.Text))}, of which {SlotSuspicion.LeastTraded:N0} shares and more traded");
            // What is asked for again by symbol is judged by its answer.
            if (outcome.Suspected.Count > 0)
                report.Add(new(outcome.Grave && outcome.Left.Count == 0 ? CheckResult.Failed : CheckResult.Warning,
                    $"{day}: {outcome.Suspected.Count:N0} symbols of the file cannot be whole: {Names.List(outcome.Suspected.Select(s => s.Symbol.Text))} (first: {outcome.Suspected[0].Symbol} {outcome.Suspected[0].Reason})"));
            DailyWords.Tell(day, outcome.Found, report, fails: outcome.Left.Count == 0);
            if (read.Length == 1) foreach (var words in outcome.Shares) report.Ok($"{day} {words}");
            if (outcome.Refused > 0) report.Warn($"{day}: {outcome.Refused:N0} minutes of the file refused");
        }
    }

    private static void WriteRead(SlotFileOutcome[] read, TimeSpan took, TaskReport report)
    {
        var bytes = read.Sum(o => o.Read!.Bytes);
        var perMinute = read.Length / Math.Max(took.TotalMinutes, 1e-6);
        report.Count("file_bytes", bytes).Count("file_rows", read.Sum(o => o.Rows)).Count("sessions_per_minute", Math.Round(perMinute, 1));
        report.Note(string.Create(CultureInfo.InvariantCulture,
            $"{read.Length} sessions from minute files, {read.Sum(o => o.Rows):N0} slots from {bytes / 1e6:N1} MB in {took.TotalSeconds:N1} s, {perMinute:N1} sessions a minute{(read.Length <= MostNamed ? ": " + Names.Sessions([.. read.Select(o => o.Session)]) : "")}"));
    }
}
