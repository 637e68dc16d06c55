using System.Globalization;
using DataMaintenance.Pipeline.Checks;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>
/// Holds every recent overnight step against the listed splits. A split that the prices plainly contradict is quarantined, and taken out of it again once
/// they bear it out; of two listings that look like one and are too small for prices to tell, the one known for longer adjusts.
/// </summary>
internal sealed class SplitSteps(IStore store, TradingCalendar calendar, TaskOptions options, TimeProvider clock)
{
    private const string NotListed = "split.not_listed";

    /// <summary>Share of the step, in logarithms, that the day's close keeps.</summary>
    private const double StaysShare = 0.5;

    /// <summary>Sessions before the first step whose volumes are the usual ones.</summary>
    private const int UsualSessions = 5;

    private sealed record Disagreement(Symbol Symbol, DateOnly Date, Breach Breach);

    /// <param name="splits">All that are known; those of recent steps are judged anew.</param>
    /// <param name="twice">Pairs that look like one split listed twice.</param>
    public async Task JudgeAsync(RunContext run, Dictionary<Split, StoredSplit> splits, IReadOnlyList<(Split First, Split Second)> twice, TaskReport report, CancellationToken ct)
    {
        var first = run.Range is { } range ? range[0] : calendar.LastSessions(options.DailySessions, run.Session)[0];
        var bySymbol = splits.Values.Where(s => !s.Withdrawn && s.Split.ExecutionDate > first && s.Split.ExecutionDate <= run.Session).ToLookup(s => s.Split.Symbol, s => s.Split);
        var boundaries = (await store.BoundariesAsync(ct)).ToLookup(b => b.Boundary.Symbol, b => b.Boundary.FirstDate);
        var last = new Dictionary<Symbol, DailyBar>();
        var history = new BarHistory(DailyChecks.Depth);
        // The bar before a split may lie before the sessions looked at, when trading was halted.
        if (bySymbol.Count > 0)
            await foreach (var bar in store.ReadNewestDailyAsync([.. bySymbol.Select(s => s.Key)], first.AddDays(-1), 1, ct)) last[bar.Symbol] = bar;
        var found = new List<Disagreement>();
        long steps = 0;
        await foreach (var bar in store.ReadDailyAsync(calendar.LastSessions(UsualSessions + 1, first)[0], run.Session, null, ct))
        {
            // Between two bearers of a ticker there is no step.
            if (bar.Date > first && last.TryGetValue(bar.Symbol, out var before) && !boundaries[bar.Symbol].Any(b => b > before.Date && b <= bar.Date))
            {
                var between = bySymbol[bar.Symbol].Where(s => s.ExecutionDate > before.Date && s.ExecutionDate <= bar.Date).ToArray();
                steps++;
                var (breach, contradicted) = SplitJudge.Judge(before.Close, bar.Open, between);
                if (breach is not null && (breach.Rule != NotListed || LooksListed(before.Close, bar, history.Of(bar.Symbol)))) found.Add(new(bar.Symbol, bar.Date, breach));
                foreach (var split in between) splits[split] = splits[split] with { Quarantined = contradicted.Contains(split) };
            }

            last[bar.Symbol] = bar;
            history.Add(bar);
        }

        found.AddRange(twice.Select(pair => OneOf(pair, splits, first, run.Session)).OfType<Disagreement>());
        await SaveAsync(run, found, first, ct);
        Tell(found, steps, report);
    }

    /// <summary>Whether a step without a listed split is one of a split: the price stays there for the day, on no more shares than a split makes.</summary>
    private static bool LooksListed(double close, in DailyBar bar, BarHistory.Past? past) =>
        Math.Log(bar.Close / close) >= StaysShare * Math.Log(bar.Open / close) == bar.Open > close && !(past is not null && PriceRules.IsNewsOrNoise(bar, past, 1));

    /// <summary>Two of one ratio that no step can tell from an ordinary one: the later known is quarantined.</summary>
    private static Disagreement? OneOf((Split First, Split Second) pair, Dictionary<Split, StoredSplit> splits, DateOnly from, DateOnly session)
    {
        var (one, other) = (splits[pair.First], splits[pair.Second]);
        if (one.Quarantined || other.Quarantined || pair.First.PriceFactor != pair.Second.PriceFactor || OvernightStep.IsTold(pair.First.PriceFactor)) return null;
        var (kept, extra) = one.FirstSeen <= other.FirstSeen ? (one, other) : (other, one);
        splits[extra.Split] = extra with { Quarantined = true };
        if (extra.Split.ExecutionDate < from || extra.Split.ExecutionDate > session) return null;
        return new(extra.Split.Symbol, extra.Split.ExecutionDate, new("split.listed_twice", Severity.Warning, SplitChanges.Text(extra.Split), $"one of two listings: {SplitChanges.Text(kept.Split)} is known for longer and adjusts"));
    }

    private static void Tell(List<Disagreement> found, long steps, TaskReport report)
    {
        var errors = found.Where(f => f.Breach.Severity == Severity.Error).ToArray();
        var unlisted = found.Where(f => f.Breach.Severity != Severity.Error && f.Breach.Rule == NotListed).ToArray();
        var others = found.Except(errors).Except(unlisted).ToArray();
        if (errors.Length > 0) report.Warn($"{errors.Length:N0} listed splits do not agree with the prices: {Say(errors)}");
        if (others.Length > 0) report.Warn($"{others.Length:N0} listed splits agree with the prices in part: {Say(others)}");
        if (unlisted.Length > 0) report.Warn($"{unlisted.Length:N0} overnight steps look like splits that are not listed: {Say(unlisted)}");
        if (found.Count == 0) report.Ok($"{steps:N0} overnight steps agree with the listed splits");
        report.Count("steps", steps).Count("disagreements", found.Count);
    }

    private static string Say(IEnumerable<Disagreement> found) => Names.List(found.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Symbol} {f.Date:yyyy-MM-dd} ({f.Breach.Value})")), 5);

    private async Task SaveAsync(RunContext run, List<Disagreement> found, DateOnly first, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var open = (await store.FindingsAsync(openOnly: true, int.MaxValue, ct)).Where(f => f.Dataset == "splits" && f.Date >= first && f.Date <= run.Session).Select(f => (f.Rule, f.Date));
        foreach (var (rule, date) in found.Select(f => (f.Breach.Rule, f.Date)).Concat(open).Distinct().ToArray())
            await store.SaveFindingsAsync(rule, date,
                [.. found.Where(f => f.Breach.Rule == rule && f.Date == date).Select(f => new Finding(0, "splits", date, f.Symbol, rule, f.Breach.Severity, f.Breach.Value, f.Breach.Expectation, FindingState.Open, now, null))], now, ct);
    }
}
