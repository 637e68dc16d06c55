using DataMaintenance.Store;
using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Api;

/// <summary>One symbol's stored series and derived values: <c>/api/bars</c>, <c>/api/slots</c>, <c>/api/atr</c>, <c>/api/rvol</c>, <c>/api/explain</c>.</summary>
internal static class SeriesApi
{
    private const int DefaultSessions = 250;

    public static void MapSeries(this WebApplication app, Wiring wiring)
    {
        var explanations = new Explanations(wiring.Store, wiring.Calendar, wiring.Settings.Values, wiring.Clock);
        app.MapGet("/api/bars/{symbol}", async (string symbol, string? from, string? to, bool? raw, CancellationToken ct) =>
                await BarsAsync(wiring, RunsApi.Symbol(symbol), RunsApi.Date("from", from), RunsApi.Date("to", to), raw ?? false, ct))
            .Tells<BarsAnswer>("Read side", "Daily bars, adjusted for splits, or raw as fetched; without from the newest 250 sessions", 400, 404);
        app.MapGet("/api/slots/{symbol}", async (string symbol, string? date, bool? raw, CancellationToken ct) => await SlotsAsync(wiring, RunsApi.Symbol(symbol), RunsApi.Date("date", date), raw ?? false, ct))
            .Tells<SlotsAnswer>("Read side", "Five-minute slots of one session, the newest held without a date", 400, 404);
        app.MapGet("/api/atr/{symbol}", async (string symbol, string? date, CancellationToken ct) =>
            {
                var why = await explanations.OfAsync(RunsApi.Symbol(symbol), RunsApi.Date("date", date), ct);
                return new AtrOfSymbol(why.Symbol, why.Date, why.Splits, why.Atr, await PublishedAsync(wiring, Family.Atr, ct));
            })
            .Tells<AtrOfSymbol>("Read side", "ATR with the bars and true ranges that give it", 400, 404);
        app.MapGet("/api/rvol/{symbol}", async (string symbol, string? date, CancellationToken ct) =>
            {
                var why = await explanations.OfAsync(RunsApi.Symbol(symbol), RunsApi.Date("date", date), ct);
                return new RvolOfSymbol(why.Symbol, why.Date, why.Splits, why.Rvol, await PublishedAsync(wiring, Family.Rvol, ct));
            })
            .Tells<RvolOfSymbol>("Read side", "RVOL baseline with the sessions behind it", 400, 404);
        app.MapGet("/api/explain/{symbol}", async (string symbol, string? date, CancellationToken ct) => await explanations.OfAsync(RunsApi.Symbol(symbol), RunsApi.Date("date", date), ct))
            .Tells<ExplainAnswer>("Read side", "Why a symbol's values are what they are: every input, its source, every intermediate number", 400, 404);
    }

    private static async Task<BarsAnswer> BarsAsync(Wiring wiring, Symbol symbol, DateOnly? from, DateOnly? to, bool raw, CancellationToken ct)
    {
        var last = to ?? DateOnly.MaxValue;
        if (from > last) throw new BadRequestException($"to: {to:yyyy-MM-dd} lies before from, {from:yyyy-MM-dd}");
        var adjustTo = wiring.Calendar.AboutToOpen(wiring.Clock.GetUtcNow());
        var inputs = await Inputs.OpenAsync(wiring.Store, wiring.Calendar, adjustTo, adjustTo, ct);
        var adjustment = raw ? Adjustment.None : inputs.AdjustmentOf(symbol);
        var bars = new List<BarAnswer>(DefaultSessions);
        var read = from is { } first ? wiring.Store.ReadDailyAsync(first, last, [symbol], ct) : wiring.Store.ReadNewestDailyAsync([symbol], last, DefaultSessions, ct);
        // A series of its own: what a former bearer of the ticker traded at is shown raw only.
        await foreach (var bar in read)
            if (raw || bar.Date >= inputs.Since(symbol)) bars.Add(BarAnswer.Of(adjustment.Apply(bar)));
        if (bars.Count == 0) await KnownAsync(wiring.Store, symbol, ct);
        return new(symbol.Text, !raw, raw ? null : adjustTo, raw ? [] : [.. inputs.Splits.Where(s => s.Symbol == symbol).Select(SplitAnswer.Of)], bars);
    }

