using DataMaintenance.Store;
using DataMaintenance.Values;
using Market;
using static DataMaintenance.Tests.Values.ValuesWorld;

namespace DataMaintenance.Tests.Values;

/// <summary>ATR, average volumes, metadata and universe, by hand.</summary>
public sealed class DailyFamiliesTests
{
    private static readonly DateOnly AsOf = new(2025, 1, 30);
    private static readonly ValuesOptions Short = new() { AtrPeriod = 2 };

    /// <summary>The newest sessions up to <see cref="AsOf"/>, oldest first.</summary>
    private static IReadOnlyList<DateOnly> Last(int count) => TradingCalendar.Nyse.LastSessions(count, AsOf);

    [Fact]
    public async Task Atr_is_the_mean_of_the_last_true_ranges_and_the_percentage_is_of_the_last_close()
    {
        await using var world = await OpenAsync();
        var days = Last(3);
        await world.DailyAsync(days[0], Bar("A", days[0], 11, 9, 10));
        await world.DailyAsync(days[1], Bar("A", days[1], 13, 12, 12.5));    // max(1, |13 − 10|, |12 − 10|) = 3
        await world.DailyAsync(days[2], Bar("A", days[2], 12, 8, 8));        // max(4, 0.5, 4.5) = 4.5
        var atr = Assert.Single(await world.ComputeAsync<AtrValue>(Family.Atr, AsOf, Short)).Value;
        Assert.Equal((3.75, 46.875, AsOf), (atr.Atr, atr.AtrPercent, atr.Session));
    }

    [Fact]
    public async Task A_symbol_with_too_few_bars_has_no_value_and_is_counted()
    {
        await using var world = await OpenAsync();
        foreach (var day in Last(3)) await world.DailyAsync(day, day == AsOf ? [Bar("A", day, 2, 1, 1), Bar("B", day, 2, 1, 1)] : [Bar("A", day, 2, 1, 1)]);
        var values = await world.Values(Short).ComputeAsync(Family.Atr, AsOf, null, Ct);
        Assert.Equal("A", Assert.Single(values.Items).Symbol.Text);
        Assert.Equal(1, values.TooShort);
        Assert.Equal(2, (await world.Values().ComputeAsync(Family.AverageVolume, AsOf, null, Ct)).TooShort);
    }

    [Fact]
    public async Task A_symbol_that_was_silent_for_weeks_uses_its_older_bars_and_one_silent_for_longer_has_no_value()
    {
        await using var world = await OpenAsync();
        var days = Last(80);
        // HALT has 20 bars, then nothing for 45 sessions, then one; GONE nothing in the last 31.
        for (var i = 0; i < days.Count; i++)
        {
            var bars = new List<DailyBar> { Bar("EVERY", days[i], 2, 1, 1, i) };
            if (i < 49) bars.Add(Bar("GONE", days[i], 2, 1, 1));
            if (i < 20 || i == 79) bars.Add(Bar("HALT", days[i], 30, 20, 25, i));
            await world.DailyAsync(days[i], [.. bars]);
        }

        var atr = await world.ComputeAsync<AtrValue>(Family.Atr, AsOf);
        Assert.Equal(["EVERY", "HALT"], atr.Keys);
        Assert.Equal(10, atr["HALT"].Atr);
        var volumes = await world.ComputeAsync<AverageVolumeValue>(Family.AverageVolume, AsOf);
        Assert.Equal((79 + 19 + 18 + 17 + 16) / 5.0, volumes["HALT"].Days5);
        Assert.Null(volumes["HALT"].Days30);
        Assert.Equal(Enumerable.Range(50, 30).Average(), volumes["EVERY"].Days30);
        Assert.Equal(0, (await world.Values().ComputeAsync(Family.Atr, AsOf, null, Ct)).TooShort);
    }

