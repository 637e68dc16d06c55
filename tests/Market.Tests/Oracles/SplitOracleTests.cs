namespace Market.Tests.Oracles;

/// <summary>Raw bars round two splits against the recorded adjusted series, and the overnight steps of real markets.</summary>
public sealed class SplitOracleTests
{
    [Theory]
    [InlineData("AAPL", "2014-06-09", 7)]
    [InlineData("NVDA", "2024-06-10", 10)]
    public void Adjusted_series_equal_the_recorded_ones(string ticker, string executionDate, double to)
    {
        var symbol = new Symbol(ticker);
        var rows = SharedData.Rows($"oracles/splits/{ticker}-{executionDate}.csv").ToArray();
        var adjustment = Adjustment.Of([new Split(symbol, DateOnly.Parse(executionDate), 1, to)], rows[^1].Date());
        var adjusted = rows.Select(row => adjustment.Apply(Bar(symbol, row))).ToArray();
        HighLowClose[] ranges = [.. adjusted.Select(bar => bar.HighLowClose)];
        double[] volumes = [.. adjusted.Select(bar => bar.Volume)];
        for (var i = 0; i < rows.Length; i++)
        {
            Same(rows[i], "adj_open", adjusted[i].Open);
            Same(rows[i], "adj_high", adjusted[i].High);
            Same(rows[i], "adj_low", adjusted[i].Low);
            Same(rows[i], "adj_close", adjusted[i].Close);
            Same(rows[i], "adj_volume", adjusted[i].Volume);
            Same(rows[i], "adj_atr14_sma", AverageTrueRange.Mean(ranges.AsSpan(0, i + 1), 14));
            Same(rows[i], "adj_atr14_wilder", AverageTrueRange.Wilder(ranges.AsSpan(0, i + 1), 14));
            Same(rows[i], "adj_avg_volume_10", AverageVolume.Of(volumes.AsSpan(0, i + 1), 10));
            Same(rows[i], "adj_avg_volume_30", AverageVolume.Of(volumes.AsSpan(0, i + 1), 30));
        }
    }

    [Theory]
    [InlineData("AAPL", "2014-06-09", 7)]
    [InlineData("NVDA", "2024-06-10", 10)]
    public void The_split_is_found_where_it_is_not_listed_and_nowhere_else(string ticker, string executionDate, double to)
    {
        var symbol = new Symbol(ticker);
        DailyBar[] bars = [.. SharedData.Rows($"oracles/splits/{ticker}-{executionDate}.csv").Select(row => Bar(symbol, row))];
        var adjustment = Adjustment.Of([new Split(symbol, DateOnly.Parse(executionDate), 1, to)], bars[^1].Date);
        var steps = bars.Zip(bars.Skip(1)).ToArray();
        Assert.All(steps, step => Assert.Null(OvernightStep.Check(step.First.Close, step.Second.Open, adjustment.FactorBetween(step.First.Date, step.Second.Date))));
        var unlisted = Assert.Single(steps, step => OvernightStep.Check(step.First.Close, step.Second.Open, 1) is { Rule: "split.not_listed" });
        Assert.Equal(DateOnly.Parse(executionDate), unlisted.Second.Date);
    }

    private static DailyBar Bar(Symbol symbol, Row row) => new(
        symbol, row.Date(), row.Number("open"), row.Number("high"), row.Number("low"), row.Number("close"), row.Number("volume"), null, null);

    private static void Same(Row row, string column, double? actual)
    {
        var expected = row.NumberOrNull(column);
        Assert.True(
            expected is null == actual is null && (expected is null || BarEquality.Within(1e-6, expected.Value, actual!.Value)),
            $"{row["date"]} {column}: expected {expected}, got {actual}");
    }
}
