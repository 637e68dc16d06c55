namespace Market;

/// <summary>
/// Average true range, USD per share, of one symbol's consecutive bars, oldest first, on one split basis. The first bar only lends
/// its close, so a period of 14 needs 15 bars.
/// </summary>
/// <remarks>J. W. Wilder, New Concepts in Technical Trading Systems, 1978.</remarks>
public static class AverageTrueRange
{
    /// <summary>The mean of the last <paramref name="period"/> true ranges; null with fewer than <paramref name="period"/> + 1 bars.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="period"/> is below 1.</exception>
    public static double? Mean(ReadOnlySpan<HighLowClose> bars, int period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 1);
        return bars.Length > period ? MeanOfAll(bars[^(period + 1)..]) : null;
    }

    /// <summary>
    /// Wilder's: the mean of the first <paramref name="period"/> true ranges, then (previous · (period − 1) + true range) / period for
    /// each bar after. It depends on where the bars begin. Null with fewer than <paramref name="period"/> + 1 bars.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="period"/> is below 1.</exception>
    public static double? Wilder(ReadOnlySpan<HighLowClose> bars, int period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 1);
        if (bars.Length <= period) return null;
        var average = MeanOfAll(bars[..(period + 1)]);
        for (var i = period + 1; i < bars.Length; i++) average = Smooth(average, TrueRange.Of(bars[i], bars[i - 1].Close), period);
        return average;
    }

    /// <summary><see cref="Mean"/> as of every bar: one value a bar, NaN for the first <paramref name="period"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="period"/> is below 1.</exception>
    public static double[] MeanSeries(ReadOnlySpan<HighLowClose> bars, int period)
    {
        var series = Blank(bars, period);
        for (var i = period; i < bars.Length; i++) series[i] = MeanOfAll(bars[(i - period)..(i + 1)]);
        return series;
    }

    /// <summary><see cref="Wilder"/> as of every bar: one value a bar, NaN for the first <paramref name="period"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="period"/> is below 1.</exception>
    public static double[] WilderSeries(ReadOnlySpan<HighLowClose> bars, int period)
    {
        var series = Blank(bars, period);
        for (var i = period; i < bars.Length; i++)
            series[i] = i == period ? MeanOfAll(bars[..(period + 1)]) : Smooth(series[i - 1], TrueRange.Of(bars[i], bars[i - 1].Close), period);
        return series;
    }

    private static double MeanOfAll(ReadOnlySpan<HighLowClose> bars)
    {
        var sum = 0.0;
        for (var i = 1; i < bars.Length; i++) sum += TrueRange.Of(bars[i], bars[i - 1].Close);
        return sum / (bars.Length - 1);
    }

    private static double Smooth(double previous, double trueRange, int period) => ((previous * (period - 1)) + trueRange) / period;

    private static double[] Blank(ReadOnlySpan<HighLowClose> bars, int period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 1);
        var series = new double[bars.Length];
        series.AsSpan().Fill(double.NaN);
        return series;
    }
}
