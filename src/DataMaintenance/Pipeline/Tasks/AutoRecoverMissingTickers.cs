using DataMaintenance.Cache;
using DataMaintenance.Pipeline.Checks;
using DataMaintenance.Provider;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>
/// Keeps the universe: symbols in the provider's list, in the session's bars or in the platform's snapshot that it lacks come in;
/// those the provider no longer lists and that no longer trade are set inactive. Basic metadata of the list comes along.
/// </summary>
public sealed class AutoRecoverMissingTickers(
    IMarketSource source, IStore store, Reader cache, TradingCalendar calendar, ChecksOptions checks, TimeProvider clock) : IMaintenanceTask
{
    public string Name => TaskNames.AutoRecover;
    public IReadOnlyList<string> After => [TaskNames.LoadOhlc, TaskNames.ReconcileSessions];

    public void Prepare(RunContext run, CancellationToken ct) => run.Begin(Name, () => source.TickersAsync(active: true, ct));

    public async Task<TaskReport> RunAsync(RunContext run, CancellationToken ct)
    {
        var report = new TaskReport();
        var known = (await store.UniverseAsync(ct)).ToDictionary(e => e.Symbol);
        var newest = known.Count == 0 ? DateOnly.MinValue : known.Values.Max(e => e.LastSeen);
        var traded = await TradedAsync(run, ct);
        var listed = await ListedAsync(run, report, ct);
        var snapshot = await SnapshotAsync(report, ct);

        var changed = new List<UniverseEntry>();
        // An older session says nothing about who is listed now: it neither revives nor retires anybody.
        var current = run.Session >= newest;
        var added = Added(run.Session, current, known, listed, traded, snapshot, changed);
        var leaving = listed is null || !current ? [] : known.Values.Where(e => e.IsActive && !listed.ContainsKey(e.Symbol) && !traded.Contains(e.Symbol) && !snapshot.Contains(e.Symbol)).ToArray();
        var active = known.Values.Count(e => e.IsActive);
        // Also on the first night and when somebody came back: under the ticker of a delisted one may trade another.
        var delisted = leaving.Length > 0 || (listed is not null && current && (active == 0 || changed.Exists(e => known.ContainsKey(e.Symbol) && !known[e.Symbol].IsActive))) ? await DelistedAsync(report, ct) : new Dictionary<Symbol, Ticker>();
        var churnBound = Math.Max(10, checks.MaxChurn * active);
        if (active > 0 && leaving.Length > churnBound) report.Fail($"{leaving.Length:N0} of {active:N0} active symbols are gone from the provider's list, at most {churnBound:N0} expected; nothing was set inactive: {Names.List(leaving.Select(e => e.Symbol.Text))}");
        else if (leaving.Length > 0)
        {
            report.Note($"{leaving.Length:N0} set inactive: {Names.List(leaving.Select(e => e.Symbol.Text))}");
            changed.AddRange(leaving.Select(e => e with { IsActive = false, DelistedOn = delisted.GetValueOrDefault(e.Symbol)?.DelistedOn ?? (e.LastSeen < run.Session ? e.LastSeen : run.Session) }));
        }

        if (active > 0 && added > churnBound)
        {
            var told = $"{added:N0} symbols are new against {active:N0} active ones";
            if (added > active || !await HasJudgedAsync(run.Session, ct)) report.Warn($"{told}, which were few, or not brought by a run of ours; they were added");
            else report.Fail($"{told}, at most {churnBound:N0} expected; they were added, look at the provider's list");
        }

        if (changed.Count > 0)
        {
            report.Worked();
            await store.SaveUniverseAsync(changed, ct);
        }

        if (listed is not null)
        {
            var described = (await store.MetadataAsync(null, ct)).ToDictionary(m => m.Symbol);
            var handedOver = current ? await new TickerHandovers(source, store, calendar, clock).FindAsync(run.Session, listed, described, delisted, known, report, ct) : new HashSet<Symbol>();
            await SaveBasicsAsync(listed.Values, described, handedOver, report, ct);
            var strangers = new Strangers(store, Name, clock);
            if (current && active > 0 && leaving.Length <= churnBound) await strangers.JudgeAsync(run.Session, known, listed, traded, report, ct);
            if (current && leaving.Length <= churnBound) await strangers.SettleAsync(run.Session, listed, report, ct);
        }

        await CheckAsync(changed, added, report, ct);
        return report;
    }

    /// <summary>Whether this task ever succeeded: before, the universe is one brought from elsewhere, and says nothing about what is usual.</summary>
    private async Task<bool> HasJudgedAsync(DateOnly session, CancellationToken ct) =>
        (await store.LearnedCountsAsync(Name, "symbols", session.AddDays(1), 1, ct)).Count > 0;

    private async Task<HashSet<Symbol>> TradedAsync(RunContext run, CancellationToken ct)
    {
        var traded = new HashSet<Symbol>();
        foreach (var session in run.Range ?? [run.Session])
            traded.UnionWith((await store.SymbolCoverageAsync(Dataset.Daily, session, ct)).Values.Where(c => c.Rows > 0).Select(c => c.Symbol!.Value));
        return traded;
    }

    private async Task<Dictionary<Symbol, Ticker>?> ListedAsync(RunContext run, TaskReport report, CancellationToken ct)
    {
        try
        {
            var tickers = await run.TakeAsync(Name, () => source.TickersAsync(active: true, ct));
            if (tickers.Count > 0) return tickers.ToDictionary(t => t.Symbol);
            report.Fail("the provider's list of active tickers is empty; nothing was set inactive");
        }
        catch (ProviderException e)
        {
            report.NotReached(e).Fail($"the provider's list of active tickers did not come, so only traded symbols were added: {e.Message}");
        }

        return null;
    }

    private async Task<IReadOnlySet<Symbol>> SnapshotAsync(TaskReport report, CancellationToken ct)
    {
        try
        {
            return await cache.SnapshotSymbolsAsync(ct);
        }
        catch (Exception e) when (e is RedisUnavailableException or RedisRefusedException)
        {
            report.Warn($"the platform's snapshot could not be read: {e.Message}");
            return new HashSet<Symbol>();
        }
    }

    /// <summary>New, returned and re-described symbols into <paramref name="changed"/>.</summary>
    /// <returns>How many are new or active again.</returns>
    private static int Added(
        DateOnly session, bool current, Dictionary<Symbol, UniverseEntry> known, Dictionary<Symbol, Ticker>? listed, HashSet<Symbol> traded, IReadOnlySet<Symbol> snapshot, List<UniverseEntry> changed)
    {
        var added = 0;
        foreach (var symbol in (listed?.Keys ?? Enumerable.Empty<Symbol>()).Concat(traded).Concat(snapshot).Distinct())
        {
            var ticker = listed?.GetValueOrDefault(symbol);
            var entry = known.GetValueOrDefault(symbol);
            var before = entry;
            entry ??= new(symbol, current || ticker is not null || snapshot.Contains(symbol), null, null, session, session, null);
            var seen = ticker is not null || traded.Contains(symbol);
            entry = entry with
            {
                Type = ticker?.Type ?? entry.Type,
                Exchange = ticker?.Exchange ?? entry.Exchange,
                FirstSeen = entry.FirstSeen <= session ? entry.FirstSeen : session,
                LastSeen = seen && session > entry.LastSeen ? session : entry.LastSeen,
            };
            // Whoever is listed, or traded after it was last seen, is active again.
            if (!entry.IsActive && (ticker is not null || (current && traded.Contains(symbol) && before!.LastSeen < session))) entry = entry with { IsActive = true, DelistedOn = null };
            if (entry.IsActive && before is not { IsActive: true }) added++;
            if (entry != before) changed.Add(entry);
        }

        return added;
    }

    private async Task<IReadOnlyDictionary<Symbol, Ticker>> DelistedAsync(TaskReport report, CancellationToken ct)
    {
        try
        {
            return (await source.TickersAsync(active: false, ct)).ToDictionary(t => t.Symbol);
        }
        catch (ProviderException e)
        {
            report.Warn($"the list of delisted tickers did not come, so their last day is taken from our own bars: {e.Message}");
            return new Dictionary<Symbol, Ticker>();
        }
    }

    /// <summary>Name, type, exchange, CIK and FIGI from the list, so that every symbol has a document before its details are fetched.</summary>
    /// <param name="handedOver">What is known of these is of a former bearer of the ticker.</param>
    private async Task SaveBasicsAsync(IEnumerable<Ticker> listed, Dictionary<Symbol, TickerMetadata> known, IReadOnlySet<Symbol> handedOver, TaskReport report, CancellationToken ct)
    {
        var changed = new List<TickerMetadata>();
        foreach (var ticker in listed)
        {
            var before = known.GetValueOrDefault(ticker.Symbol) is { } described && !handedOver.Contains(ticker.Symbol) ? described : new TickerMetadata(ticker.Symbol);
            var now = before with
            {
                Name = ticker.Name ?? before.Name,
                Type = ticker.Type ?? before.Type,
                Exchange = ticker.Exchange ?? before.Exchange,
                Cik = ticker.Cik ?? before.Cik,
                CompositeFigi = ticker.CompositeFigi ?? before.CompositeFigi,
            };
            if (now != before || !known.ContainsKey(ticker.Symbol)) changed.Add(now);
        }

        if (changed.Count == 0) return;
        report.Worked().Ok($"{changed.Count:N0} descriptions new or changed in the list");
        await store.SaveMetadataAsync(changed, ct);
    }

    private async Task CheckAsync(List<UniverseEntry> changed, int added, TaskReport report, CancellationToken ct)
    {
        var after = (await store.UniverseAsync(ct)).ToDictionary(e => e.Symbol);
        var lost = changed.Where(e => after.GetValueOrDefault(e.Symbol) != e).Select(e => e.Symbol.Text).ToArray();
        if (lost.Length > 0) report.Fail($"{lost.Length:N0} of {changed.Count:N0} changes are not in the universe afterwards: {Names.List(lost)}; run it again");
        var active = after.Values.Count(e => e.IsActive);
        if (active == 0) report.Fail("the universe is empty: neither the provider's list nor the session's bars named a symbol");
        else report.Ok($"{active:N0} active symbols, {added:N0} new, {changed.Count(e => !e.IsActive):N0} gone");
        report.Count("symbols", active).Count("added", added).Count("rows", changed.Count);
    }
}
