using Market;

namespace DataMaintenance.Values;

/// <summary>Average true range and its share of the last close, of every symbol that traded in the last 30 sessions and has enough bars.</summary>
internal static class Atr
{
    /// <summary>Part of the fingerprint: goes up when the same inputs give other values.</summary>
    public const int Formula = 1;

    /// <summary>A symbol without a bar in this many sessions has no value, and is not counted as short of bars.</summary>
    public const int RecentSessions = 30;

    /// <summary>Wilder's average never forgets; after so many bars what came before weighs less than a rounding.</summary>
    public const int WilderBars = 250;

    /// <summary>Bars the value depends on, at most.</summary>
    public static int Bars(ValuesOptions options) => options.AtrSmoothing == AtrSmoothing.Wilder ? WilderBars : options.AtrPeriod + 1;

    public static async Task<Computed> ComputeAsync(Inputs inputs, ValuesOptions options, IReadOnlyCollection<Symbol>? symbols, CancellationToken ct)
    {
        var bars = Bars(options);
        var series = await inputs.NewestBarsAsync(bars, RecentSessions, symbols, ct);
        var values = new List<IDerivedValue>(series.Count);
        foreach (var (symbol, ofSymbol) in series)
        {
            var prices = ofSymbol.Prices;
            if (Of(prices.Length > bars ? prices[^bars..] : prices, options) is { } atr)
                values.Add(new AtrValue(symbol, atr, 100 * atr / prices[^1].Close, inputs.AsOf));
        }

        return new(values, series.Count - values.Count);
    }

    /// <summary>Null with too few bars.</summary>
    private static double? Of(ReadOnlySpan<HighLowClose> prices, ValuesOptions options) => options.AtrSmoothing switch
    {
        AtrSmoothing.Wilder => AverageTrueRange.Wilder(prices, options.AtrPeriod),
        _ => AverageTrueRange.Mean(prices, options.AtrPeriod),
    };
}
