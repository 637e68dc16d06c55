using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Values;

/// <summary>
/// Bars and slots up to a session on the split basis of a day, counted on the way against what coverage says was written. The one
/// way in for everything that is computed or exported.
/// </summary>
public sealed class Inputs
{
    private readonly IStore store;
    private readonly FrozenDictionary<Symbol, Adjustment> adjustments;
    private readonly Dictionary<Symbol, DateOnly> since = [];

    private Inputs(IStore store, TradingCalendar calendar, DateOnly asOf, DateOnly adjustTo, IReadOnlyList<Split> splits, IReadOnlyList<SymbolBoundary> boundaries)
    {
        (this.store, Calendar, AsOf, AdjustTo, Splits, Boundaries) = (store, calendar, asOf, adjustTo, splits, boundaries);
        adjustments = Adjustment.BySymbol(splits, adjustTo, boundaries);
        var opening = calendar.NextSession(asOf);
        foreach (var (symbol, firstDate) in boundaries)
            if (firstDate <= opening && firstDate > since.GetValueOrDefault(symbol)) since[symbol] = firstDate;
    }

    /// <summary>No bar or slot after it is an input.</summary>
    public DateOnly AsOf { get; }

    /// <summary>Splits executed on or before it adjust.</summary>
    public DateOnly AdjustTo { get; }

    /// <summary>The splits that adjust: neither withdrawn nor quarantined, executed on or before <see cref="AdjustTo"/>.</summary>
    public IReadOnlyList<Split> Splits { get; }

    /// <summary>Where tickers passed to other securities; all that are known.</summary>
    public IReadOnlyList<SymbolBoundary> Boundaries { get; }

    internal TradingCalendar Calendar { get; }

    /// <param name="adjustAsOf">Null = the session after <paramref name="asOf"/>, the one about to open.</param>
    public static async Task<Inputs> OpenAsync(IStore store, TradingCalendar calendar, DateOnly asOf, DateOnly? adjustAsOf, CancellationToken ct)
    {
        var adjustTo = adjustAsOf ?? calendar.NextSession(asOf);
        var splits = (await store.SplitsAsync(ct)).Where(s => s.InForce && s.Split.ExecutionDate <= adjustTo).Select(s => s.Split);
        return new(store, calendar, asOf, adjustTo, [.. splits], [.. (await store.BoundariesAsync(ct)).Select(b => b.Boundary)]);
    }

    public Adjustment AdjustmentOf(Symbol symbol) => adjustments.GetValueOrDefault(symbol, Adjustment.None);

    /// <summary>The first date on which the ticker was borne by whoever bears it in the session about to open: what is older is no input of its values.</summary>
    public DateOnly Since(Symbol symbol) => since.GetValueOrDefault(symbol, DateOnly.MinValue);

    /// <summary>Adjusted bars of the sessions in the inclusive range, those of former bearers of a ticker included, in date order; within a date in symbol order (ordinal). Streams.</summary>
    /// <param name="symbols">Only these; null for all.</param>
    /// <exception cref="InputsShortException">A session holds other rows than coverage counted; thrown when the stream leaves that session.</exception>
    public async IAsyncEnumerable<DailyBar> DailyAsync(DateOnly from, DateOnly to, IReadOnlyCollection<Symbol>? symbols, [EnumeratorCancellation] CancellationToken ct)
    {
        var count = new RowCount(Dataset.Daily, await store.DayCoverageAsync(Dataset.Daily, from, to, ct));
        if (symbols is not null) count.Check(await store.CountAsync(Dataset.Daily, from, to, ct));
        await foreach (var bar in store.ReadDailyAsync(from, to, symbols, ct))
        {
            if (symbols is null) count.Add(bar.Date, 1);
            yield return adjustments.TryGetValue(bar.Symbol, out var adjustment) ? adjustment.Apply(bar) : bar;
        }

        if (symbols is null) count.End();
    }

