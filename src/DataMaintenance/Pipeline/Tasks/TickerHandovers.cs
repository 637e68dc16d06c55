using DataMaintenance.Provider;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>
/// Finds tickers that passed to another security, so that the two are not one series: whose identifiers are others than were known, who is listed again
/// after another was delisted, and who was listed after bars of the ticker that it cannot have traded.
/// </summary>
internal sealed class TickerHandovers(IMarketSource source, IStore store, TradingCalendar calendar, TimeProvider clock)
{
    /// <summary>How many bars back a handover is looked for.</summary>
    private const int Reach = 260;

    /// <summary>A listing older than so many sessions is no longer held against bars: all values but the longest averages have outgrown it.</summary>
    private const int RecentListing = 60;

    /// <summary>Details are asked for so many suspects; a list that is wrong as a whole is not followed up one by one.</summary>
    private const int MostAsked = 50;

    /// <param name="known">Metadata as they were before tonight's list.</param>
    /// <param name="delisted">The provider's list of delisted tickers; empty when it was not fetched.</param>
    /// <param name="universe">Before tonight.</param>
    /// <returns>Symbols whose description is a former bearer's and is to be forgotten.</returns>
    public async Task<IReadOnlySet<Symbol>> FindAsync(
        DateOnly session, IReadOnlyDictionary<Symbol, Ticker> listed, IReadOnlyDictionary<Symbol, TickerMetadata> known, IReadOnlyDictionary<Symbol, Ticker> delisted,
        IReadOnlyDictionary<Symbol, UniverseEntry> universe, TaskReport report, CancellationToken ct)
    {
        var oldest = await store.DayCoverageAsync(Dataset.Daily, DateOnly.MinValue, session, ct) is [var first, ..] ? first.Date : session;
        var recent = calendar.LastSessions(RecentListing, session)[0];
        var settled = (await store.BoundariesAsync(ct)).ToLookup(b => b.Boundary.Symbol, b => b.Boundary.FirstDate);
        var suspects = new Dictionary<Symbol, Handover>();
        foreach (var (symbol, ticker) in listed)
        {
            var left = delisted.GetValueOrDefault(symbol) is { DelistedOn: { } day } gone && day >= oldest && !settled[symbol].Any(b => b >= day) ? gone : null;
            if (Suspect(ticker, known.GetValueOrDefault(symbol), left, universe.GetValueOrDefault(symbol), recent) is { } suspect) suspects[symbol] = suspect;
        }

        if (suspects.Count == 0) return new HashSet<Symbol>();

        var bars = new Dictionary<Symbol, List<DateOnly>>();
        await foreach (var bar in store.ReadNewestDailyAsync(suspects.Keys, session, Reach, ct))
        {
            if (!bars.TryGetValue(bar.Symbol, out var dates)) bars.Add(bar.Symbol, dates = []);
            dates.Add(bar.Date);
        }

        var found = new List<StoredBoundary>();
        foreach (var (symbol, dates) in bars)
        {
            var suspect = suspects[symbol];
            if (suspect.Identity is TickerIdentity.Another or TickerIdentity.Unsure && suspects.Count <= MostAsked) suspect = suspect with { Listed = await ListedAsync(symbol, ct) };
            // A break that has a boundary already is not judged again: its bars may be gone by now.
            if (suspect.FirstDate(dates, session, calendar) is { } firstDate && !settled[symbol].Any(b => b > dates.LastOrDefault(d => d < firstDate) && b <= firstDate))
                found.Add(new(new(symbol, firstDate), suspect.Evidence(firstDate, dates, calendar), clock.GetUtcNow()));
        }

        await TellAsync(found, suspects, report, ct);
        var parted = found.Select(f => f.Boundary.Symbol).ToHashSet();
        return suspects.Keys.Where(s => known.TryGetValue(s, out var described) && Bearer.Of(described).Compared(Bearer.Of(listed[s])) is var identity
            && (identity == TickerIdentity.Another || (identity == TickerIdentity.Unsure && parted.Contains(s)))).ToHashSet();
    }

    /// <param name="left">A bearer of the ticker that was delisted while bars are held, and has no boundary yet.</param>
    private static Handover? Suspect(Ticker now, TickerMetadata? known, Ticker? left, UniverseEntry? entry, DateOnly recent)
    {
        var present = Bearer.Of(now);
        // What was known of somebody inactive, or of tonight's former bearer.
        if (known is not null && Bearer.Of(known).Compared(present) is not TickerIdentity.Same and var changed)
            return new(now.Symbol, changed, Bearer.Of(known), present, left?.DelistedOn ?? entry?.DelistedOn, null);
        if (left is not null && Bearer.Of(left).Compared(present) is TickerIdentity.Another or TickerIdentity.Unsure)
            return new(now.Symbol, Bearer.Of(left).Compared(present), Bearer.Of(left), present, left.DelistedOn, known?.ListDate);
        return known?.ListDate > recent ? new(now.Symbol, TickerIdentity.Same, null, null, null, known.ListDate) : null;
    }

    private async Task<DateOnly?> ListedAsync(Symbol symbol, CancellationToken ct)
    {
        try
        {
            return (await source.DetailsAsync(symbol, ct))?.ListDate;
        }
        catch (ProviderException)
        {
            // One piece of evidence less; the bars and the lists decide without it.
            return null;
        }
    }

    private async Task TellAsync(List<StoredBoundary> found, Dictionary<Symbol, Handover> suspects, TaskReport report, CancellationToken ct)
    {
        var told = found.Select(f => f.Boundary.Symbol).ToHashSet();
        var kept = suspects.Values.Where(s => s.Identity is TickerIdentity.Reorganised or TickerIdentity.Unsure && !told.Contains(s.Symbol)).Select(s => s.Symbol.Text).ToArray();
        if (kept.Length > 0) report.Note($"{kept.Length:N0} tickers have another FIGI or CIK while their trading went on: {Names.List(kept)}; each is kept as one series");
        if (found.Count == 0) return;
        report.Worked().Count("boundaries", found.Count);
        report.Note($"{found.Count:N0} tickers passed to another security, whose values take nothing from before: {Names.List(found.Select(f => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{f.Boundary.Symbol} from {f.Boundary.FirstDate:yyyy-MM-dd}")))}");
        await store.SaveBoundariesAsync(found, ct);
    }
}
