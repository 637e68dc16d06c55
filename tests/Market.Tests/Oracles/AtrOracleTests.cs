namespace Market.Tests.Oracles;

/// <summary>ATR against series published by others (mean and Wilder, period 14) and against our recorded indicators.</summary>
public sealed class AtrOracleTests
{
    private const int Period = 14;

    [Fact]
    public void The_mean_equals_the_published_series()
    {
        var rows = SharedData.Rows("oracles/atr/lean_spy_atr14_sma.csv").ToArray();
        var series = AverageTrueRange.MeanSeries([.. rows.Select(Range)], Period);
        Assert.Equal(487, rows.Zip(series).Count(pair => pair.First.NumberOrNull("atr14") is { } published && Near(0.000_006, published, pair.Second)));
    }

    /// <summary>That sheet counts the first bar's high − low as a true range, so its first value comes a bar earlier; a bar closing within the first one's range, put before it, says the same.</summary>
    [Fact]
    public void Wilder_with_the_first_range_counted_equals_the_published_series()
    {
        var rows = SharedData.Rows("oracles/atr/stockcharts_atr14_wilder.csv").ToArray();
        HighLowClose[] bars = [.. rows.Select(Range)];
        var series = AverageTrueRange.WilderSeries([new HighLowClose(bars[0].High, bars[0].Low, bars[0].Low), .. bars], Period);
        Assert.Equal(17, rows.Zip(series.Skip(1)).Count(pair => pair.First.NumberOrNull("atr14") is { } published && Near(0.000_001, published, pair.Second)));
    }

    [Theory]
    [InlineData("pub-2013-10-day")]
    [InlineData("pub-2025-01-day")]
    [InlineData("pub-split-aapl-day")]
    [InlineData("pub-split-nvda-day")]
    public void Every_bar_has_the_recorded_indicators(string set)
    {
        foreach (var symbol in SharedData.Rows($"oracles/daily_indicators/{set}.csv").GroupBy(row => row["ticker"]))
        {
            Row[] rows = [.. symbol];
            HighLowClose[] bars = [.. rows.Select(Range)];
            double[] volumes = [.. rows.Select(row => row.Number("volume"))];
            var (mean, wilder) = (AverageTrueRange.MeanSeries(bars, Period), AverageTrueRange.WilderSeries(bars, Period));
            for (var i = 0; i < rows.Length; i++)
            {
                Same(rows[i], "tr", i == 0 ? null : TrueRange.Of(bars[i], bars[i - 1].Close));
                Same(rows[i], "atr14_sma", double.IsNaN(mean[i]) ? null : mean[i]);
                Same(rows[i], "atr14_wilder", double.IsNaN(wilder[i]) ? null : wilder[i]);
                foreach (var days in new[] { 5, 10, 30 }) Same(rows[i], $"avg_volume_{days}", AverageVolume.Of(volumes.AsSpan(0, i + 1), days));
            }
        }
    }

    [Fact]
    public void The_whole_market_of_2016_has_the_recorded_indicators()
    {
        var bars = SharedData.FlatFiles("day_aggs_v1", new DateOnly(2016, 5, 16), new DateOnly(2016, 6, 30))
            .SelectMany(file => file.Rows).ToLookup(row => row["ticker"], row => (Range: Range(row), Volume: row.Number("volume")), StringComparer.Ordinal);
        var symbols = 0;
        foreach (var row in SharedData.Rows("oracles/daily_indicators/pub-market-2016-day.csv.gz"))
        {
            HighLowClose[] ranges = [.. bars[row["ticker"]].Select(bar => bar.Range)];
            double[] volumes = [.. bars[row["ticker"]].Select(bar => bar.Volume)];
            Assert.Equal(row.Number("bar_no"), ranges.Length);
            Same(row, "atr14_sma", AverageTrueRange.Mean(ranges, Period));
            Same(row, "atr14_wilder", AverageTrueRange.Wilder(ranges, Period));
            foreach (var days in new[] { 5, 10, 30 }) Same(row, $"avg_volume_{days}", AverageVolume.Of(volumes, days));
            symbols++;
        }
        Assert.Equal(6_101, symbols);
    }

    private static HighLowClose Range(Row row) => new(row.Number("high"), row.Number("low"), row.Number("close"));

    private static bool Near(double tolerance, double expected, double actual) => Math.Abs(expected - actual) <= tolerance;

    private static void Same(Row row, string column, double? actual)
    {
        var expected = row.NumberOrNull(column);
        // The recorded series have six decimals.
        Assert.True(
            expected is null == actual is null && (expected is null || Math.Abs(expected.Value - actual!.Value) <= 1e-6 * Math.Max(1, Math.Abs(expected.Value))),
            $"{row["ticker"]} {row["date"]} {column}: expected {expected}, got {actual}");
    }
}
