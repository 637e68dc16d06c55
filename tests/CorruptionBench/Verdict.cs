using System.Text.RegularExpressions;
using DataMaintenance.Pipeline;
using DataMaintenance.Store;
using Market;

namespace CorruptionBench;

internal enum Outcome
{
    /// <summary>A check says something that it does not say of the clean session.</summary>
    Caught,
    /// <summary>Nothing is said, and nothing is wrong: what is stored and published is what clean data give.</summary>
    Harmless,
    Missed,
}

/// <summary>What came of one corruption at one strength.</summary>
/// <param name="Rules">Rules of findings that clean data do not have, on symbols that were struck or on the whole day; most frequent first.</param>
/// <param name="Tasks">Tasks with a check that failed or warns.</param>
/// <param name="Texts">What those checks said.</param>
/// <param name="Stored">Symbols whose stored bars, slots or splits differ from the clean ones.</param>
/// <param name="Innocent">Findings on symbols that were not struck.</param>
internal sealed record Verdict(
    Outcome Outcome, IReadOnlyList<string> Rules, IReadOnlyList<string> Tasks, IReadOnlyList<string> Texts, int Stored, int Wrong, int Held, int Absent,
    IReadOnlyList<string> Innocent, string? Crash)
{
    public static Verdict Of(Seen clean, Seen seen, IReadOnlySet<string> touched)
    {
        var known = clean.Findings.Select(Key).ToHashSet();
        var found = seen.Findings.Where(f => f.Severity != Severity.Info && !known.Contains(Key(f))).ToArray();
        bool Struck(Finding f) => f.Symbol is not { } s || touched.Contains(s.Text) || !(clean.Bars.ContainsKey(s.Text) || clean.Slots.ContainsKey(s.Text));
        var quiet = clean.Alarms().Select(a => (a.Task, Words(a.Check))).ToHashSet();
        var alarms = seen.Alarms().Where(a => !quiet.Contains((a.Task, Words(a.Check)))).ToArray();
        var rules = found.Where(Struck).GroupBy(f => f.Rule, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key).ToArray();
        var tasks = alarms.GroupBy(a => a.Task, StringComparer.Ordinal).Select(g => $"{g.Key} {(g.Any(a => a.Check.Result == CheckResult.Failed) ? "fails" : "warns")}").ToArray();
        var stored = Differing(clean, seen);
        // A baseline below one share has no key, on clean data too.
        var absentees = seen.Published!.Absent.Except(clean.Published!.Absent, StringComparer.Ordinal).ToArray();
        var published = seen.Published;
        var caught = rules.Length > 0 || tasks.Length > 0 || seen.Crash is not null;
        var harm = stored.Count > 0 || published.Wrong.Count > 0 || absentees.Length > 0 || published.Held.Count > 0;
        return new(caught ? Outcome.Caught : harm ? Outcome.Missed : Outcome.Harmless, rules, tasks, [.. alarms.Select(a => $"{a.Task}: {a.Check}")],
            stored.Count, published.Wrong.Count, published.Held.Count, absentees.Length,
            [.. found.Where(f => !Struck(f)).Select(f => $"{f.Rule} {f.Symbol?.Text}")], seen.Crash);
    }

    private static HashSet<string> Differing(Seen clean, Seen seen)
    {
        var all = new HashSet<string>(StringComparer.Ordinal);
        foreach (var symbol in clean.Bars.Keys.Union(seen.Bars.Keys))
            if (!(clean.Bars.TryGetValue(symbol, out var a) && seen.Bars.TryGetValue(symbol, out var b) && a == b)) all.Add(symbol);
        foreach (var symbol in clean.Slots.Keys.Union(seen.Slots.Keys))
            if (!(clean.Slots.TryGetValue(symbol, out var a) && seen.Slots.TryGetValue(symbol, out var b) && a.AsSpan().SequenceEqual(b))) all.Add(symbol);
        all.UnionWith(clean.Splits.Except(seen.Splits).Union(seen.Splits.Except(clean.Splits)).Select(s => s.Symbol.Text));
        return all;
    }

    private static (string, DateOnly, string?, string) Key(Finding finding) => (finding.Dataset, finding.Date, finding.Symbol?.Text, finding.Rule);

    /// <summary>A check without its numbers: the same check says the same words on another day.</summary>
    private static string Words(Check check) => $"{check.Result} {Regex.Replace(check.Text, @"\d[\d,.]*", "#")}";
}
