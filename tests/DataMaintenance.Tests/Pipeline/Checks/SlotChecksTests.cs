using DataMaintenance.Pipeline;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Tests.Pipeline.Checks;

/// <summary>What a load of slots is looked at for, each rule on both sides of its bound.</summary>
public class SlotChecksTests
{
    private static readonly Symbol Big = new("XJL");
    private static readonly DateOnly Monday = ChecksWorld.Monday;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0.63, true)]
    [InlineData(0.65, false)]
    [InlineData(1.48, false)]
    [InlineData(1.52, true)]
    public async Task A_liquid_symbols_slots_that_cannot_be_its_days_hold_back_its_baseline(double factor, bool alarm)
    {
        await using var world = await ChecksWorld.StartAsync();
        var before = await BaselineAsync(world);
        world.Market.Slots[Monday] = (symbol, slots) => symbol == Big ? Scaled(slots, factor) : slots;
        var run = await world.NightAsync(Monday);
        Assert.Equal(alarm ? ["slots.share XJL"] : [], await world.FoundAsync());
        Assert.Equal(alarm, before == await BaselineAsync(world));
        if (!alarm) return;
        Assert.Contains(run.Of(TaskNames.CalculateRvol).Checks, c => c.Text.Contains("XJL (slots.share of 2025-12-01)", StringComparison.Ordinal));
        world.Market.Slots.Clear();
        await world.NightAsync(Monday);
        Assert.Empty(await world.FoundAsync());
        Assert.NotEqual(before, await BaselineAsync(world));
    }

    [Theory]
    [InlineData(1.004, false)]
    [InlineData(1.006, true)]
    public async Task Prices_outside_the_days_range_are_of_another_day_or_symbol(double above, bool alarm)
    {
        var high = MadeMarket.Bar(Big, Monday).High;
        await using var world = await ChecksWorld.StartAsync();
        world.Market.Slots[Monday] = (symbol, slots) => symbol == Big ? [.. slots.Select(s => s.Number is > 70 and < 90 ? s with { AveragePrice = high * above } : s)] : slots;
        await world.NightAsync(Monday);
        Assert.Equal(alarm ? ["slots.price XJL"] : [], await world.FoundAsync());
    }

    [Theory]
    [InlineData(12)]
    [InlineData(-12)]
    [InlineData(48)]
    public async Task A_day_in_another_time_zone_is_told_for_one_symbol_and_for_all(int slots)
    {
        await using var world = await ChecksWorld.StartAsync();
        world.Market.Slots[Monday] = (symbol, day) => symbol == Big ? Moved(day, slots) : day;
        await world.NightAsync(Monday);
        Assert.Contains("slots.shifted XJL", await world.FoundAsync());
        Assert.DoesNotContain("slots.day_shifted *", await world.FoundAsync());
        world.Market.Slots[Monday] = (_, day) => Moved(day, slots);
        var run = await world.NightAsync(Monday, force: true);
        Assert.Contains("slots.day_shifted *", await world.FoundAsync());
        Assert.Contains($"the day {Math.Abs(slots) / 12} h {(slots > 0 ? "earlier" : "later")}", string.Join('\n', run.Of(TaskNames.LoadVolumeSlots).Checks), StringComparison.Ordinal);
        world.Market.Slots.Clear();
        await world.NightAsync(Monday, force: true);
        Assert.Empty(await world.FoundAsync());
    }

    [Theory]
    [InlineData(0.25, true)]
    [InlineData(0.35, false)]
    public async Task Minutes_dropped_for_everybody_are_a_hole_in_the_day(double left, bool alarm)
    {
        await using var world = await ChecksWorld.StartAsync();
        world.Market.Slots[Monday] = (symbol, slots) => Array.IndexOf(MadeMarket.Symbols, symbol) < left * MadeMarket.Symbols.Length ? slots : Summed(slots.Where(s => s.Number is < 100 or > 102));
        await world.NightAsync(Monday, tasks: [TaskNames.LoadOhlc, TaskNames.LoadVolumeSlots]);
        Assert.Equal(alarm ? ["slots.hole *"] : [], await world.FoundAsync());
    }

    [Fact]
    public async Task Slots_doubled_for_everybody_fail_the_task_and_the_baselines_stay_those_of_the_session_before()
    {
        await using var world = await ChecksWorld.StartAsync();
        var before = await BaselineAsync(world);
        world.Market.Slots[Monday] = (_, slots) => Scaled(slots, 2);
        var run = await world.NightAsync(Monday);
        Assert.Contains("slots.day_share *", await world.FoundAsync());
        Assert.Contains("failed: 2025-12-01: slots.day_share", string.Join('\n', run.Of(TaskNames.LoadVolumeSlots).Checks), StringComparison.Ordinal);
        Assert.Equal(before, await BaselineAsync(world));
    }

    [Fact]
    public async Task Open_and_close_swapped_in_the_daily_bars_show_in_the_last_slots()
    {
        await using var world = await ChecksWorld.StartAsync();
        world.Market.Bars[Monday] = bars => bars.Select(b => b with { Open = b.Close, Close = b.Open });
        await world.NightAsync(Monday);
        Assert.Equal(["slots.day_close *"], await world.FoundAsync());
    }

    [Fact]
    public async Task Yesterdays_slots_once_more_are_recognised()
    {
        await using var world = await ChecksWorld.StartAsync();
        world.Market.Slots[Monday] = (symbol, _) => MadeMarket.SlotsOf(MadeMarket.Bar(symbol, ChecksWorld.Friday), new(13, 0));
        await world.NightAsync(Monday);
        Assert.Contains("slots.repeated *", await world.FoundAsync());
    }

    [Fact]
    public async Task Slots_without_the_daily_bar_that_was_always_there_are_told()
    {
        await using var world = await ChecksWorld.StartAsync();
        world.Market.Bars[Monday] = bars => bars.Where(b => b.Symbol != Big);
        await world.NightAsync(Monday);
        Assert.Equal(["set.missing XJL", "slots.without_bar XJL"], await world.FoundAsync());
    }

    [Fact]
    public async Task A_symbol_known_to_be_silent_is_asked_again_when_its_daily_bar_appears()
    {
        await using var world = await ChecksWorld.StartAsync();
        world.Market.Bars[Monday] = bars => bars.Where(b => b.Symbol != Big);
        world.Market.Slots[Monday] = (symbol, slots) => symbol == Big ? [] : slots;
        await world.NightAsync(Monday);
        Assert.Equal((0L, "made:range"), await CoverageAsync(world));
        world.Market.Slots.Clear();
        Assert.Equal(TaskState.Skipped, (await world.NightAsync(Monday, tasks: [TaskNames.LoadVolumeSlots])).Of(TaskNames.LoadVolumeSlots).State);
        world.Market.Bars.Clear();
        await world.NightAsync(Monday, force: true, TaskNames.LoadOhlc);
        var run = await world.NightAsync(Monday, tasks: [TaskNames.LoadVolumeSlots]);
        Assert.Contains("1 symbols known to be silent have a daily bar since; 1 symbols to ask", string.Join('\n', run.Of(TaskNames.LoadVolumeSlots).Checks), StringComparison.Ordinal);
        Assert.True((await CoverageAsync(world)).Rows > 50);
        Assert.Equal(TaskState.Skipped, (await world.NightAsync(Monday, tasks: [TaskNames.LoadVolumeSlots])).Of(TaskNames.LoadVolumeSlots).State);
        Assert.Empty(await world.FoundAsync());
    }

    private static async Task<(long Rows, string Source)> CoverageAsync(ChecksWorld world) =>
        (await world.Wiring.Store.SymbolCoverageAsync(Dataset.Slots, Monday, Ct))[Big] is var c ? (c.Rows, c.Source) : default;

    private static async Task<string> BaselineAsync(ChecksWorld world) =>
        string.Join(' ', (await world.Wiring.Redis.Database.HashGetAllAsync("rvol:hist:avg:XJL")).Select(e => e.ToString()).Order(StringComparer.Ordinal));

    private static Slot[] Scaled(Slot[] slots, double factor) => [.. slots.Select(s => s with { Volume = s.Volume * factor, Accumulated = s.Accumulated * factor })];

    private static Slot[] Moved(Slot[] slots, int by) => Summed(slots.Select(s => s with { Number = (short)(s.Number + by) }).Where(s => s.Number is >= 0 and < 192));

    private static Slot[] Summed(IEnumerable<Slot> slots)
    {
        var sum = 0.0;
        return [.. slots.Select(s => s with { Accumulated = sum += s.Volume })];
    }
}
