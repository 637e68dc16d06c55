namespace Market.Tests.Oracles;

/// <summary>Slots and RVOL baselines from recorded minute bars: daylight saving, a half day, gaps, a split.</summary>
public sealed class SlotOracleTests
{
    private static readonly SlotGrid Grid = SlotGrid.Extended;

    [Theory]
    [InlineData("pub-2013-10-min", "2013-10-04", "2013-10-11")]
    [InlineData("pub-2025-01-min", "2025-01-02", "2025-01-30")]
    [InlineData("pub-dst-spring-min", "2024-03-04", "2024-03-15")]
    [InlineData("pub-halfday-min", "2024-06-26", "2024-07-10")]
    [InlineData("pub-gap-min", "2023-10-06", "2023-10-27")]
    [InlineData("pub-split-aapl-min", "2014-06-05", "2014-06-09")]
    public void Minutes_become_the_recorded_slots_and_baselines(string set, string from, string to)
    {
        var sessions = Slots(DateOnly.Parse(from), DateOnly.Parse(to));
        foreach (var row in SharedData.Rows($"oracles/slots/{set}.csv.gz"))
        {
            var number = int.Parse(row["slot"]);
            var slots = sessions[row["ticker"]].SingleOrDefault(session => session.Date == row.Date()).Slots ?? [];
            Assert.Equal(row.Number("volume"), slots.FirstOrDefault(slot => slot.Number == number).Volume);
            Assert.Equal(row.Number("cum_volume"), slots.LastOrDefault(slot => slot.Number <= number).Accumulated);
        }
        foreach (var baseline in SharedData.Rows($"oracles/rvol_baseline/{set}.csv.gz").GroupBy(row => (Ticker: row["ticker"], AsOf: row.Date("asof"), Used: int.Parse(row["days_used"]))))
        {
            var used = sessions[baseline.Key.Ticker].Where(session => session.Date <= baseline.Key.AsOf).TakeLast(5).ToArray();
            Assert.Equal(baseline.Key.Used, used.Length);
            var means = new double[Grid.Count];
            foreach (var session in used) VolumeProfile.AddSession(session.Slots, 1, means);
            VolumeProfile.Average(means, used.Length);
            foreach (var row in baseline)
                Assert.Equal(row.Number("avg_cum_volume"), means[int.Parse(row["slot"])], 1e-6 * Math.Max(1, row.Number("avg_cum_volume")));
        }
    }

    /// <summary>By ticker its sessions with a minute bar, oldest first.</summary>
    private static ILookup<string, (string Ticker, DateOnly Date, Slot[] Slots)> Slots(DateOnly from, DateOnly to)
    {
        var builder = new SlotBuilder(Grid);
        var all = new List<(string Ticker, DateOnly Date, Slot[] Slots)>();
        foreach (var (date, rows) in SharedData.FlatFiles("minute_aggs_v1", from, to))
        {
            var day = new NewYorkDay(date);
            foreach (var ticker in rows.GroupBy(row => row["ticker"]))
            {
                foreach (var row in ticker)
                    builder.Add(day.SlotOf(long.Parse(row["window_start"]) / 1_000_000, Grid), row.Number("volume"), row.Number("close"), null);
                all.Add((ticker.Key, date, builder.Build()));
            }
        }
        return all.ToLookup(session => session.Ticker, StringComparer.Ordinal);
    }
}