    /// <summary>Slots of one session as fetched, by symbol; the caller scales volumes with <see cref="AdjustmentOf"/>. Streams.</summary>
    /// <param name="symbols">Only these; null for all.</param>
    /// <param name="expected">Rows coverage counted for them.</param>
    /// <exception cref="InputsShortException">The session holds other rows; thrown at the end of the stream.</exception>
    internal async IAsyncEnumerable<SlotDay> SlotsAsync(DateOnly session, IReadOnlyCollection<Symbol>? symbols, long expected, [EnumeratorCancellation] CancellationToken ct)
    {
        long rows = 0;
        await foreach (var day in store.ReadSlotsAsync(session, symbols, ct))
        {
            rows += day.Slots.Length;
            yield return day;
        }

        if (rows != expected) throw new InputsShortException(Dataset.Slots, session, expected, rows);
    }

    /// <summary>Adjusted slots of the sessions in the inclusive range, in date order; within a date by symbol. Streams.</summary>
    /// <exception cref="InputsShortException">A session holds other rows than coverage counted.</exception>
    public async IAsyncEnumerable<SlotDay> SlotsAsync(DateOnly from, DateOnly to, IReadOnlyCollection<Symbol>? symbols, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var day in await store.DayCoverageAsync(Dataset.Slots, from, to, ct))
        {
            var expected = symbols is null ? day.Rows : Rows(await store.SymbolCoverageAsync(Dataset.Slots, day.Date, ct), symbols);
            await foreach (var slots in SlotsAsync(day.Date, symbols, expected, ct))
                yield return adjustments.TryGetValue(slots.Symbol, out var adjustment) ? slots with { Slots = Array.ConvertAll(slots.Slots, s => adjustment.Apply(s, slots.Date)) } : slots;
        }
    }

    /// <summary>The newest bars of every symbol that has one in the last <paramref name="recent"/> sessions: at least <paramref name="wanted"/> where it ever had as many.</summary>
    internal async Task<SortedList<Symbol, BarSeries>> NewestBarsAsync(int wanted, int recent, IReadOnlyCollection<Symbol>? symbols, CancellationToken ct)
    {
        // A few more sessions than bars: most symbols that skip a day now and then need no second look.
        const int Spare = 15;
        var window = Calendar.LastSessions(Math.Max(recent, wanted) + Spare, AsOf);
        var since = Calendar.LastSessions(recent, AsOf)[0];
        var series = new Dictionary<Symbol, BarSeries>(symbols?.Count ?? 16_384);
        await foreach (var bar in DailyAsync(window[0], AsOf, symbols, ct))
        {
            if (bar.Date < Since(bar.Symbol)) continue;
            if (!series.TryGetValue(bar.Symbol, out var ofSymbol)) series.Add(bar.Symbol, ofSymbol = new(window.Count));
            ofSymbol.Add(bar);
        }

        foreach (var (symbol, _) in series.Where(s => s.Value.Newest < since).ToArray()) series.Remove(symbol);
        if ((await store.DayCoverageAsync(Dataset.Daily, DateOnly.MinValue, window[0].AddDays(-1), ct)).Count > 0)
            await CompleteAsync(series, wanted, ct);
        return new(series);
    }

    internal static long Rows(IReadOnlyDictionary<Symbol, Coverage> coverage, IEnumerable<Symbol> symbols) =>
        symbols.Sum(s => coverage.TryGetValue(s, out var known) ? known.Rows : 0);

    /// <summary>Symbols that were silent for long have their bars further back.</summary>
    private async Task CompleteAsync(Dictionary<Symbol, BarSeries> series, int wanted, CancellationToken ct)
    {
        var brief = series.Where(s => s.Value.Count < wanted).Select(s => s.Key).ToArray();
        if (brief.Length == 0) return;
        foreach (var symbol in brief) series[symbol] = new(wanted);
        await foreach (var bar in store.ReadNewestDailyAsync(brief, AsOf, wanted, ct))
            if (bar.Date >= Since(bar.Symbol)) series[bar.Symbol].Add(AdjustmentOf(bar.Symbol).Apply(bar));
    }
}
