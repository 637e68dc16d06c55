using DataMaintenance.Pipeline.Checks;
using DataMaintenance.Provider;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>Finds the symbols and sessions of slots that are neither stored nor staged.</summary>
internal sealed class SlotGaps(IMarketSource source, IStore store, Freshness freshness, TimeProvider clock)
{
    private static readonly IReadOnlySet<Symbol> NoOne = new HashSet<Symbol>();

    /// <param name="counted">Slots in the table by session, where they were counted already.</param>
    /// <param name="discard">Whether a forced session's staged replies are thrown away; false only to look.</param>
    public async Task<SlotsWanted> FindAsync(RunContext run, IReadOnlyList<DateOnly> sessions, TaskReport report, bool discard, CancellationToken ct, IReadOnlyDictionary<DateOnly, long>? counted = null)
    {
        var due = (await freshness.DueAsync(Dataset.Slots, sessions, clock.GetUtcNow(), run.FinalDelay, run.Force, ct, counted)).ToDictionary(d => d.Session);
        var universe = await ExpectedAnywhereAsync(ct);
        var wanted = new Dictionary<Symbol, List<DateOnly>>();
        var publish = new List<Due>();
        var contradicted = await store.ContradictedAsync(sessions[0], sessions[^1], ct);
        var lost = await LostAsync(sessions, ct);
        foreach (var session in sessions)
        {
            var staged = await store.StagedAsync(session, ct);
            var (silent, torn) = (contradicted.GetValueOrDefault(session) ?? NoOne, lost.GetValueOrDefault(session) ?? NoOne);
            var doubted = silent.Union(torn).ToHashSet();
            if (!due.TryGetValue(session, out var why) && staged.Count == 0 && doubted.Count == 0) continue;
            why ??= new(session, DueReason.Short, staged.Count > 0 ? "replies of an interrupted run are staged"
                : silent.Count > 0 ? $"{silent.Count:N0} symbols known to be silent have a daily bar since" : $"{torn.Count:N0} symbols have lost a part of the day");
            // What was fetched while the day went on, or was told to be over before it was, is fetched whole again; staged replies of that kind are worth nothing.
            var again = why.Reason is DueReason.Forced or DueReason.Torso || (why.Reason is DueReason.Provisional && await WasEarlyAsync(session, run.FinalDelay, ct));
            if (again && why.Reason is DueReason.Forced && staged.Count > 0)
            {
                if (discard) await store.DiscardStagedAsync(session, ct);
                staged = new HashSet<Symbol>();
            }

            var missing = await MissingAsync(session, universe, staged, doubted, again, ct);
            foreach (var symbol in missing)
            {
                if (!wanted.TryGetValue(symbol, out var dates)) wanted[symbol] = dates = [];
                dates.Add(session);
            }

            if (missing.Count == 0 && staged.Count == 0) continue;
            publish.Add(why);
            report.Note($"{session:yyyy-MM-dd} was due: {why.Why}; {missing.Count:N0} symbols to ask{(staged.Count > 0 ? $", {staged.Count:N0} replies already here" : "")}");
        }

        return new(wanted.OrderBy(w => w.Key).ToDictionary(w => w.Key, w => (IReadOnlyList<DateOnly>)w.Value), publish);
    }

    /// <summary>Whose minutes are missing by an open finding: where a symbol is asked for by itself, its answer may hold them by now.</summary>
    private async Task<Dictionary<DateOnly, IReadOnlySet<Symbol>>> LostAsync(IReadOnlyList<DateOnly> sessions, CancellationToken ct) => !source.AsksBySymbol ? []
        : (await store.OpenFindingsAsync(Rules.Slots, sessions[0], sessions[^1], ct)).Where(f => f.Rule == Rules.Gap.Name && f.Symbol is not null)
            .GroupBy(f => f.Date).ToDictionary(g => g.Key, g => (IReadOnlySet<Symbol>)g.Select(f => f.Symbol!.Value).ToHashSet());

    private async Task<IReadOnlyCollection<Symbol>> ExpectedAnywhereAsync(CancellationToken ct)
    {
        var universe = (await store.UniverseAsync(ct)).Where(e => e.IsActive).Select(e => e.Symbol).ToArray();
        return universe.Length > 0 ? universe : [.. (await source.TickersAsync(active: true, ct)).Select(t => t.Symbol)];
    }

    /// <summary>Whether the day was fetched before its figures were final, rather than with symbols missing or suspected.</summary>
    private async Task<bool> WasEarlyAsync(DateOnly session, TimeSpan delay, CancellationToken ct) =>
        (await store.DayCoverageAsync(Dataset.Slots, session, session, ct)).Any(c => !freshness.IsFinal(session, c.AsOf, delay));

    private async Task<IReadOnlyCollection<Symbol>> MissingAsync(DateOnly session, IReadOnlyCollection<Symbol> universe, IReadOnlySet<Symbol> staged, HashSet<Symbol> doubted, bool again, CancellationToken ct)
    {
        var expected = new HashSet<Symbol>(universe);
        expected.UnionWith((await store.SymbolCoverageAsync(Dataset.Daily, session, ct)).Values.Where(c => c.Rows > 0).Select(c => c.Symbol!.Value));
        var coverage = await store.SymbolCoverageAsync(Dataset.Slots, session, ct);
        expected.UnionWith(coverage.Keys);
        expected.ExceptWith(staged);
        if (again || coverage.Count == 0) return expected;
        var held = await store.CountBySymbolAsync(Dataset.Slots, session, ct);
        expected.RemoveWhere(s => !doubted.Contains(s) && coverage.TryGetValue(s, out var c) && c.Final && c.Rows == held.GetValueOrDefault(s));
        return expected;
    }
}
