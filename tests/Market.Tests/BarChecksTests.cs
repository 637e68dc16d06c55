using CsCheck;

namespace Market.Tests;

public sealed class BarChecksTests
{
    private static readonly DailyBar Sound = new(new Symbol("ACME"), new DateOnly(2025, 1, 14), 10, 12, 9, 11, 1_000.5, 10.4, 17);

    [Fact]
    public void Sound_bars_break_no_rule()
    {
        Assert.Empty(BarChecks.Of(Sound));
        Assert.Empty(BarChecks.Of(Sound with { Vwap = null, Trades = null, Volume = 0 }));
        MarketGen.Bar.Sample(bar => BarChecks.Of(bar with { Vwap = bar.Low }).Count == 0);
    }

    public static TheoryData<string, DailyBar> Broken => new()
    {
        { "bar.not_finite", Sound with { Close = double.NaN } },
        { "bar.not_finite", Sound with { Volume = double.PositiveInfinity } },
        { "bar.not_finite", Sound with { Vwap = double.NaN } },
        { "bar.price_not_positive", Sound with { Low = 0 } },
        { "bar.high_below_low", Sound with { High = 8.5 } },
        { "bar.open_outside_range", Sound with { Open = 12.01 } },
        { "bar.close_outside_range", Sound with { Close = 8.99 } },
        { "bar.volume_negative", Sound with { Volume = -1 } },
        { "bar.trades_negative", Sound with { Trades = -1 } },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void An_impossible_number_is_an_error_with_its_rule(string rule, DailyBar bar)
    {
        var breach = Assert.Single(BarChecks.Of(bar));
        Assert.Equal((rule, Severity.Error), (breach.Rule, breach.Severity));
    }

    [Fact]
    public void A_vwap_outside_the_range_is_only_odd() =>
        Assert.Equal([new Breach("bar.vwap_outside_range", Severity.Warning, "vwap 12.1", "low 9 to high 12")], BarChecks.Of(Sound with { Vwap = 12.1 }));

    [Fact]
    public void Every_broken_rule_is_named() =>
        Assert.Equal(
            ["bar.open_outside_range", "bar.close_outside_range", "bar.volume_negative"],
            BarChecks.Of(Sound with { Open = 20, Close = 1, Volume = -5 }).Select(breach => breach.Rule));

    [Fact]
    public void Sound_slots_break_no_rule() => MarketGen.Slots(192).Sample(slots => BarChecks.Of(slots, SlotGrid.Extended).Count == 0);

    [Fact]
    public void Broken_slots_name_each_rule_once_at_its_first_slot()
    {
        Slot[] slots = [new(5, 10, 10, 1, 10), new(5, 10, 25, -1, 0), new(4, 10, 30, -1, double.NaN), new(192, -1, 29, 1, 10)];
        Assert.Equal(
            [
                new Breach("slot.not_ascending", Severity.Error, "slot 5 after 5", "ascending numbers, each once"),
                new Breach("slot.trades_negative", Severity.Error, "-1 in slot 5", "0 or more trades"),
                new Breach("slot.price_not_positive", Severity.Error, "0 in slot 5", "a price above 0"),
                new Breach("slot.accumulated_not_sum", Severity.Error, "25 at slot 5", "running sum 20"),
                new Breach("slot.outside_grid", Severity.Error, "slot 192", "0 to 191"),
                new Breach("slot.volume_negative", Severity.Error, "-1 in slot 192", "0 or more shares"),
            ],
            BarChecks.Of(slots, SlotGrid.Extended));
    }
}
