using DataMaintenance.Store;
using DataMaintenance.Values;
using Market;
using static DataMaintenance.Tests.Values.ValuesWorld;

namespace DataMaintenance.Tests.Values;

/// <summary>Damage is noticed, fingerprints tell whether anything changed, explanations agree with the values.</summary>
public sealed class InputsTests
{
    private static readonly DateOnly AsOf = new(2025, 1, 30);
    private static readonly IReadOnlyList<DateOnly> Days = TradingCalendar.Nyse.LastSessions(12, AsOf);
    private static readonly ValuesOptions Short = new() { AtrPeriod = 2 };

    private static async Task<ValuesWorld> FilledAsync()
    {
        var world = await OpenAsync();
        for (var i = 0; i < Days.Count; i++)
        {
            await world.DailyAsync(Days[i], Bar("A", Days[i], 11 + i, 9, 10, 100 + i), Bar("B", Days[i], 11, 9, 10));
            await world.SlotsAsync(Days[i], Day("A", Days[i], (3, 10 + i), (50, 1)), Day("B", Days[i], (3, 10)));
        }

        await world.SplitsAsync(new Split(new("A"), Days[8], 1, 2), new Split(new("B"), Days[0].AddYears(-3), 1, 3));
        await world.Store.SaveUniverseAsync([new(new("A"), true, null, null, AsOf, AsOf, null)], Ct);
        await world.Store.SaveMetadataAsync([new(new("A")) { Name = "Alpha" }], Ct);
        return world;
    }

    [Theory]
    [InlineData(Family.Atr, "market_data_daily_raw", Dataset.Daily)]
    [InlineData(Family.AverageVolume, "market_data_daily_raw", Dataset.Daily)]
    [InlineData(Family.Rvol, "volume_slots_raw", Dataset.Slots)]
    public async Task A_session_with_other_rows_than_were_written_is_named_and_gives_no_values(Family family, string table, Dataset dataset)
    {
        await using var world = await FilledAsync();
        foreach (var day in new[] { Days[^1], Days[^4] })
        {
            await world.Database.ExecuteAsync($"DELETE FROM {table} WHERE date = DATE '{day:yyyy-MM-dd}' AND symbol = 'B'");
            var error = await Assert.ThrowsAsync<InputsShortException>(() => world.Values().ComputeAsync(family, AsOf, null, Ct));
            Assert.Equal((dataset, day), (error.Dataset, error.Date));
            await Assert.ThrowsAsync<InputsShortException>(() => world.Values().ComputeAsync(family, AsOf, new HashSet<Symbol> { new("B") }, Ct));
        }
    }

    [Fact]
    public async Task A_session_all_of_whose_rows_are_gone_is_damaged_and_one_never_loaded_is_not()
    {
        await using var world = await FilledAsync();
        await world.Database.ExecuteAsync($"DELETE FROM market_data_daily_raw WHERE date = DATE '{Days[5]:yyyy-MM-dd}'");
        Assert.Equal(Days[5], (await Assert.ThrowsAsync<InputsShortException>(() => world.Values().ComputeAsync(Family.Atr, AsOf, null, Ct))).Date);
        await world.Database.ExecuteAsync($"DELETE FROM coverage WHERE date = DATE '{Days[5]:yyyy-MM-dd}'");
        Assert.Equal(2, (await world.Values(Short).ComputeAsync(Family.Atr, AsOf, null, Ct)).Items.Count);
    }

    [Fact]
    public async Task Fingerprints_are_the_same_after_a_restart_and_the_same_with_and_without_computing()
    {
        await using var world = await FilledAsync();
        var before = await PrintsAsync(world);
        await world.Database.ReopenAsync();
        Assert.Equal(before, await PrintsAsync(world));
        foreach (var family in Enum.GetValues<Family>()) Assert.Equal(before[family], (await world.Values().ComputeAsync(family, AsOf, null, Ct)).Fingerprint);
        Assert.Equal(before.Count, before.Values.Distinct().Count());
        Assert.All(before.Values, p => Assert.Matches("^[0-9a-f]{16}$", p));
    }

