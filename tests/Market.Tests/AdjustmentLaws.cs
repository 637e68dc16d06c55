using CsCheck;

namespace Market.Tests;

public sealed class AdjustmentLaws
{
    private const double Rounding = 1e-12;
    private static readonly Gen<Split[]> Splits = MarketGen.Split.Array[0, 6];

    [Fact]
    public void Without_splits_nothing_changes() =>
        MarketGen.Bar.Sample(bar => Adjustment.Of([], bar.Date) == Adjustment.None && Adjustment.None.Apply(bar) == bar);

    [Fact]
    public void Undo_gives_back_the_bar() => Gen.Select(MarketGen.Bar, Splits, MarketGen.Date).Sample((bar, splits, asOf) =>
    {
        var adjustment = Adjustment.Of(splits, asOf);
        return BarEquality.Within(Rounding, bar, adjustment.Undo(adjustment.Apply(bar)));
    });

    [Fact]
    public void The_order_of_the_list_changes_not_one_bit() => Gen.Select(MarketGen.Bar, Splits, MarketGen.Date, Gen.Int).Sample((bar, splits, asOf, seed) =>
    {
        var shuffled = splits.ToArray();
        new Random(seed).Shuffle(shuffled);
        return Adjustment.Of(splits, asOf).Apply(bar) == Adjustment.Of(shuffled, asOf).Apply(bar);
    });

    [Fact]
    public void Adjusting_to_one_day_and_then_to_a_later_one_is_adjusting_to_the_later() =>
        Gen.Select(MarketGen.Bar, Splits, MarketGen.Date, MarketGen.Date).Sample((bar, splits, one, other) =>
        {
            var (earlier, later) = one < other ? (one, other) : (other, one);
            var toEarlier = Adjustment.Of(splits, earlier).Apply(bar);
            var onward = Adjustment.Of(splits.Where(split => split.ExecutionDate > earlier), later).Apply(toEarlier);
            return BarEquality.Within(Rounding, Adjustment.Of(splits, later).Apply(bar), onward);
        });

    [Fact]
    public void The_factor_is_the_plain_product_over_the_splits_between() => Gen.Select(MarketGen.Date, Splits, MarketGen.Date).Sample((date, splits, asOf) =>
    {
        var product = splits.Where(split => date < split.ExecutionDate && split.ExecutionDate <= asOf).Aggregate(1.0, (factor, split) => factor * split.PriceFactor);
        var adjustment = Adjustment.Of(splits, asOf);
        return BarEquality.Within(Rounding, product, adjustment.PriceFactor(date)) && BarEquality.Within(Rounding, 1 / product, adjustment.VolumeFactor(date));
    });

    [Fact]
    public void Money_traded_stays_what_it_was() => Gen.Select(MarketGen.Bar, Splits, MarketGen.Date).Sample((bar, splits, asOf) =>
    {
        var adjusted = Adjustment.Of(splits, asOf).Apply(bar);
        return BarEquality.Within(Rounding, bar.Close * bar.Volume, adjusted.Close * adjusted.Volume);
    });
}
