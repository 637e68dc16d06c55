using DataMaintenance.Pipeline.Checks;
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
    public IReadOnlyList<string> After => [TaskNames.LoadOhlc, TaskNames.ReconcileSessions];

    public void Prepare(RunContext run, CancellationToken ct) => run.Begin(Name, () => source.SplitsAsync(ct));

    public async Task<TaskReport> RunAsync(RunContext run, CancellationToken ct)
    {
        var report = new TaskReport();
        var before = await store.SplitsAsync(ct);
        var list = await run.TakeAsync(Name, () => source.SplitsAsync(ct));
        var (known, listed) = (before.ToDictionary(s => s.Split), list.DistinctBy(l => l.Split).ToDictionary(l => l.Split));
        var changes = SplitChanges.Of(before, list, run.Session);
        var now = clock.GetUtcNow();

        var gone = known.Values.Where(s => !s.Withdrawn && !listed.ContainsKey(s.Split)).ToArray();
        var torso = gone.Length > Math.Max(5, MostWithdrawn * known.Count);
        if (torso) report.Fail($"{gone.Length:N0} of {known.Count:N0} known splits are gone from the provider's list, at most {MostWithdrawn:P0} expected; none was withdrawn: {Names.List(gone.Select(s => s.Split.Symbol.Text))}");

        var merged = listed.Values.Select(l => known.TryGetValue(l.Split, out var was)
                ? was with { ProviderId = l.ProviderId ?? was.ProviderId, LastSeen = now, Withdrawn = false }
                : new StoredSplit(l.Split, l.ProviderId, now, now, false, false))
            .Concat(known.Values.Where(s => !listed.ContainsKey(s.Split)).Select(s => torso ? s : s with { Withdrawn = true }))
            .ToDictionary(s => s.Split);
        await new SplitSteps(store, calendar, options, clock).JudgeAsync(run, merged, torso ? [] : changes.Twice, report, ct);

        var changed = merged.Values.Where(s => !known.TryGetValue(s.Split, out var was) || was.Withdrawn != s.Withdrawn || was.Quarantined != s.Quarantined || was.ProviderId != s.ProviderId).ToArray();
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

        Tell(changes, torso, report);
        var explained = await AbsurdAgain.LookAsync(store, calendar, run.Session, Name, clock.GetUtcNow(), ct);
        if (explained.Count > 0) report.Note($"prices that were absurd are explained by the splits known now: {Names.List(explained.Select(s => s.Text))}");
        var held = await store.SplitsAsync(ct);
        report.Counted("splits in force", held.Count(s => s.InForce), merged.Values.Count(s => s.InForce));
        return report.Count("symbols", changed.Select(s => s.Split.Symbol).Distinct().Count()).Count("rows", changed.Length).Count("splits", held.Count);
    }

    /// <summary>What became of the list, by name; a first load of thousands is counted only.</summary>
    private static void Tell(SplitChanges changes, bool torso, TaskReport report)
    {
        if (changes.Changed.Count > 0) report.Note($"changed: {Names.List(changes.Changed.Select(c => $"{SplitChanges.Text(c.Before)}, now {SplitChanges.Text(c.Now)}"), 5)}");
        var withdrawn = changes.Withdrawn.Except(changes.Changed.Select(c => c.Before)).ToArray();
        if (withdrawn.Length > 0 && !torso) report.Note($"withdrawn, taken back: {Names.List(withdrawn.Select(SplitChanges.Text), 5)}");
        if (changes.Twice.Count > 0) report.Note($"{changes.Twice.Count:N0} pairs look like one split listed twice; the prices decide which adjusts: {Names.List(changes.Twice.Select(t => SplitChanges.Text(t.Second)), 5)}");
        report.Count("added", changes.Added.Count).Count("withdrawn", withdrawn.Length).Count("changed", changes.Changed.Count).Count("coming", changes.Coming.Count).Count("listed_twice", changes.Twice.Count);
    }

    /// <summary>Whether the split lies within the bars that recent derived values are computed from.</summary>
    private bool Concerns(Split split, DateOnly session) =>
        split.ExecutionDate > calendar.LastSessions(options.DailySessions, session)[0] && split.ExecutionDate <= calendar.NextSession(session);
}