    private static async Task<SlotsAnswer> SlotsAsync(Wiring wiring, Symbol symbol, DateOnly? date, bool raw, CancellationToken ct)
    {
        var coverage = await wiring.Store.CoverageOfAsync(Dataset.Slots, symbol, date ?? DateOnly.MinValue, date ?? DateOnly.MaxValue, ct);
        if (coverage.Count == 0) await KnownAsync(wiring.Store, symbol, ct);
        if (coverage is not [.., var known]) throw new NotHereException($"no slots of {symbol} {(date is { } d ? $"for {d:yyyy-MM-dd}" : "at all")} in the store; GET /api/coverage shows what is held");
        var adjustTo = wiring.Calendar.AboutToOpen(wiring.Clock.GetUtcNow());
        var adjustment = raw ? Adjustment.None : (await Inputs.OpenAsync(wiring.Store, wiring.Calendar, adjustTo, adjustTo, ct)).AdjustmentOf(symbol);
        var grid = wiring.Settings.Values.Grid;
        var slots = new List<SlotAnswer>();
        await foreach (var day in wiring.Store.ReadSlotsAsync(known.Date, [symbol], ct))
            slots.AddRange(day.Slots.Select(s => SlotAnswer.Of(adjustment.Apply(s, known.Date), grid)));
        return new(symbol.Text, known.Date, grid.Name, !raw, known.Source, known.AsOf, known.Final, slots);
    }

    /// <exception cref="NotHereException">It is not.</exception>
    private static async Task KnownAsync(IStore store, Symbol symbol, CancellationToken ct)
    {
        if (!(await store.UniverseAsync(ct)).Any(e => e.Symbol == symbol)) throw new NotHereException(await SymbolsApi.UnknownAsync(store, symbol, ct));
    }

    /// <summary>What Redis holds of the family; null when it does not answer: the values come from the store, and /health tells of Redis.</summary>
    private static async Task<PublishedAnswer?> PublishedAsync(Wiring wiring, Family family, CancellationToken ct) =>
        await Shortly.AskAsync(patience => wiring.Cache.DerivedAsync(family, patience), ct) is { } d ? new(d.Session, d.Count, d.PublishedAt, d.Fingerprint) : null;
}

/// <param name="Adjusted">False when as fetched.</param>
/// <param name="AdjustedTo">Splits executed on or before this day adjust: the session about to open.</param>
/// <param name="Bars">Oldest first.</param>
public sealed record BarsAnswer(string Symbol, bool Adjusted, DateOnly? AdjustedTo, IReadOnlyList<SplitAnswer> Splits, IReadOnlyList<BarAnswer> Bars);

/// <summary>Prices in USD per share, volume in shares.</summary>
public sealed record BarAnswer(DateOnly Date, double Open, double High, double Low, double Close, double Volume, double? Vwap, long? TradesCount)
{
    public static BarAnswer Of(DailyBar b) => new(b.Date, b.Open, b.High, b.Low, b.Close, b.Volume, b.Vwap, b.Trades);
}

/// <param name="Final">Whether they were fetched after the session's figures were final.</param>
/// <param name="Slots">Only those in which something traded, ascending.</param>
public sealed record SlotsAnswer(string Symbol, DateOnly Date, string Grid, bool Adjusted, string Source, DateTimeOffset AsOf, bool Final, IReadOnlyList<SlotAnswer> Slots);

/// <param name="SlotTime">New York wall time at which it starts.</param>
/// <param name="VolumeAccumulated">Shares since the day's first slot, this one included.</param>
public sealed record SlotAnswer(int SlotNumber, TimeOnly SlotTime, double Volume, double VolumeAccumulated, int? TradesCount, double? AvgPrice)
{
    public static SlotAnswer Of(Slot s, SlotGrid grid) => new(s.Number, grid.TimeOf(s.Number), s.Volume, s.Accumulated, s.Trades, s.AveragePrice);
}

/// <summary>What Redis says of the family now.</summary>
public sealed record PublishedAnswer(DateOnly Session, long Count, DateTimeOffset PublishedAt, string Fingerprint);

/// <param name="Published">The family in Redis; null when it is not published, or Redis is away.</param>
public sealed record AtrOfSymbol(string Symbol, DateOnly Date, IReadOnlyList<SplitAnswer> Splits, AtrAnswer Atr, PublishedAnswer? Published);

/// <param name="Published">The family in Redis; null when it is not published, or Redis is away.</param>
public sealed record RvolOfSymbol(string Symbol, DateOnly Date, IReadOnlyList<SplitAnswer> Splits, RvolAnswer Rvol, PublishedAnswer? Published);
