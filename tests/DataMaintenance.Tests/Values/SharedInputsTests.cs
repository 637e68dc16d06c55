using DataMaintenance.Store;
using DataMaintenance.Values;
using Market;
using static DataMaintenance.Tests.Values.ValuesWorld;

namespace DataMaintenance.Tests.Values;

/// <summary>What is read of the store once for all that need it in a run.</summary>
public sealed class SharedInputsTests
{
    private static readonly DateOnly AsOf = new(2025, 1, 30);
    private static readonly IReadOnlyList<DateOnly> Days = TradingCalendar.Nyse.LastSessions(20, AsOf);

    [Fact]
    public async Task Every_family_has_the_same_values_and_prints_with_and_without()
    {
        await using var world = await FilledAsync();
        var shared = new SharedInputs(world.Store);
        foreach (var family in new[] { Family.Atr, Family.AverageVolume, Family.Rvol })
        {
            var alone = await world.Values().ComputeAsync(family, AsOf, null, Ct);
            var together = await world.Values().ComputeAsync(family, AsOf, null, Ct, shared: shared);
            Assert.NotEmpty(together.Items);
            Assert.Equal(alone.Fingerprint, together.Fingerprint);
            Assert.Equal(alone.TooShort, together.TooShort);
            Assert.Equal(alone.Prints.OrderBy(p => p.Key), together.Prints.OrderBy(p => p.Key));
            Assert.Equal(alone.Items.Select(Text), together.Items.Select(Text));
        }
    }

    [Fact]
    public async Task Bars_are_read_once_for_both_families_and_a_session_of_volumes_once_however_many_ask()
    {
        await using var world = await FilledAsync();
        var store = CountingStore.Over(world.Store, out var calls);
        var shared = new SharedInputs(store);
        var values = new DerivedValues(store, TradingCalendar.Nyse, new());
        await Task.WhenAll(
            values.ComputeAsync(Family.Atr, AsOf, null, Ct, shared: shared), values.ComputeAsync(Family.AverageVolume, AsOf, null, Ct, shared: shared),
            values.ComputeAsync(Family.Rvol, AsOf, null, Ct, shared: shared), values.ComputeAsync(Family.Rvol, AsOf, null, Ct, shared: shared));
        Assert.Equal(1, calls(nameof(IStore.ReadDailyAsync)));
        // Five sessions whole, and each of the two the one further back in which B traded.
        Assert.Equal(5 + 2, calls(nameof(IStore.ReadVolumesAsync)));
    }

    [Fact]
    public async Task What_is_read_ahead_are_the_sessions_before_and_nothing_once_the_sessions_own_slots_are_there()
    {
        await using var world = await FilledAsync();
        var store = CountingStore.Over(world.Store, out var calls);
        var values = new DerivedValues(store, TradingCalendar.Nyse, new());
        await values.ReadAheadAsync(TradingCalendar.Nyse.NextSession(AsOf), new(store), Ct);
        Assert.Equal(4, calls(nameof(IStore.ReadVolumesAsync)));
        await values.ReadAheadAsync(AsOf, new(store), Ct);
        Assert.Equal(4, calls(nameof(IStore.ReadVolumesAsync)));
    }

    [Fact]
    public async Task A_session_that_was_published_again_is_read_again()
    {
        await using var world = await FilledAsync();
        var shared = new SharedInputs(world.Store);
        await world.Values().ComputeAsync(Family.Rvol, AsOf, null, Ct, shared: shared);
        await world.Store.SaveSlotsAsync(Days[^2], [Day("A", Days[^2], (7, 5_000))], new HashSet<Symbol>(), "test:again", DateTimeOffset.UnixEpoch, true, Ct);
        var alone = await world.Values().ComputeAsync(Family.Rvol, AsOf, null, Ct);
        var together = await world.Values().ComputeAsync(Family.Rvol, AsOf, null, Ct, shared: shared);
        Assert.Equal(alone.Items.Select(Text), together.Items.Select(Text));
        Assert.Equal(5_000 + 10 + 10 + 10 + 10, ((RvolValue)together.Items[0]).AverageVolume[^1] * 5, 1e-9);
    }

    [Fact]
    public async Task A_damaged_session_is_found_as_without()
    {
        await using var world = await FilledAsync();
        await world.Database.ExecuteAsync($"DELETE FROM volume_slots_raw WHERE date = DATE '{AsOf:yyyy-MM-dd}' AND symbol = 'A'");
        await Assert.ThrowsAsync<InputsShortException>(() => world.Values().ComputeAsync(Family.Rvol, AsOf, null, Ct, shared: new(world.Store)));
    }

    /// <summary>Two symbols; one of them has fewer bars than the averages want, and silent sessions.</summary>
    private static async Task<ValuesWorld> FilledAsync()
    {
        var world = await OpenAsync();
        for (var i = 0; i < Days.Count; i++)
        {
            List<DailyBar> bars = [Bar("A", Days[i], 12 + i, 9, 10 + i, 1_000 + i)];
            List<SlotDay> slots = [Day("A", Days[i], (7, 10))];
            if (i % 3 == 0) bars.Add(Bar("B", Days[i], 5, 4, 4.5, 77));
            if (i % 3 == 0) slots.Add(Day("B", Days[i], (1, i + 1), (100, 2)));
            await world.DailyAsync(Days[i], [.. bars]);
            await world.SlotsAsync(Days[i], [.. slots]);
        }

        return world;
    }

    private static string Text(IDerivedValue value) => value is RvolValue rvol
        ? $"{rvol.Symbol} {rvol.Sessions} {string.Join(' ', rvol.AverageVolume.Select(v => v.ToString("R", System.Globalization.CultureInfo.InvariantCulture)))}"
        : value.ToString()!;
}
