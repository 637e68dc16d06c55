using System.Collections.Concurrent;
using DataMaintenance.Cache;
using DataMaintenance.Provider;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>Details and free float, a few hundred symbols a night, the most wanted first. Committed as they come.</summary>
public sealed class EnrichMetadata(
    IMarketSource source, IStore store, Reader cache, TradingCalendar calendar, ChecksOptions checks, TaskOptions options, TimeProvider clock) : IMaintenanceTask
{
    /// <summary><see cref="TickerMetadata.LastError"/> of a symbol the provider does not know.</summary>
    public const string NotKnown = "the provider does not know this ticker";

    public string Name => TaskNames.EnrichMetadata;
    public IReadOnlyList<string> After => [TaskNames.AutoRecover];

    public async Task<TaskReport> RunAsync(RunContext run, CancellationToken ct)
    {
        var report = new TaskReport();
        var known = (await store.MetadataAsync(null, ct)).ToDictionary(m => m.Symbol);
        var active = (await store.UniverseAsync(ct)).Where(e => e.IsActive).Select(e => e.Symbol).ToArray();
        var floats = await FloatsAsync(known, report, ct);
        var queue = MetadataQueue.Of(active, known, await TradedAsync(run.Session, ct), await ScannedAsync(report, ct), clock.GetUtcNow(), options);
        if (queue.Count == 0)
            return report.Ok($"details of all {active.Length:N0} active symbols that trade are known or confirmed absent").Count("symbols", 0);

        report.Worked();
        var (failures, unknown) = await AskAsync(run, queue, known, floats, ct);
        await SaveUnknownAsync(unknown, queue.Count, report, ct);
        var stored = (await store.MetadataAsync([.. queue], ct)).Where(m => m.LastAttemptAt >= run.StartedAt && m.LastError is null or NotKnown).Select(m => m.Symbol).ToHashSet();
        var unanswered = queue.Where(s => !stored.Contains(s)).Select(s => s.Text).ToArray();
        report.AtLeast("share of the details asked for that are stored", (double)stored.Count / queue.Count, checks.MinMetadataRatio);
        if (failures.TryPeek(out var failure)) report.NotReached(failure);
        if (unanswered.Length > 0) report.Warn($"{unanswered.Length:N0} of {queue.Count:N0} did not come: {Names.List(unanswered)}{(failures.IsEmpty ? "" : $" ({failures.First().Message})")}");
        return report.Count("symbols", stored.Count).Count("asked", queue.Count).Count("rows", stored.Count);
    }

    private async Task<(ConcurrentBag<ProviderException> Failures, ConcurrentBag<TickerMetadata> Unknown)> AskAsync(
        RunContext run, IReadOnlyList<Symbol> queue, Dictionary<Symbol, TickerMetadata> known, IReadOnlyDictionary<Symbol, long> floats, CancellationToken ct)
    {
        var failures = new ConcurrentBag<ProviderException>();
        var unknown = new ConcurrentBag<TickerMetadata>();
        var done = 0;
        foreach (var batch in queue.Chunk(BatchSize))
        {
            var replies = new ConcurrentBag<TickerMetadata>();
            // The source bounds how many are in flight and how fast.
            await Parallel.ForEachAsync(batch, new ParallelOptions { MaxDegreeOfParallelism = BatchSize, CancellationToken = ct }, async (symbol, token) =>
            {
                var before = known.GetValueOrDefault(symbol) ?? new TickerMetadata(symbol);
                before = before with { LastAttemptAt = clock.GetUtcNow() };
                try
                {
                    var details = await source.DetailsAsync(symbol, token);
                    if (details is null && before.Name is not null) unknown.Add(before);
                    else if (details is null) replies.Add(before with { LastError = NotKnown });
                    else replies.Add(Merge(before, details, floats));
                }
                catch (ProviderException e)
                {
                    failures.Add(e);
                    replies.Add(before with { LastError = e.Message });
                }

                run.Progress(Name, Interlocked.Increment(ref done), queue.Count, "symbols");
            });
            await store.SaveMetadataAsync([.. replies], ct);
        }

        return (failures, unknown);
    }

    /// <summary>
    /// A listed symbol without details is believed when there are few, or when the provider says so in a second run; many at once are
    /// a fault, and are asked for again.
    /// </summary>
    private async Task SaveUnknownAsync(ConcurrentBag<TickerMetadata> unknown, int asked, TaskReport report, CancellationToken ct)
    {
        if (unknown.IsEmpty) return;
        var many = unknown.Count > LeastSuspicious && unknown.Count > (1 - checks.MinMetadataRatio) * asked;
        var doubted = many ? unknown.Where(m => m.LastError != Doubted || unknown.Count > MostBelieved).Select(m => m.Symbol).ToHashSet() : [];
        await store.SaveMetadataAsync([.. unknown.Select(m => m with { LastError = doubted.Contains(m.Symbol) ? Doubted : NotKnown })], ct);
        if (doubted.Count > 0)
            report.Fail($"the provider does not know {doubted.Count:N0} of the {asked:N0} symbols asked, although it lists them; they will be asked for again: {Names.List(doubted.Select(s => s.Text))}");
    }

    private TickerMetadata Merge(TickerMetadata before, TickerDetails details, IReadOnlyDictionary<Symbol, long> floats) => before with
    {
        Name = details.Name ?? before.Name,
        Exchange = details.Exchange ?? before.Exchange,
        Type = details.Type ?? before.Type,
        SicCode = details.SicCode,
        Sector = SicSector.Of(details.SicCode),
        Industry = details.SicDescription,
        MarketCap = details.MarketCap,
        SharesOutstanding = details.SharesOutstanding,
        FloatShares = floats.TryGetValue(before.Symbol, out var shares) ? shares : before.FloatShares,
        Description = details.Description,
        ListDate = details.ListDate,
        Cik = details.Cik ?? before.Cik,
        CompositeFigi = details.CompositeFigi ?? before.CompositeFigi,
        HomepageUrl = details.HomepageUrl,
        TotalEmployees = details.TotalEmployees,
        UpdatedAt = clock.GetUtcNow(),
        LastError = null,
    };

    /// <summary>The float list is whole and cheap, so it is taken for everybody.</summary>
    private async Task<IReadOnlyDictionary<Symbol, long>> FloatsAsync(Dictionary<Symbol, TickerMetadata> known, TaskReport report, CancellationToken ct)
    {
        try
        {
            var floats = await source.FloatsAsync(ct);
            var changed = floats.Where(f => known.TryGetValue(f.Key, out var m) && m.FloatShares != f.Value).Select(f => known[f.Key] = known[f.Key] with { FloatShares = f.Value }).ToArray();
            if (changed.Length > 0)
            {
                report.Worked().Ok($"{changed.Length:N0} free floats new or changed");
                await store.SaveMetadataAsync(changed, ct);
            }

            return floats;
        }
        catch (ProviderException e)
        {
            report.Warn($"free floats did not come: {e.Message}");
            return new Dictionary<Symbol, long>();
        }
    }

    private async Task<IReadOnlySet<Symbol>> TradedAsync(DateOnly session, CancellationToken ct)
    {
        var traded = new HashSet<Symbol>();
        foreach (var day in calendar.LastSessions(5, session))
            traded.UnionWith((await store.SymbolCoverageAsync(Dataset.Daily, day, ct)).Values.Where(c => c.Rows > 0).Select(c => c.Symbol!.Value));
        return traded;
    }

    private async Task<IReadOnlySet<Symbol>> ScannedAsync(TaskReport report, CancellationToken ct)
    {
        try
        {
            return await cache.ScannerSymbolsAsync(ct);
        }
        catch (Exception e) when (e is RedisUnavailableException or RedisRefusedException)
        {
            report.Warn($"the scanner's categories could not be read: {e.Message}");
            return new HashSet<Symbol>();
        }
    }

    private const int BatchSize = 50;
    private const int LeastSuspicious = 5;
    private const int MostBelieved = 50;
    private const string Doubted = "the provider does not know this ticker, although it lists it; asked again";
}
