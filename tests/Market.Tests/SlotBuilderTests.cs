using CsCheck;

namespace Market.Tests;

public sealed class SlotBuilderTests
{
    private static readonly Symbol Symbol = new("ACME");
    private static readonly NewYorkDay Day = new(new DateOnly(2025, 1, 14));

    [Fact]
    public void Minutes_become_slots_worked_by_hand()
    {
        var builder = new SlotBuilder(SlotGrid.Extended);
        Assert.True(builder.Add(Minute("04:00", close: 10, volume: 100, trades: 2), Day));
        Assert.True(builder.Add(Minute("04:04", close: 11, volume: 300, trades: 3), Day));
        Assert.True(builder.Add(Minute("09:30", close: 12, volume: 50.5, trades: 1), Day));
        Assert.True(builder.Add(Minute("19:59", close: 9.99, volume: 1, trades: 1), Day));
        Assert.Equal(
            [new Slot(0, 400, 400, 5, 10.75), new Slot(66, 50.5, 450.5, 1, 12), new Slot(191, 1, 451.5, 1, 9.99)],
            builder.Build());
    }

    [Fact]
    public void A_minute_outside_the_grid_or_the_date_is_refused()
    {
        var builder = new SlotBuilder(SlotGrid.Regular);
        Assert.False(builder.Add(Minute("09:29", 10, 100, 1), Day));
        Assert.False(builder.Add(Minute("16:00", 10, 100, 1), Day));
        Assert.False(builder.Add(Minute("10:00", 10, 100, 1), new NewYorkDay(new DateOnly(2025, 1, 15))));
        Assert.Empty(builder.Build());
    }

    [Fact]
    public void The_price_of_a_single_bar_stays_exactly_as_it_came()
    {
        var builder = new SlotBuilder(SlotGrid.Extended);
        builder.Add(7, volume: 3.3, price: 0.1 + 0.2, trades: 9);
        Assert.Equal([new Slot(7, 3.3, 3.3, 9, 0.1 + 0.2)], builder.Build());
    }

    [Fact]
    public void What_one_bar_does_not_tell_the_slot_does_not_tell()
    {
        var builder = new SlotBuilder(SlotGrid.Extended);
        builder.Add(0, 10, price: null, trades: 1);
        builder.Add(0, 10, price: 5, trades: null);
        builder.Add(1, 10, price: 5, trades: null);
        builder.Add(1, 10, price: null, trades: 1);
        Assert.Equal([new Slot(0, 20, 20, null, null), new Slot(1, 20, 40, null, null)], builder.Build());
    }

    [Fact]
    public void A_bar_without_shares_makes_no_slot()
    {
        var builder = new SlotBuilder(SlotGrid.Extended);
        builder.Add(3, 0, 5, 1);
        builder.Add(4, 10, 5, 1);
        Assert.Equal([new Slot(4, 10, 10, 1, 5)], builder.Build());
    }

    [Fact]
    public void One_builder_serves_symbol_after_symbol() => Gen.Select(MarketGen.Slots(192), MarketGen.Slots(192)).Sample((one, other) =>
    {
        var builder = new SlotBuilder(SlotGrid.Extended);
        foreach (var slot in one) builder.Add(slot.Number, slot.Volume, slot.AveragePrice, slot.Trades);
        Assert.Equal(one, builder.Build());
        foreach (var slot in other.Reverse()) builder.Add(slot.Number, slot.Volume, slot.AveragePrice, slot.Trades);
        Assert.Equal(other, builder.Build());
        Assert.Empty(builder.Build());
    });

    [Fact]
    public void Built_slots_are_sound() => Gen.Select(Gen.Int[0, 77], Gen.Double[0, 1e6], MarketGen.Price).Array[0, 200].Sample(bars =>
    {
        var builder = new SlotBuilder(SlotGrid.Regular);
        foreach (var (slot, volume, price) in bars) builder.Add(slot, volume, price, 1);
        Assert.Empty(BarChecks.Of(builder.Build(), SlotGrid.Regular));
    });

    private static MinuteBar Minute(string time, double close, double volume, long trades) =>
        new(Symbol, Day.At(TimeOnly.Parse(time)), close, close, close, close, volume, trades);
}
