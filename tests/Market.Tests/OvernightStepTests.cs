using CsCheck;

namespace Market.Tests;

public sealed class OvernightStepTests
{
    [Theory]
    [InlineData(645.57, 92.70, 1.0 / 7)] // AAPL on 2014-06-09.
    [InlineData(1208.88, 120.37, 1.0 / 10)] // NVDA on 2024-06-10.
    [InlineData(0.52, 4.1, 10)] // A reverse split of a penny stock that falls by a fifth.
    [InlineData(100, 70, 2.0 / 3)]
    [InlineData(100, 97, 1 / 1.05)] // A stock dividend is too small to judge.
    public void A_step_that_the_listed_splits_say_is_silent(double close, double open, double factor) => Assert.Null(OvernightStep.Check(close, open, factor));

    [Fact]
    public void Ordinary_moves_raise_no_alarm() => Gen.Select(MarketGen.Price, Gen.Double[0.55, 1.85]).Sample((close, move) => OvernightStep.Check(close, close * move, 1) is null);

    [Fact]
    public void Ordinary_moves_on_the_day_of_a_split_raise_no_alarm() =>
        Gen.Select(MarketGen.Price, Gen.Double[0.75, 1.3], Gen.OneOf(1.0 / 2, 1.0 / 3, 1.0 / 10, 2, 5, 10, 25, 100, 2.0 / 3))
            .Sample((close, move, factor) => OvernightStep.Check(close, close * factor * move, factor) is null);

    [Theory]
    [InlineData(100, 50.5, "split.not_listed", Severity.Warning)]
    [InlineData(0.5, 12.4, "split.not_listed", Severity.Warning)]
    [InlineData(645.57, 92.70, "split.not_listed", Severity.Warning)]
    [InlineData(100, 33, "split.not_listed", Severity.Warning)]
    public void A_step_like_a_split_that_nobody_lists_is_suspected(double close, double open, string rule, Severity severity)
    {
        var breach = OvernightStep.Check(close, open, 1);
        Assert.Equal((rule, severity), (breach?.Rule, breach?.Severity));
    }

    [Theory]
    [InlineData(100, 101, 1.0 / 2)]
    [InlineData(100, 101, 10)]
    [InlineData(100, 98, 2.0 / 3)]
    public void A_listed_split_without_its_step_is_an_error(double close, double open, double factor)
    {
        var breach = OvernightStep.Check(close, open, factor);
        Assert.Equal(("split.without_step", Severity.Error), (breach?.Rule, breach?.Severity));
    }

    [Theory]
    [InlineData(100, 50, 1.0 / 10, Severity.Error)]
    [InlineData(100, 1_010, 1.0 / 10, Severity.Error)] // The ratio the wrong way round.
    [InlineData(100, 202, 1.0 / 2, Severity.Error)]
    [InlineData(100, 198, 1.0 / 2, Severity.Error)] // A little short of four times what is listed, and plainly the other way.
    [InlineData(100, 50.08, 2, Severity.Error)]
    [InlineData(100, 5.02, 1.0 / 10, Severity.Warning)] // Or the share halved on the day of its split.
    public void A_step_of_another_ratio_than_listed_is_found(double close, double open, double factor, Severity severity)
    {
        var breach = OvernightStep.Check(close, open, factor);
        Assert.Equal(("split.other_ratio", severity), (breach?.Rule, breach?.Severity));
    }

    [Fact]
    public void A_finding_says_what_came_and_what_was_expected() =>
        Assert.Equal(
            new Breach("split.without_step", Severity.Error, "open 101 after close 100, step 1.01", "a step near 0.5, as the listed split says"),
            OvernightStep.Check(100, 101, 0.5));

    [Fact]
    public void Prices_that_are_none_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => OvernightStep.Check(0, 10, 1));
}
