using System.Globalization;
using System.Text;

namespace CorruptionBench;

/// <summary>What was tried and what came of it, as Markdown.</summary>
internal static class Table
{
    public const string Begin = "<!-- corruption bench: begin -->", End = "<!-- corruption bench: end -->";

    private const int MostNamed = 4;

    public static string Of(IReadOnlyList<Trial> trials, IReadOnlyList<(string Ground, int Sessions, IReadOnlyList<CleanAlarm> Alarms)> clean, Judgements judgements)
    {
        var text = new StringBuilder();
        Summary(text, trials);
        foreach (var ground in trials.GroupBy(t => t.Ground, StringComparer.Ordinal)) OfGround(text, ground.Key, [.. ground]);
        OfClean(text, clean, judgements);
        return text.ToString();
    }

    /// <summary>Puts the text between the marks of a page, or at its end with marks.</summary>
    public static async Task WriteAsync(string file, string text, CancellationToken ct)
    {
        var page = File.Exists(file) ? await File.ReadAllTextAsync(file, ct) : "";
        var (begin, end) = (page.IndexOf(Begin, StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal));
        var block = $"{Begin}\n\n{text.Trim()}\n\n{End}";
        page = begin >= 0 && end > begin ? page[..begin] + block + page[(end + End.Length)..] : $"{page.TrimEnd()}\n\n{block}\n".TrimStart();
        await File.WriteAllTextAsync(file, page, ct);
    }

    private static void Summary(StringBuilder text, IReadOnlyList<Trial> trials)
    {
        text.Append("| data | kinds | trials | caught | harmless | missed | wrong values published, caught or not |\n|---|---|---|---|---|---|---|\n");
        foreach (var ground in trials.GroupBy(t => t.Ground, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"| {ground.Key} | {ground.Select(t => t.Corruption).Distinct().Count()} | {ground.Count()} | {Count(ground, Outcome.Caught)} | {Count(ground, Outcome.Harmless)} | {Count(ground, Outcome.Missed)} | {ground.Count(t => t.Verdict.Wrong > 0)} |\n");
        text.Append('\n');
    }

    private static int Count(IEnumerable<Trial> trials, Outcome outcome) => trials.Count(t => t.Verdict.Outcome == outcome);

    private static void OfGround(StringBuilder text, string name, IReadOnlyList<Trial> trials)
    {
        text.Append(CultureInfo.InvariantCulture, $"### {char.ToUpperInvariant(name[0])}{name[1..]}\n\n");
        text.Append("| corruption | caught at | by | harmless at | missed at | published |\n|---|---|---|---|---|---|\n");
        foreach (var kind in trials.GroupBy(t => t.Corruption, StringComparer.Ordinal))
        {
            var missed = Strengths(kind, Outcome.Missed);
            var why = missed.Length > 0 && kind.First().Note is { } note ? $" ({note})" : "";
            text.Append(CultureInfo.InvariantCulture, $"| {kind.Key} | {Strengths(kind, Outcome.Caught)} | {By(kind)} | {Strengths(kind, Outcome.Harmless)} | {missed}{why} | {Values(kind)} |\n");
        }

        text.Append('\n');
    }

    private static string Strengths(IEnumerable<Trial> trials, Outcome outcome) => string.Join(", ", trials.Where(t => t.Verdict.Outcome == outcome).Select(t => t.Strength));

    private static string By(IEnumerable<Trial> trials)
    {
        var caught = trials.Where(t => t.Verdict.Outcome == Outcome.Caught).ToArray();
        var names = caught.SelectMany(t => t.Verdict.Rules.Select(r => $"`{r}`").Concat(t.Verdict.Tasks).Concat(t.Verdict.Crash is null ? [] : ["**the run broke off**"]))
            .GroupBy(n => n, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key).ToArray();
        return string.Join(", ", names.Take(MostNamed)) + (names.Length > MostNamed ? ", …" : "");
    }

    /// <summary>The worst that was published over all strengths.</summary>
    private static string Values(IEnumerable<Trial> trials)
    {
        var wrong = trials.Where(t => t.Verdict.Wrong > 0).ToArray();
        if (wrong.Length > 0) return $"wrong at {string.Join(", ", wrong.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Strength}: {t.Verdict.Wrong}")))}";
        var absent = trials.Max(t => t.Verdict.Absent);
        var held = trials.Max(t => t.Verdict.Held);
        return absent > 0 ? string.Create(CultureInfo.InvariantCulture, $"up to {absent} absent") : held > 0 ? "those before" : "right";
    }

    private static void OfClean(StringBuilder text, IReadOnlyList<(string Ground, int Sessions, IReadOnlyList<CleanAlarm> Alarms)> clean, Judgements judgements)
    {
        if (clean.Count == 0) return;
        text.Append("### Clean data over their whole range\n\n| data | sessions | alarms | right | false | not judged |\n|---|---|---|---|---|---|\n");
        foreach (var (ground, sessions, alarms) in clean)
        {
            var by = alarms.ToLookup(judgements.Of);
            text.Append(CultureInfo.InvariantCulture, $"| {ground} | {sessions} | {alarms.Count} | {by[Judged.Right].Count()} | {by[Judged.False].Count()} | {by[Judged.Not].Count()} |\n");
        }

        text.Append("\n| data | alarm | times | first | judged |\n|---|---|---|---|---|\n");
        foreach (var (ground, _, alarms) in clean)
            foreach (var group in alarms.GroupBy(a => (a.Alarm, judgements.Why(a))).OrderBy(g => g.Key.Alarm, StringComparer.Ordinal))
            {
                var first = group.First();
                text.Append(CultureInfo.InvariantCulture, $"| {ground} | {group.Key.Alarm} | {group.Count()} | {first.Date:yyyy-MM-dd} {first.Symbol} {Cell(first.Value)} | {group.Key.Item2} |\n");
            }
    }

    private static string Cell(string text) => (text.Length > 90 ? text[..90] + "…" : text).Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
