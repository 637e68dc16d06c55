using CsCheck;
using DataMaintenance.Values;
using Market;
using static DataMaintenance.Tests.Values.ValuesWorld;

namespace DataMaintenance.Tests.Values;

/// <summary>RVOL baselines, by hand and by law.</summary>
public sealed class RvolTests
{
    private static readonly DateOnly AsOf = new(2025, 1, 30);

    private static IReadOnlyList<DateOnly> Last(int count) => TradingCalendar.Nyse.LastSessions(count, AsOf);

    [Fact]
    public async Task The_baseline_is_0_before_the_first_trade_and_carried_over_silent_slots_to_the_end()
    {
        await using var world = await OpenAsync();
        var days = Last(2);
        await world.SlotsAsync(days[0], Day("A", days[0], (10, 100), (20, 50)));
        await world.SlotsAsync(days[1], Day("A", days[1], (20, 1), (191, 9)));
        var value = (await world.ComputeAsync<RvolValue>(Family.Rvol, AsOf))["A"];
        Assert.Equal((2, 192), (value.Sessions, value.AverageVolume.Length));
        Assert.Equal([0, 50, 50, 75.5, 75.5, 80], new[] { 9, 10, 19, 20, 190, 191 }.Select(slot => value.AverageVolume[slot]));
    }

    [Fact]
    public async Task A_symbol_that_trades_seldom_reaches_back_and_one_beyond_the_look_back_has_none()
    {
        await using var world = await OpenAsync();
        var days = Last(11);
        for (var i = 0; i < days.Count; i++)
        {
            // SELDOM trades on every second session, RARE on the oldest of the look-back only, PAST before it.
            var slots = new List<(string Symbol, double Volume)> { ("OFTEN", 1_000 + i) };
            if (i == 0) slots.Add(("PAST", 1));
            if (i == 1) slots.Add(("RARE", 7));
            if (i % 2 == 0) slots.Add(("SELDOM", i));
            await world.SlotsAsync(days[i], [.. slots.Where(s => s.Volume > 0).Select(s => Day(s.Symbol, days[i], (5, s.Volume)))]);
        }

        var values = await world.ComputeAsync<RvolValue>(Family.Rvol, AsOf);
        Assert.Equal(["OFTEN", "RARE", "SELDOM"], values.Keys);
        Assert.Equal((5, 1_008), (values["OFTEN"].Sessions, values["OFTEN"].AverageVolume[191]));
        Assert.Equal((5, 6), (values["SELDOM"].Sessions, values["SELDOM"].AverageVolume[191]));
        Assert.Equal((1, 7), (values["RARE"].Sessions, values["RARE"].AverageVolume[191]));

        foreach (var (symbol, whole) in values)
        {
            var alone = Assert.Single((await world.Values().ComputeAsync(Family.Rvol, AsOf, new HashSet<Symbol> { new(symbol) }, Ct)).Items);
            Assert.Equal(whole.AverageVolume, ((RvolValue)alone).AverageVolume);
        }
    }

    [Fact]
    public async Task A_session_known_to_be_silent_is_passed_over()
    {
        await using var world = await OpenAsync();
        var days = Last(3);
        await world.SlotsAsync(days[0], Day("A", days[0], (0, 10)));
        await world.SlotsAsync(days[1], Day("A", days[1]), Day("B", days[1], (0, 1)));
        await world.SlotsAsync(days[2], Day("A", days[2], (0, 30)));
        var value = (await world.ComputeAsync<RvolValue>(Family.Rvol, AsOf))["A"];
        Assert.Equal((2, 20), (value.Sessions, value.AverageVolume[0]));
    }

    [Fact]
    public async Task Volumes_before_a_split_count_in_new_shares()
    {
        await using var world = await OpenAsync();
        var days = Last(2);
        await world.SlotsAsync(days[0], Day("A", days[0], (0, 10), (1, 5)));
        await world.SlotsAsync(days[1], Day("A", days[1], (0, 40)));
        await world.SplitsAsync(new Split(new("A"), days[1], 1, 4));
        var value = (await world.ComputeAsync<RvolValue>(Family.Rvol, AsOf))["A"];
        Assert.Equal([40, 50], value.AverageVolume.Take(2));
    }

    [Fact]
    public async Task The_regular_grid_has_its_78_slots()
    {
        await using var world = await OpenAsync();
        await world.SlotsAsync(AsOf, Day("A", AsOf, (0, 10), (77, 5)));
        var value = (await world.ComputeAsync<RvolValue>(Family.Rvol, AsOf, new() { Grid = SlotGrid.Regular }))["A"];
        Assert.Equal((78, 10, 15), (value.AverageVolume.Length, value.AverageVolume[76], value.AverageVolume[77]));
    }

    [Fact]
    public async Task A_baseline_never_falls_and_ends_at_the_mean_of_the_days_volumes()
    {
        var days = Last(6);
        var slots = Gen.Select(Gen.Int[0, 191], Gen.Double[0.001, 1e9]).Array[0, 30]
            .Select(s => s.GroupBy(x => x.Item1).Select(g => (Number: g.Key, Volume: g.First().Item2)).OrderBy(x => x.Number).ToArray());
        await using var world = await OpenAsync();
        await slots.Array[days.Count].SampleAsync(async sessions =>
        {
            for (var i = 0; i < days.Count; i++) await world.SlotsAsync(days[i], Day("A", days[i], sessions[i]), Day("B", days[i], (3, 1)));
            var used = sessions.Where(s => s.Length > 0).TakeLast(5).ToArray();
            var values = await world.ComputeAsync<RvolValue>(Family.Rvol, AsOf);
            if (used.Length == 0) return !values.ContainsKey("A");
            var curve = values["A"].AverageVolume;
            var expected = used.Average(s => s.Sum(x => x.Volume));
            return values["A"].Sessions == used.Length && Math.Abs(curve[^1] - expected) <= 1e-9 * expected && curve.Zip(curve.Skip(1)).All(pair => pair.First <= pair.Second);
        }, iter: 20, threads: 1);
    }
}
