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

    /// <param name="series">At least <see cref="Bars"/> of each symbol, where it has as many.</param>
    public static Computed Of(SortedList<Symbol, BarSeries> series, Inputs inputs, ValuesOptions options)
    {
        var bars = Bars(options);
        var values = new List<IDerivedValue>(series.Count);
        var prints = new Dictionary<Symbol, ulong>(series.Count);
        var head = Head(inputs, options);
        foreach (var (symbol, ofSymbol) in series)
        {
            var used = Math.Min(bars, ofSymbol.Count);
            var prices = ofSymbol.Prices[^used..];
            if (Of(prices, options) is not { } atr) continue;
            values.Add(new AtrValue(symbol, atr, 100 * atr / prices[^1].Close, inputs.AsOf));
            prints.Add(symbol, PrintOf(head, inputs, symbol, ofSymbol.Dates[^used..], prices));
        }

        return new(values, series.Count - values.Count, prints);
    }

    /// <summary>The session is published with the value, so it is one of its inputs.</summary>
    private static Print Head(Inputs inputs, ValuesOptions options) => Print.Of($"atr {Formula} {options.AtrPeriod} {options.AtrSmoothing} {inputs.AsOf:yyyy-MM-dd}");

    /// <summary>The oldest bar lends its close alone.</summary>
    private static ulong PrintOf(Print print, Inputs inputs, Symbol symbol, ReadOnlySpan<DateOnly> dates, ReadOnlySpan<HighLowClose> prices)
    {
        for (var i = 0; i < dates.Length; i++)
        {
            print.Add(dates[i]);
            if (i > 0) print.Add(prices[i].High);
            if (i > 0) print.Add(prices[i].Low);
            print.Add(prices[i].Close);
        }

        print.Add(inputs.AdjustmentOf(symbol).After(dates[0]));
        return print.Value;
    }

    /// <summary>The value as of every bar of a symbol, as it would have been published then; NaN where there were too few.</summary>
    /// <param name="prices">Adjusted, oldest first.</param>
    internal static double[] Series(ReadOnlySpan<HighLowClose> prices, ValuesOptions options)
    {
        var series = new double[prices.Length];
        for (var end = 1; end <= prices.Length; end++) series[end - 1] = Of(prices[Math.Max(0, end - Bars(options))..end], options) ?? double.NaN;
        return series;
    }

    /// <summary>Null with too few bars.</summary>
    private static double? Of(ReadOnlySpan<HighLowClose> prices, ValuesOptions options) => options.AtrSmoothing switch
    {
        AtrSmoothing.Wilder => AverageTrueRange.Wilder(prices, options.AtrPeriod),
        _ => AverageTrueRange.Mean(prices, options.AtrPeriod),
    };
}
