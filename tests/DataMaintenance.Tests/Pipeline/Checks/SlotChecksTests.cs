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
    [InlineData(1.25, 1, false)]
    [InlineData(1.6, 1, true)]
    [InlineData(1, 1.12, false)]
    [InlineData(1, 1.2, true)]
    public async Task A_high_or_close_that_the_minutes_do_not_know_is_told(double high, double close, bool alarm)
    {
        await using var world = await ChecksWorld.StartAsync();
        world.Market.Bars[Monday] = bars => bars.Select(b => b.Symbol == Big && b.Close * close is var at ? b with { Close = at, High = Math.Max(b.High * high, at) } : b);
        await world.NightAsync(Monday, tasks: [TaskNames.LoadOhlc, TaskNames.LoadVolumeSlots]);
        Assert.Equal(alarm ? ["slots.extremes XJL"] : [], await world.FoundAsync());
    }

    [Fact]
    public async Task The_slots_of_the_session_before_under_one_symbol_are_recognised_and_held_back()
    {
        await using var world = await ChecksWorld.StartAsync();
        Assert.True((await world.NightAsync(Monday)).Success);
        var (before, tuesday) = (await BaselineAsync(world), Monday.AddDays(1));
        world.Market.Slots[tuesday] = (symbol, slots) => symbol == Big ? MadeMarket.SlotsOf(MadeMarket.Bar(symbol, Monday), new(16, 0)) : slots;
        world.Market.Bars[tuesday] = bars => bars.Select(b => b.Symbol == Big ? MadeMarket.Bar(Big, Monday) with { Date = tuesday, Volume = MadeMarket.Bar(Big, Monday).Volume + 1 } : b);
        await world.NightAsync(tuesday);
        Assert.Equal(["slots.same XJL"], await world.FoundAsync());
        Assert.Equal(before, await BaselineAsync(world));
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
    public async Task A_session_that_knows_of_no_bar_is_asked_for_once_more_when_slots_say_otherwise()
    {
        await using var world = await ChecksWorld.StartAsync();
        world.Market.Bars[Monday] = bars => bars.Where(b => b.Symbol != Big);
        await world.NightAsync(Monday);
        Assert.Equal((0L, "made:day"), await BarCoverageAsync(world));
        var run = await world.NightAsync(Monday);
        Assert.Contains("XJL traded in slots that came later, and has no bar", string.Join('\n', run.Of(TaskNames.LoadOhlc).Checks), StringComparison.Ordinal);
        // The same answer is believed.
        Assert.Equal(TaskState.Skipped, (await world.NightAsync(Monday)).Of(TaskNames.LoadOhlc).State);
        Assert.Equal(["set.missing XJL", "slots.without_bar XJL"], await world.FoundAsync());
        Assert.Equal((0L, "made:day"), await BarCoverageAsync(world));
    }

    [Fact]
    public async Task A_bar_that_slots_had_spoken_of_settles_what_was_found_of_them()
    {
        await using var world = await ChecksWorld.StartAsync();
        world.Market.Bars[Monday] = bars => bars.Where(b => b.Symbol != Big);
        await world.NightAsync(Monday);
        world.Market.Bars.Clear();
        var run = await world.NightAsync(Monday);
        Assert.True(run.Success, run.Failures());
        Assert.Equal((1L, "made:day"), await BarCoverageAsync(world));
        Assert.Empty(await world.FoundAsync());
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

    private static async Task<(long Rows, string Source)> BarCoverageAsync(ChecksWorld world) =>
        (await world.Wiring.Store.SymbolCoverageAsync(Dataset.Daily, Monday, Ct))[Big] is var c ? (c.Rows, c.Source) : default;

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
