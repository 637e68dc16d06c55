using DataMaintenance.Pipeline;
using Market;

namespace DataMaintenance.Tests.Pipeline.Checks;

/// <summary>Parts of a day that are missing hold back what is computed from them; a halt is none of them.</summary>
public class SlotHolesTests
{
    private static readonly Symbol Big = new("XJL");
    private static readonly DateOnly Monday = ChecksWorld.Monday;

    /// <summary>From 11:00 to 12:00, and the closing auction.</summary>
    private static readonly (int First, int Count) Hour = (84, 12), Auction = (144, 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0.80, true)]
    [InlineData(0.85, false)]
    public async Task Minutes_dropped_for_many_at_once_are_a_hole_and_the_baselines_stay_those_of_the_session_before(double left, bool alarm)
    {
        await using var world = await ChecksWorld.StartAsync();
        var before = await BaselineAsync(world);
        world.Market.Slots[Monday] = (symbol, slots) => Array.IndexOf(MadeMarket.Symbols, symbol) < left * MadeMarket.Symbols.Length ? slots : Without(slots, (100, 2));
        var run = await world.NightAsync(Monday);
        Assert.Equal(alarm ? ["slots.hole *"] : [], await world.FoundAsync());
        Assert.Equal(alarm, before == await BaselineAsync(world));
        Assert.Equal(alarm ? TaskState.Failed : TaskState.Completed, run.Of(TaskNames.LoadVolumeSlots).State);
    }

    [Theory]
    [InlineData(84, 12)]
    [InlineData(66, 6)]
    [InlineData(144, 1)]
    public async Task A_part_that_a_symbols_day_has_lost_holds_back_its_baseline_until_its_answer_is_whole(int first, int count)
    {
        await using var world = await ChecksWorld.StartAsync();
        var before = await BaselineAsync(world);
        world.Market.Slots[Monday] = (symbol, slots) => symbol == Big ? Without(slots, (first, count)) : slots;
        await world.NightAsync(Monday);
        Assert.Equal(["slots.gap XJL"], await world.FoundAsync());
        Assert.Equal(before, await BaselineAsync(world));
        world.Market.Slots.Clear();
        var run = await world.NightAsync(Monday);
        Assert.Contains("1 symbols have lost a part of the day; 1 symbols to ask", string.Join('\n', run.Of(TaskNames.LoadVolumeSlots).Checks), StringComparison.Ordinal);
        Assert.Empty(await world.FoundAsync());
        Assert.NotEqual(before, await BaselineAsync(world));
    }

    [Fact]
    public async Task What_a_halted_symbol_does_not_trade_its_day_lacks_as_well_and_that_is_no_loss()
    {
        await using var world = await ChecksWorld.StartAsync();
        Halt(world, symbol => symbol == Big, Hour);
        Assert.True((await world.NightAsync(Monday)).Success);
        Assert.Empty(await world.FoundAsync());
    }

    [Fact]
    public async Task A_halt_of_the_whole_market_is_no_hole()
    {
        await using var world = await ChecksWorld.StartAsync();
        Halt(world, _ => true, (90, 4));
        Assert.True((await world.NightAsync(Monday)).Success);
        Assert.Empty(await world.FoundAsync());
    }

    [Fact]
    public async Task Closing_auctions_that_are_missing_for_everybody_hold_back_the_session()
    {
        await using var world = await ChecksWorld.StartAsync();
        var before = await BaselineAsync(world);
        world.Market.Slots[Monday] = (_, slots) => Without(slots, Auction);
        await world.NightAsync(Monday);
        var found = await world.FoundAsync();
        Assert.Contains("slots.hole *", found);
        Assert.Contains("slots.gap XJL", found);
        Assert.Equal(before, await BaselineAsync(world));
    }

    private static void Halt(ChecksWorld world, Predicate<Symbol> whose, (int First, int Count) when)
    {
        world.Market.Slots[Monday] = (symbol, slots) => whose(symbol) ? Without(slots, when) : slots;
        world.Market.Bars[Monday] = bars => bars.Select(b => whose(b.Symbol) && MadeMarket.SlotsOf(b, TradingCalendar.RegularClose) is var slots
            ? b with { Volume = Math.Round(b.Volume * Without(slots, when)[^1].Accumulated / slots[^1].Accumulated) } : b);
    }

    private static Slot[] Without(Slot[] slots, (int First, int Count) part)
    {
        var sum = 0.0;
        return [.. slots.Where(s => s.Number < part.First || s.Number >= part.First + part.Count).Select(s => s with { Accumulated = sum += s.Volume })];
    }

    private static async Task<string> BaselineAsync(ChecksWorld world) =>
        string.Join(' ', (await world.Wiring.Redis.Database.HashGetAllAsync("rvol:hist:avg:XJL")).Select(e => e.ToString()).Order(StringComparer.Ordinal));
}