    [Fact]
    public async Task Only_splits_in_force_and_executed_by_the_session_about_to_open_adjust()
    {
        await using var world = await OpenAsync();
        foreach (var day in Last(3)) await world.DailyAsync(day, [.. new[] { "LATER", "NEXT", "QUAR", "WITH" }.Select(s => Bar(s, day, 20, 10, 10, 100))]);
        var next = TradingCalendar.Nyse.NextSession(AsOf);
        var seen = new DateTimeOffset(2025, 1, 30, 0, 0, 0, TimeSpan.Zero);
        StoredSplit Stored(string symbol, DateOnly executed, bool withdrawn = false, bool quarantined = false) => new(new(new(symbol), executed, 1, 2), null, seen, seen, withdrawn, quarantined);
        await world.SplitsAsync(Stored("LATER", next.AddDays(1)), Stored("NEXT", next), Stored("QUAR", next, quarantined: true), Stored("WITH", next, withdrawn: true));

        var atr = await world.ComputeAsync<AtrValue>(Family.Atr, AsOf, Short);
        Assert.Equal([10, 5, 10, 10], atr.Values.Select(v => v.Atr));
        Assert.All(atr.Values, v => Assert.Equal(100, v.AtrPercent));
        Assert.Equal(5, (await world.ComputeAsync<AtrValue>(Family.Atr, AsOf, Short, next.AddDays(1)))["LATER"].Atr);
        Assert.Equal(10, (await world.ComputeAsync<AtrValue>(Family.Atr, AsOf, Short, AsOf))["NEXT"].Atr);
    }

    [Fact]
    public async Task A_value_of_the_past_does_not_see_what_came_after()
    {
        await using var world = await OpenAsync();
        var days = Last(6);
        for (var i = 0; i < 5; i++) await world.DailyAsync(days[i], Bar("A", days[i], 10 + i, 9, 9.5, 100 * i));
        var before = await world.ComputeAsync<AverageVolumeValue>(Family.AverageVolume, days[4]);
        await world.DailyAsync(days[5], Bar("A", days[5], 99, 9, 9.5, 99_999));
        Assert.Equal(before, await world.ComputeAsync<AverageVolumeValue>(Family.AverageVolume, days[4]));
    }

    [Fact]
    public async Task A_session_not_in_the_store_yet_is_answered_with_the_newest_that_is()
    {
        await using var world = await OpenAsync();
        foreach (var day in Last(4).Take(3)) await world.DailyAsync(day, Bar("A", day, 2, 1, 1));
        var values = await world.Values(Short).ComputeAsync(Family.Atr, AsOf, null, Ct);
        Assert.Equal(Last(2)[0], values.Session);
        Assert.Equal(Last(2)[0], ((AtrValue)values.Items.Single()).Session);
    }

    [Fact]
    public async Task An_empty_store_has_no_values_and_says_so_without_an_error()
    {
        await using var world = await OpenAsync();
        foreach (var family in Enum.GetValues<Family>())
        {
            var values = await world.Values().ComputeAsync(family, AsOf, null, Ct);
            Assert.Equal((0, 0, AsOf), (values.Items.Count, values.TooShort, values.Session));
        }
    }

    [Fact]
    public async Task The_universe_is_the_active_symbols_and_metadata_keeps_its_silence_about_attempts()
    {
        await using var world = await OpenAsync();
        UniverseEntry Entry(string symbol, bool active) => new(new(symbol), active, "CS", "XNAS", AsOf, AsOf, null);
        await world.Store.SaveUniverseAsync([Entry("BCpC", true), Entry("BCPC", true), Entry("GONE", false)], Ct);
        await world.Store.SaveMetadataAsync([new(new("BCPC")) { Name = "Balchem", LastAttemptAt = DateTimeOffset.UnixEpoch, LastError = "time-out" }], Ct);

        Assert.Equal(["BCPC", "BCpC"], (await world.ComputeAsync<UniverseValue>(Family.Universe, AsOf)).Keys);
        Assert.Equal(new TickerMetadata(new("BCPC")) { Name = "Balchem" }, (await world.ComputeAsync<MetadataValue>(Family.Metadata, AsOf))["BCPC"].Metadata);
    }
}
