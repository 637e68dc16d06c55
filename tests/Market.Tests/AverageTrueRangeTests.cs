using CsCheck;

namespace Market.Tests;

public sealed class AverageTrueRangeTests
{
    // Worked by hand: the true ranges of the second to the sixth bar are 3 (high − low), 5 (gap up: |17 − 12|), 6 (gap down: |10 − 16|), 2 and 4.
    private static readonly HighLowClose[] Bars = [new(11, 9, 10), new(13, 10, 12), new(17, 15, 16), new(12, 10, 11), new(12, 10, 11), new(15, 11, 14)];

    private static readonly Gen<(HighLowClose[] Bars, int Period)> Any = Gen.Select(MarketGen.Range.Array[0, 60], Gen.Int[1, 30]);

    [Fact]
    public void True_range_spans_the_bar_and_the_previous_close() =>
        Assert.Equal([3, 5, 6, 2, 4], Enumerable.Range(1, 5).Select(i => TrueRange.Of(Bars[i], Bars[i - 1].Close)));

    [Fact]
    public void The_mean_is_of_the_last_true_ranges()
    {
        Assert.Equal(4, AverageTrueRange.Mean(Bars, 3));
        Assert.Equal(4, AverageTrueRange.Mean(Bars, 5));
        Assert.Equal(4, AverageTrueRange.Mean(Bars, 1));
        Assert.Equal([double.NaN, double.NaN, 4, 5.5, 4, 3], AverageTrueRange.MeanSeries(Bars, 2));
    }

    [Fact]
    public void Wilder_begins_with_a_mean_and_smooths_on()
    {
        // (3 + 5) / 2 = 4; (4 + 6) / 2 = 5; (5 + 2) / 2 = 3.5; (3.5 + 4) / 2 = 3.75.
        Assert.Equal([double.NaN, double.NaN, 4, 5, 3.5, 3.75], AverageTrueRange.WilderSeries(Bars, 2));
        Assert.Equal(3.75, AverageTrueRange.Wilder(Bars, 2));
    }

    [Fact]
    public void A_period_needs_one_bar_more_than_itself()
    {
        Assert.Null(AverageTrueRange.Mean(Bars, 6));
        Assert.Null(AverageTrueRange.Wilder(Bars, 6));
        Assert.NotNull(AverageTrueRange.Mean(Bars, 5));
        Assert.NotNull(AverageTrueRange.Wilder(Bars, 5));
        Assert.Null(AverageTrueRange.Mean([], 1));
        Assert.Empty(AverageTrueRange.MeanSeries([], 14));
    }

    [Fact]
    public void A_period_below_one_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => AverageTrueRange.Mean(Bars, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => AverageTrueRange.Wilder(Bars, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => AverageTrueRange.MeanSeries(Bars, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => AverageTrueRange.WilderSeries(Bars, 0));
    }

    [Fact]
    public void The_last_value_is_the_end_of_the_series() => Any.Sample((bars, period) =>
        Same(AverageTrueRange.Mean(bars, period), AverageTrueRange.MeanSeries(bars, period))
        && Same(AverageTrueRange.Wilder(bars, period), AverageTrueRange.WilderSeries(bars, period)));

    [Fact]
    public void Series_equal_the_plain_reference_form() => Any.Sample((bars, period) =>
    {
        var ranges = bars.Zip(bars.Skip(1), (previous, bar) => new[] { bar.High - bar.Low, Math.Abs(bar.High - previous.Close), Math.Abs(bar.Low - previous.Close) }.Max()).ToArray();
        var mean = bars.Select((_, i) => i < period ? double.NaN : ranges.Take(i).TakeLast(period).Average());
        return Equal(mean, AverageTrueRange.MeanSeries(bars, period)) && Equal(ReferenceWilder(bars.Length, ranges, period), AverageTrueRange.WilderSeries(bars, period));
    });

    [Fact]
    public void Doubling_prices_doubles_the_average() => Any.Sample((bars, period) =>
    {
        var doubled = bars.Select(bar => new HighLowClose(2 * bar.High, 2 * bar.Low, 2 * bar.Close)).ToArray();
        return AverageTrueRange.Wilder(doubled, period) == 2 * AverageTrueRange.Wilder(bars, period) && AverageTrueRange.Mean(doubled, period) == 2 * AverageTrueRange.Mean(bars, period);
    });

    private static IEnumerable<double> ReferenceWilder(int bars, double[] ranges, int period)
    {
        var value = double.NaN;
        for (var i = 0; i < bars; i++)
        {
            if (i == period) value = ranges.Take(period).Average();
            if (i > period) value += (ranges[i - 1] - value) / period;
            yield return value;
        }
    }

    private static bool Same(double? last, double[] series) => last is { } value ? value.Equals(series[^1]) : series.All(double.IsNaN);

    private static bool Equal(IEnumerable<double> left, IEnumerable<double> right) =>
        left.Zip(right).All(pair => BarEquality.Within(1e-12, pair.First, pair.Second));
}
