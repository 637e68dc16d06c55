using System.Globalization;
using Market;

namespace DataMaintenance.Pipeline.Checks;

/// <summary>What the checks found of a session, in the lines of the task's report: a rule a line, its symbols by name.</summary>
internal static class DailyWords
{
    private const int MostNamed = 10;

    public static void Tell(DailyVerdict verdict, TaskReport report, bool isTarget)
    {
        var day = verdict.Session.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var refused = verdict.Refused.Select(f => f.Breach).ToHashSet(ReferenceEqualityComparer.Instance);
        Tell(day, verdict.Found.Where(f => !refused.Contains(f.Breach)), report);
        if (!isTarget) return;
        var (expected, unknown) = (verdict.Expected, verdict.Expected.Unknown);
        report.Count("expected", expected.Expected.Count).Count("missing", expected.Missing.Count).Count("liquid_missing", expected.LiquidMissing).Count("new", unknown.Count);
        if (expected.Expected.Count == 0)
        {
            report.Add(new(CheckResult.NotLearned, $"{day}: who should be there is known from {ExpectedSet.Regular} sessions on"));
            return;
        }

        var thin = expected.Missing.Where(m => !m.IsLiquid).Select(m => m.Symbol.Text).ToArray();
        report.Ok(string.Create(CultureInfo.InvariantCulture,
            $"{day}: {expected.Expected.Count - expected.Missing.Count:N0} of {expected.Expected.Count:N0} symbols that trade every day are there; {expected.LiquidMissing:N0} liquid and {thin.Length:N0} thin ones are not{(thin.Length > 0 ? $" (thin: {Names.List(thin, MostNamed)})" : "")}"));
        if (unknown.Count > 0) report.Note($"{day}: {unknown.Count:N0} symbols were not known: {Names.List(unknown.Select(s => s.Text), MostNamed)}");
    }

    /// <param name="fails">Whether an error of the whole day fails the task; not while what is doubtful is still being asked for.</param>
    public static void Tell(string day, IEnumerable<(Symbol? Symbol, Breach Breach)> found, TaskReport report, bool fails = true)
    {
        foreach (var rule in found.GroupBy(f => (f.Breach.Rule, OfDay: f.Symbol is null)).OrderBy(r => r.Key.Rule, StringComparer.Ordinal))
        {
            var first = rule.First();
            var said = rule.Key.OfDay ? $"{day}: {rule.Key.Rule}: {first.Breach.Value}, expected {first.Breach.Expectation}"
                : $"{day}: {rule.Key.Rule}: {Names.List(rule.Select(f => f.Symbol!.Value.Text), MostNamed)} (first: {first.Breach.Value}, expected {first.Breach.Expectation})";
            if (fails && rule.Key.OfDay && first.Breach.Severity == Severity.Error) report.Fail(said);
            else report.Warn(said);
        }
    }
}
