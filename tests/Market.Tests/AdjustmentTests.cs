namespace Market.Tests;

public sealed class AdjustmentTests
{
    private static readonly Symbol Symbol = new("ACME");
    private static readonly DateOnly Friday = new(2024, 6, 7), Monday = new(2024, 6, 10), Tuesday = new(2024, 6, 11);

    [Fact]
    public void A_split_scales_bars_before_its_execution_date_only()
    {
        var adjustment = Adjustment.Of([new Split(Symbol, Monday, From: 1, To: 4)], Tuesday);
        Assert.Equal((0.25, 4), (adjustment.PriceFactor(Friday), adjustment.VolumeFactor(Friday)));
        Assert.Equal((1, 1), (adjustment.PriceFactor(Monday), adjustment.VolumeFactor(Monday)));

        var bar = new DailyBar(Symbol, Friday, 100, 120, 90, 110, 1_000, 104, 17);
        Assert.Equal(new DailyBar(Symbol, Friday, 25, 30, 22.5, 27.5, 4_000, 26, 17), adjustment.Apply(bar));
        Assert.Equal(bar with { Date = Monday }, adjustment.Apply(bar with { Date = Monday }));
    }

    [Fact]
    public void A_reverse_split_raises_prices_and_lowers_volumes()
    {
        var adjustment = Adjustment.Of([new Split(Symbol, Monday, From: 10, To: 1)], Monday);
        Assert.Equal(new DailyBar(Symbol, Friday, 5, 6, 4, 5.5, 200, null, null), adjustment.Apply(new DailyBar(Symbol, Friday, 0.5, 0.6, 0.4, 0.55, 2_000, null, null)), Close);
    }

    [Fact]
    public void A_split_not_executed_by_the_as_of_day_does_nothing()
    {
        Split[] splits = [new(Symbol, Monday, 1, 4)];
        Assert.True(Adjustment.Of(splits, Friday).IsNone);
        Assert.False(Adjustment.Of(splits, Monday).IsNone);
        Assert.Empty(Adjustment.BySymbol(splits, Friday));
    }

    [Fact]
    public void Two_splits_multiply_also_on_one_day()
    {
        Split[] splits = [new(Symbol, Tuesday, 1, 3), new(Symbol, Monday, 1, 2), new(Symbol, Monday, 5, 1)];
        var adjustment = Adjustment.Of(splits, Tuesday);
        Assert.Equal(5.0 / 6, adjustment.PriceFactor(Friday), 1e-15);
        Assert.Equal(1.0 / 3, adjustment.PriceFactor(Monday), 1e-15);
        Assert.Equal(1, adjustment.PriceFactor(Tuesday));
    }

    [Fact]
    public void A_forward_split_keeps_whole_volumes_whole() =>
        Assert.Equal(9_115_796.0 * 7, 9_115_796 * Adjustment.Of([new Split(Symbol, Monday, 1, 7)], Monday).VolumeFactor(Friday));

    [Fact]
    public void Slots_scale_as_their_session()
    {
        var adjustment = Adjustment.Of([new Split(Symbol, Monday, 1, 4)], Monday);
        Assert.Equal(new Slot(66, 400, 1_000, 3, 25), adjustment.Apply(new Slot(66, 100, 250, 3, 100), Friday));
        Assert.Equal(new Slot(66, 400, 1_000, 3, null), adjustment.Apply(new Slot(66, 100, 250, 3, null), Friday));
    }

    [Fact]
    public void Symbols_are_adjusted_each_by_its_own_splits()
    {
        var lower = new Symbol("ACMe");
        var bySymbol = Adjustment.BySymbol([new Split(Symbol, Monday, 1, 4), new Split(lower, Monday, 1, 2), new Split(new Symbol("LATE"), Tuesday, 1, 2)], Monday);
        Assert.Equal((0.25, 0.5, 2), (bySymbol[Symbol].PriceFactor(Friday), bySymbol[lower].PriceFactor(Friday), bySymbol.Count));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, -2)]
    [InlineData(double.NaN, 1)]
    [InlineData(1, double.PositiveInfinity)]
    public void A_factor_that_is_no_positive_number_is_refused(double from, double to)
    {
        var error = Assert.Throws<ArgumentException>(() => Adjustment.Of([new Split(Symbol, Monday, from, to)], Monday));
        Assert.Contains("The split of ACME on 2024-06-10", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Splits_of_two_symbols_are_refused() =>
        Assert.Throws<ArgumentException>(() => Adjustment.Of([new Split(Symbol, Monday, 1, 2), new Split(new Symbol("OTHER"), Monday, 1, 2)], Monday));

    [Fact]
    public void Splits_of_one_bearer_of_a_ticker_leave_the_bars_of_another_alone()
    {
        DateOnly first = Monday.AddDays(-30), taken = Monday.AddDays(-10), again = Monday;
        Split[] splits = [new(Symbol, first, 1, 2), new(Symbol, first.AddDays(5), 1, 5), new(Symbol, taken, 1, 3), new(Symbol, taken.AddDays(4), 1, 10), new(Symbol, again.AddDays(2), 1, 7)];
        var adjustment = Adjustment.Of(splits, Monday.AddDays(9), [taken, again]);
        Assert.Equal(
            [0.1, 0.2, 1, 0.1, 1, 1.0 / 7, 1],
            new[] { first.AddDays(-1), first, first.AddDays(5), taken, taken.AddDays(4), again, again.AddDays(2) }.Select(adjustment.PriceFactor));
        Assert.Equal([splits[0], splits[1]], adjustment.After(first.AddDays(-1)));
        Assert.Empty(adjustment.After(first.AddDays(5)));
        Assert.Equal([splits[3]], adjustment.After(taken));
        // Without boundaries all of them multiply.
        Assert.Equal(1.0 / (2 * 5 * 3 * 10 * 7), Adjustment.Of(splits, Monday.AddDays(9)).PriceFactor(first.AddDays(-1)), 12);
    }

    private static bool Close(DailyBar left, DailyBar right) => BarEquality.Within(1e-12, left, right);
}