    [Fact]
    public async Task Whatever_changes_a_family_changes_its_fingerprint_and_nothing_else_does()
    {
        await using var world = await FilledAsync();
        var last = await PrintsAsync(world);

        await world.DailyAsync(Days[2], Bar("A", Days[2], 3, 2, 2));
        await ChangedAsync(Family.Atr, Family.AverageVolume);
        await world.SlotsAsync(Days[^1], Day("A", Days[^1], (3, 1)));
        await ChangedAsync(Family.Rvol);
        await world.SplitsAsync(new Split(new("A"), Days[8], 1, 3));
        await ChangedAsync(Family.Atr, Family.AverageVolume, Family.Rvol);
        await world.SplitsAsync(new Split(new("A"), Days[8], 1, 3), new Split(new("A"), AsOf.AddDays(5), 1, 3));
        await ChangedAsync();
        await world.Store.SaveMetadataAsync([new(new("A")) { Name = "Alpha", LastError = "time-out" }], Ct);
        await ChangedAsync();
        await world.Store.SaveMetadataAsync([new(new("A")) { Name = "Beta" }], Ct);
        await ChangedAsync(Family.Metadata);
        await world.Store.SaveUniverseAsync([new(new("B"), true, null, null, AsOf, AsOf, null)], Ct);
        await ChangedAsync(Family.Universe, Family.Metadata);
        Assert.NotEqual(last[Family.Atr], await world.Values(Short).FingerprintAsync(Family.Atr, AsOf, Ct));
        Assert.NotEqual(last[Family.Rvol], await world.Values(new() { RvolLookbackSessions = 8 }).FingerprintAsync(Family.Rvol, AsOf, Ct));

        async Task ChangedAsync(params Family[] expected)
        {
            var now = await PrintsAsync(world);
            Assert.Equal(expected.Order(), now.Where(p => p.Value != last[p.Key]).Select(p => p.Key).Order());
            last = now;
        }
    }

    [Fact]
    public async Task An_explanation_holds_the_inputs_that_give_the_value()
    {
        await using var world = await FilledAsync();
        var why = await world.Values(Short).ExplainAsync(new("A"), AsOf, null, Ct);

        Assert.Equal([new Split(new("A"), Days[8], 1, 2)], why.Splits);
        Assert.Equal(12, why.Bars.Count);
        var beforeTheSplit = why.Bars[7];
        Assert.Equal((18, 9, 0.5), (beforeTheSplit.Raw.High, beforeTheSplit.Adjusted.High, beforeTheSplit.PriceFactor));
        Assert.Equal((107, 214), (beforeTheSplit.Raw.Volume, beforeTheSplit.Adjusted.Volume));
        Assert.Equal(why.Bars.TakeLast(2).Average(b => b.TrueRange), why.Atr!.Atr);
        Assert.Equal(why.Bars.TakeLast(5).Average(b => b.Adjusted.Volume), why.AverageVolume!.Days5);
        Assert.Equal(Days.TakeLast(5), why.Sessions.Select(s => s.Date));
        Assert.Equal(why.Sessions.Average(s => s.Cumulative[^1]), why.Rvol!.AverageVolume[^1]);
        Assert.Equal(2, why.Sessions[0].VolumeFactor);
    }

    [Fact]
    public async Task An_unknown_symbol_is_explained_with_nothing()
    {
        await using var world = await FilledAsync();
        var why = await world.Values().ExplainAsync(new("NONE"), AsOf, null, Ct);
        Assert.Equal((0, 0, null, null, null), (why.Bars.Count, why.Sessions.Count, why.Atr, why.AverageVolume, why.Rvol));
    }

    [Fact]
    public async Task Adjusted_series_stream_in_order_on_the_basis_asked_for()
    {
        await using var world = await FilledAsync();
        var inputs = await world.Values().InputsAsync(AsOf, DateOnly.MaxValue, Ct);
        var bars = await inputs.DailyAsync(Days[7], Days[8], null, Ct).ToListAsync(Ct);
        Assert.Equal([("A", 5), ("B", 10), ("A", 10), ("B", 10)], bars.Select(b => (b.Symbol.Text, b.Close)));
        var slots = await inputs.SlotsAsync(Days[7], Days[8], [new("A")], Ct).ToListAsync(Ct);
        Assert.Equal([(34, 36), (18, 19)], slots.Select(d => (d.Slots[0].Volume, d.Slots[1].Accumulated)));
    }

    private static async Task<Dictionary<Family, string>> PrintsAsync(ValuesWorld world)
    {
        var prints = new Dictionary<Family, string>();
        foreach (var family in Enum.GetValues<Family>()) prints.Add(family, await world.Values().FingerprintAsync(family, AsOf, Ct));
        return prints;
    }
}
