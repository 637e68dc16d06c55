using DataMaintenance.Store;
using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Dashboard;

/// <summary>A symbol's page: its values as of a session, and what they came from.</summary>
/// <param name="Bars">Adjusted, oldest first: more than the values need, for the chart.</param>
/// <param name="Universe">Null when the universe does not know it.</param>
/// <param name="Metadata">Null when there is none.</param>
/// <param name="Splits">All that are known, withdrawn and quarantined ones included.</param>
/// <param name="Revised">What the provider told otherwise later of it.</param>
/// <param name="Origins">Where the facts of the newest sessions came from, and when; newest first.</param>
public sealed record SymbolDetails(
    Symbol Symbol, DateOnly AsOf, Explanation Explanation, IReadOnlyList<ChartBar> Bars, UniverseEntry? Universe, TickerMetadata? Metadata,
    IReadOnlyList<StoredSplit> Splits, IReadOnlyList<Coverage> Origins, IReadOnlyList<Finding> Findings, RevisedFigures Revised)
{
    private const int ChartSessions = 120, OriginSessions = 5;

    /// <summary>Whether the store knows anything of it.</summary>
    public bool Known => Universe is not null || Metadata is not null || Bars.Count > 0;

    /// <exception cref="InputsShortException">Rows in the store disagree with coverage: a day is damaged.</exception>
    internal static async Task<SymbolDetails> ReadAsync(Wiring wiring, Symbol symbol, DateOnly asOf, CancellationToken ct)
    {
        var (store, only) = (wiring.Store, (Symbol[])[symbol]);
        var explanation = await wiring.Values.ExplainAsync(symbol, asOf, null, ct);
        var inputs = await wiring.Values.InputsAsync(asOf, null, ct);
        var daily = new List<DailyBar>();
        // Bars before the chart's first lend their true ranges to the ATR of those in it.
        await foreach (var bar in inputs.DailyAsync(wiring.Calendar.LastSessions(ChartSessions + Atr.Bars(wiring.Settings.Values), asOf)[0], asOf, only, ct))
            if (bar.Date >= inputs.Since(symbol)) daily.Add(bar);
        var bars = Chart(daily, explanation.Splits.ToLookup(s => s.ExecutionDate), wiring.Settings.Values);
        var origins = new List<Coverage>();
        foreach (var session in wiring.Calendar.LastSessions(OriginSessions, asOf).Reverse())
            foreach (var dataset in Enum.GetValues<Dataset>())
                if ((await store.SymbolCoverageAsync(dataset, session, ct)).TryGetValue(symbol, out var known)) origins.Add(known);
        return new(symbol, asOf, explanation, bars,
            (await store.UniverseAsync(ct)).FirstOrDefault(u => u.Symbol == symbol), await store.MetadataAsync(only, ct) is [var metadata, ..] ? metadata : null,
            [.. (await store.SplitsAsync(ct)).Where(s => s.Split.Symbol == symbol)], origins,
            [.. (await store.FindingsAsync(openOnly: false, 5_000, ct)).Where(f => f.Symbol == symbol)],
            await RevisedFigures.ReadAsync(store, null, null, symbol, ct));
    }

    private static IReadOnlyList<ChartBar> Chart(IReadOnlyList<DailyBar> daily, ILookup<DateOnly, Split> splits, ValuesOptions options)
    {
        var atr = Atr.Series([.. daily.Select(b => new HighLowClose(b.High, b.Low, b.Close))], options);
        return [.. daily.Select((b, i) => new ChartBar(b.Date, b.Open, b.High, b.Low, b.Close, b.Volume, Ratio(splits[b.Date]), double.IsNaN(atr[i]) ? null : atr[i])).TakeLast(ChartSessions)];
    }

    private static string? Ratio(IEnumerable<Split> splits) => string.Join(", ", splits.Select(s => $"split {s.To:0.####}-for-{s.From:0.####}")) is { Length: > 0 } text ? text : null;
}

/// <summary>One adjusted bar of the chart.</summary>
/// <param name="Split">What was split before this session's open; null when nothing was.</param>
/// <param name="Atr">As of this session, USD per share; null with too few bars before it.</param>
public sealed record ChartBar(DateOnly Date, double Open, double High, double Low, double Close, double Volume, string? Split, double? Atr)
{
    public string Day => Text.Day(Date)[5..];
}

/// <summary>A point of a volume curve.</summary>
/// <param name="Slot">Number in the grid.</param>
public sealed record CurvePoint(int Slot, double Volume)
{
    /// <summary>The curve as points.</summary>
    public static IReadOnlyList<CurvePoint> Of(IReadOnlyList<double> curve) => [.. curve.Select((v, slot) => new CurvePoint(slot, v))];
}
