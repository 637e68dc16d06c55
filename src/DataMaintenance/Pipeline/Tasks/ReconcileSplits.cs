using DataMaintenance.Provider;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>
/// New, changed and withdrawn splits into the table; touches no bar. Names the symbols whose derived values are stale by it, and
/// holds every recent overnight step against the list: a listed split whose step did not happen is quarantined, not applied.
/// </summary>
public sealed class ReconcileSplits(IMarketSource source, IStore store, TradingCalendar calendar, TaskOptions options, TimeProvider clock) : IMaintenanceTask
{
    /// <summary>A list that lost more than this share of the known splits is taken for a torso, and nothing is withdrawn on its strength.</summary>
    public const double MostWithdrawn = 0.1;

    public string Name => TaskNames.ReconcileSplits;
    public IReadOnlyList<string> After => [TaskNames.LoadOhlc];

    public async Task<TaskReport> RunAsync(RunContext run, CancellationToken ct)
    {
        var report = new TaskReport();
        var known = (await store.SplitsAsync(ct)).ToDictionary(s => s.Split);
        var listed = (await source.SplitsAsync(ct)).DistinctBy(l => l.Split).ToDictionary(l => l.Split);
        var now = clock.GetUtcNow();

        var gone = known.Values.Where(s => !s.Withdrawn && !listed.ContainsKey(s.Split)).ToArray();
        var torso = gone.Length > Math.Max(5, MostWithdrawn * known.Count);
        if (torso) report.Fail($"{gone.Length:N0} of {known.Count:N0} known splits are gone from the provider's list, at most {MostWithdrawn:P0} expected; none was withdrawn: {Names.List(gone.Select(s => s.Split.Symbol.Text))}");

        var merged = listed.Values.Select(l => known.TryGetValue(l.Split, out var before)
                ? before with { ProviderId = l.ProviderId ?? before.ProviderId, LastSeen = now, Withdrawn = false }
                : new StoredSplit(l.Split, l.ProviderId, now, now, false, false))
            .Concat(known.Values.Where(s => !listed.ContainsKey(s.Split)).Select(s => torso ? s : s with { Withdrawn = true }))
            .ToDictionary(s => s.Split);
        await JudgeStepsAsync(run, merged, report, ct);

        var changed = merged.Values.Where(s => !known.TryGetValue(s.Split, out var before) || before.Withdrawn != s.Withdrawn || before.Quarantined != s.Quarantined || before.ProviderId != s.ProviderId).ToArray();
        if (changed.Length > 0)
        {
            report.Worked();
            await store.SaveSplitsAsync([.. merged.Values], ct);
            var stale = changed.Where(s => Concerns(s.Split, run.Session)).Select(s => s.Split.Symbol.Text).Distinct().ToArray();
            report.Ok($"{changed.Length:N0} splits new, changed or withdrawn; derived values of {stale.Length:N0} symbols are stale by it{(stale.Length > 0 ? ": " + Names.List(stale) : "")}");
        }
        else
        {
            report.Ok($"all {listed.Count:N0} listed splits are known");
        }

        var held = await store.SplitsAsync(ct);
        report.Counted("splits in force", held.Count(s => s.InForce), merged.Values.Count(s => s.InForce));
        return report.Count("symbols", changed.Select(s => s.Split.Symbol).Distinct().Count()).Count("rows", changed.Length).Count("splits", held.Count);
    }

    /// <summary>Whether the split lies within the bars that recent derived values are computed from.</summary>
    private bool Concerns(Split split, DateOnly session) =>
        split.ExecutionDate > calendar.LastSessions(options.DailySessions, session)[0] && split.ExecutionDate <= calendar.NextSession(session);

    private async Task JudgeStepsAsync(RunContext run, Dictionary<Split, StoredSplit> splits, TaskReport report, CancellationToken ct)
    {
        var first = run.Range is { } range ? range[0] : calendar.LastSessions(options.DailySessions, run.Session)[0];
        var bySymbol = splits.Values.Where(s => !s.Withdrawn && s.Split.ExecutionDate > first && s.Split.ExecutionDate <= run.Session).ToLookup(s => s.Split.Symbol);
        var last = new Dictionary<Symbol, DailyBar>();
        var breaches = new List<(DailyBar Bar, Breach Breach)>();
        long steps = 0;
        await foreach (var bar in store.ReadDailyAsync(first, run.Session, null, ct))
        {
            if (last.TryGetValue(bar.Symbol, out var before))
            {
                var between = bySymbol[bar.Symbol].Where(s => s.Split.ExecutionDate > before.Date && s.Split.ExecutionDate <= bar.Date).Select(s => s.Split).ToArray();
                var factor = between.Aggregate(1.0, (product, split) => product * split.PriceFactor);
                steps++;
                if (OvernightStep.Check(before.Close, bar.Open, factor) is { } breach) breaches.Add((bar, breach));
                foreach (var split in between)
                {
                    // Only a split that the prices plainly contradict is kept from adjusting them.
                    var quarantined = breaches.Count > 0 && breaches[^1].Bar == bar && breaches[^1].Breach.Rule == "split.without_step";
                    splits[split] = splits[split] with { Quarantined = quarantined };
                }
            }

            last[bar.Symbol] = bar;
        }

        await SaveAsync(run, breaches, first, ct);
        var contradicted = breaches.Where(b => b.Breach.Severity == Severity.Error).ToArray();
        var suspected = breaches.Where(b => b.Breach.Severity != Severity.Error).ToArray();
        if (contradicted.Length > 0) report.Warn($"{contradicted.Length:N0} listed splits do not agree with the prices: {Say(contradicted)}");
        if (suspected.Length > 0) report.Warn($"{suspected.Length:N0} overnight steps look like splits that are not listed: {Say(suspected)}");
        if (breaches.Count == 0) report.Ok($"{steps:N0} overnight steps agree with the listed splits");
        report.Count("steps", steps).Count("disagreements", breaches.Count);
    }

    private static string Say((DailyBar Bar, Breach Breach)[] breaches) => Names.List(breaches.Select(b => $"{b.Bar.Symbol} {b.Bar.Date:yyyy-MM-dd} ({b.Breach.Value})"), 5);

    private async Task SaveAsync(RunContext run, List<(DailyBar Bar, Breach Breach)> breaches, DateOnly first, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var open = (await store.FindingsAsync(openOnly: true, int.MaxValue, ct)).Where(f => f.Dataset == "splits" && f.Date >= first && f.Date <= run.Session).Select(f => (f.Rule, f.Date));
        foreach (var (rule, date) in breaches.Select(b => (b.Breach.Rule, b.Bar.Date)).Concat(open).Distinct().ToArray())
            await store.SaveFindingsAsync(rule, date,
                [.. breaches.Where(b => b.Breach.Rule == rule && b.Bar.Date == date).Select(b => new Finding(0, "splits", date, b.Bar.Symbol, rule, b.Breach.Severity, b.Breach.Value, b.Breach.Expectation, FindingState.Open, now, null))], now, ct);
    }
}
