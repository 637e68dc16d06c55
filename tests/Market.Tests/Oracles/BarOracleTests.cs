namespace Market.Tests.Oracles;

/// <summary>The checks against a recorded month of a whole market, 193,849 bars: an ordinary month must not drown people in findings.</summary>
public sealed class BarOracleTests
{
    private static readonly string[] KnownSplits =
    [
        "2016-05-20 LNT", "2016-06-01 CRC", "2016-06-02 RGSE", "2016-06-09 HOMB", "2016-06-13 SGY", "2016-06-14 BXC",
        "2016-06-21 SBLK", "2016-06-27 SSNC", "2016-06-28 CORE",
    ];

    [Fact]
    public void No_recorded_bar_is_impossible() =>
        Assert.All(Bars(), bar => Assert.Empty(BarChecks.Of(bar)));

    [Fact]
    public void Splits_nobody_listed_are_suspected_and_hardly_anything_else()
    {
        var (steps, suspects) = (0, new List<string>());
        var last = new Dictionary<Symbol, DailyBar>();
        foreach (var bar in Bars())
        {
            if (last.TryGetValue(bar.Symbol, out var previous))
            {
                steps++;
                if (OvernightStep.Check(previous.Close, bar.Open, 1) is not null) suspects.Add($"{bar.Date:yyyy-MM-dd} {bar.Symbol}");
            }
            last[bar.Symbol] = bar;
        }
        Assert.All(KnownSplits, known => Assert.Contains(known, suspects));
        Assert.True(suspects.Count < steps / 3_000, $"{suspects.Count} of {steps} steps are suspected: {string.Join(", ", suspects)}");
    }

    private static IEnumerable<DailyBar> Bars() =>
        from file in SharedData.FlatFiles("day_aggs_v1", new DateOnly(2016, 5, 16), new DateOnly(2016, 6, 30))
        from row in file.Rows
        select new DailyBar(
            new Symbol(row["ticker"]), file.Date, row.Number("open"), row.Number("high"), row.Number("low"), row.Number("close"), row.Number("volume"), null, null);
}
