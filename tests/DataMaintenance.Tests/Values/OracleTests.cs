using DataMaintenance.Values;
using Market;
using Market.Tests.Oracles;

namespace DataMaintenance.Tests.Values;

/// <summary>Recorded markets through a real store against reference series.</summary>
public sealed class OracleTests
{
    private static readonly ValuesOptions Wilder = new() { AtrSmoothing = AtrSmoothing.Wilder };

    [Theory]
    [InlineData("pub-2013-10-day")]
    [InlineData("pub-2025-01-day")]
    [InlineData("pub-split-aapl-day")]
    [InlineData("pub-split-nvda-day")]
    public async Task Ranges_and_volumes_of_every_session_are_the_recorded_ones(string set)
    {
        await using var world = await ValuesWorld.OfAsync(set);
        foreach (var session in SharedData.Rows($"oracles/daily_indicators/{set}.csv").GroupBy(r => r.Date()))
            await MatchAsync(world, session.Key, session);
    }

    [Fact]
    public async Task Ranges_and_volumes_of_the_whole_market_are_the_recorded_ones()
    {
        await using var world = await ValuesWorld.OfAsync("pub-market-2016-day");
        var asOf = new DateOnly(2016, 6, 30);
        // The reference has a row for every symbol that ever traded; we have a value where it did in the last 30 sessions.
        var recent = TradingCalendar.Nyse.LastSessions(30, asOf)[0];
        await MatchAsync(world, asOf, SharedData.Rows("oracles/daily_indicators/pub-market-2016-day.csv.gz").Where(r => r.Date() >= recent));
    }

    [Theory]
    [InlineData("pub-2013-10-min")]
    [InlineData("pub-2025-01-min")]
    [InlineData("pub-dst-spring-min")]
    [InlineData("pub-halfday-min")]
    [InlineData("pub-gap-min")]
    [InlineData("pub-split-aapl-min")]
    public async Task Baselines_of_every_session_are_the_recorded_ones(string set)
    {
        await using var world = await ValuesWorld.OfAsync(set);
        foreach (var session in SharedData.Rows($"oracles/rvol_baseline/{set}.csv.gz").GroupBy(r => r.Date("asof")))
        {
            var values = await world.ComputeAsync<RvolValue>(Family.Rvol, session.Key, new() { RvolLookbackSessions = 60 });
            foreach (var row in session)
            {
                var value = values[row["ticker"]];
                Assert.Equal((int)row.Number("days_used"), value.Sessions);
                ValuesWorld.AssertClose(row.Number("avg_cum_volume"), value.AverageVolume[(int)row.Number("slot")], $"{value.Symbol} {session.Key:O} slot {row["slot"]}");
            }
        }
    }

    [Theory]
    [InlineData("pub-split-aapl-day", "AAPL-2014-06-09", 7)]
    [InlineData("pub-split-nvda-day", "NVDA-2024-06-10", 10)]
    public async Task A_split_puts_every_value_on_the_new_basis(string set, string file, int shares)
    {
        await using var world = await ValuesWorld.OfAsync(set);
        var (ticker, executed) = (file.Split('-')[0], DateOnly.Parse(file[5..]));
        await world.SplitsAsync(new Split(new(ticker), executed, 1, shares));
        foreach (var row in SharedData.Rows($"oracles/splits/{file}.csv"))
        {
            // As known before the split took effect, and as known ever since.
            foreach (var (basis, adjustAsOf) in new[] { ("raw", executed.AddDays(-1)), ("adj", DateOnly.MaxValue) })
            {
                if (basis == "raw" && row.Date() >= executed) continue;
                var atr = (await world.ComputeAsync<AtrValue>(Family.Atr, row.Date(), adjustAsOf: adjustAsOf)).GetValueOrDefault(ticker);
                var wilder = (await world.ComputeAsync<AtrValue>(Family.Atr, row.Date(), Wilder, adjustAsOf)).GetValueOrDefault(ticker);
                var volumes = (await world.ComputeAsync<AverageVolumeValue>(Family.AverageVolume, row.Date(), adjustAsOf: adjustAsOf)).GetValueOrDefault(ticker);
                Match(row.NumberOrNull($"{basis}_atr14_sma"), atr?.Atr, $"{basis} ATR {row["date"]}");
                Match(row.NumberOrNull($"{basis}_atr14_wilder"), wilder?.Atr, $"{basis} Wilder {row["date"]}");
                Match(row.NumberOrNull($"{basis}_avg_volume_10"), volumes?.Days10, $"{basis} volume {row["date"]}");
            }
        }
    }

    private static async Task MatchAsync(ValuesWorld world, DateOnly asOf, IEnumerable<Row> rows)
    {
        var atr = await world.ComputeAsync<AtrValue>(Family.Atr, asOf);
        var wilder = await world.ComputeAsync<AtrValue>(Family.Atr, asOf, Wilder);
        var volumes = await world.ComputeAsync<AverageVolumeValue>(Family.AverageVolume, asOf);
        var compared = 0;
        foreach (var row in rows)
        {
            var ticker = row["ticker"];
            Match(row.NumberOrNull("atr14_sma"), atr.GetValueOrDefault(ticker)?.Atr, $"{ticker} ATR {asOf:O}");
            Match(row.NumberOrNull("atr14_wilder"), wilder.GetValueOrDefault(ticker)?.Atr, $"{ticker} Wilder {asOf:O}");
            Match(row.NumberOrNull("avg_volume_5"), volumes.GetValueOrDefault(ticker)?.Days5, $"{ticker} 5 days {asOf:O}");
            Match(row.NumberOrNull("avg_volume_10"), volumes.GetValueOrDefault(ticker)?.Days10, $"{ticker} 10 days {asOf:O}");
            Match(row.NumberOrNull("avg_volume_30"), volumes.GetValueOrDefault(ticker)?.Days30, $"{ticker} 30 days {asOf:O}");
            if (atr.TryGetValue(ticker, out var value)) ValuesWorld.AssertClose(100 * value.Atr / row.Number("close"), value.AtrPercent, $"{ticker} percent {asOf:O}");
            compared++;
        }

        Assert.NotEqual(0, compared);
        Assert.True(atr.Keys.Order(StringComparer.Ordinal).SequenceEqual(atr.Keys), "values are by symbol");
    }

    private static void Match(double? expected, double? actual, string what)
    {
        if (expected is null || actual is null) Assert.True(expected == actual, $"{what}: expected {expected?.ToString("R") ?? "none"}, got {actual?.ToString("R") ?? "none"}");
        else ValuesWorld.AssertClose(expected.Value, actual.Value, what);
    }
}
