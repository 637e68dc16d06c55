using DataMaintenance.Pipeline.Tasks;
using Market;

namespace DataMaintenance.Tests.Pipeline;

/// <summary>Every way in which a list of splits was thought of to be wrong, against the step of the prices.</summary>
public class SplitJudgeTests
{
    private static readonly DateOnly Day = new(2025, 11, 20);

    [Theory]
    [InlineData("it did not happen", 100, 101, "1:4", "1:4", "split.without_step")]
    [InlineData("a reverse split that did not happen", 2, 2.1, "10:1", "10:1", "split.without_step")]
    [InlineData("a 3-for-2 that did not happen", 90, 91, "2:3", "2:3", "split.without_step")]
    [InlineData("from and to swapped", 1_000, 101, "10:1", "10:1", "split.other_ratio")]
    [InlineData("from and to swapped, 2-for-1", 100, 50, "2:1", "2:1", "split.other_ratio")]
    [InlineData("from and to swapped, 2-for-1, on a good day", 100, 50.08, "2:1", "2:1", "split.other_ratio")]
    [InlineData("from and to swapped, 3-for-2", 90, 60, "3:2", "3:2", "split.without_step")]
    [InlineData("listed twice with another ratio", 100, 25, "1:4 1:2", "1:2", "split.other_ratio")]
    [InlineData("listed twice, once in lowest terms", 100, 50, "1:2 2:4", "1", "split.other_ratio")]
    [InlineData("a 3-for-2 listed twice under two days without a trade between", 90, 60, "2:3 2:3", "1", "split.other_ratio")]
    [InlineData("a 5-for-4 listed twice", 100, 80, "4:5 4:5", "1", "split.listed_twice")]
    [InlineData("a reverse split listed twice", 1, 10.2, "10:1 10:1", "1", "split.other_ratio")]
    [InlineData("twice its ratio", 100, 25, "1:8", "", "split.other_ratio")]
    [InlineData("another small ratio", 100, 50, "1:3", "", "split.other_ratio")]
    public void What_the_prices_plainly_contradict_is_quarantined_and_all_of_it_is_told(string what, double close, double open, string listed, string contradicted, string rule)
    {
        var splits = Splits(listed);
        var (breach, quarantined) = SplitJudge.Judge(close, open, splits);
        Assert.True(breach?.Rule == rule, $"{what}: expected {rule}, got {breach?.Rule ?? "nothing"}");
        // One of two that are alike, whichever.
        if (contradicted == "1") Assert.Single(quarantined);
        else Assert.Equal(contradicted.Length == 0 ? [] : splits.Where(s => contradicted.Split(' ').Contains($"{s.From}:{s.To}")), quarantined);
    }

    [Theory]
    [InlineData("as listed", 100, 25.5, "1:4")]
    [InlineData("a reverse split, and a bad day", 0.5, 4.2, "10:1")]
    [InlineData("a 3-for-2", 90, 61, "2:3")]
    [InlineData("a spin-off listed as a split", 100, 94, "100:107")]
    [InlineData("a stock dividend on a day that goes the other way", 100, 103, "1:1.05")]
    [InlineData("two that are both true", 100, 16.5, "1:2 1:3")]
    [InlineData("a clean-up of odd lots, there and back", 50, 50.4, "100:1 1:100")]
    [InlineData("a split after a halt of weeks, with news", 80, 27, "1:4")]
    public void What_the_prices_bear_out_or_cannot_tell_stands(string what, double close, double open, string listed)
    {
        var (breach, quarantined) = SplitJudge.Judge(close, open, Splits(listed));
        Assert.True(breach is null && quarantined.Count == 0, $"{what}: {breach?.Rule} {breach?.Value}");
    }

    [Fact]
    public void A_step_that_nobody_lists_is_told_and_adjusts_nothing()
    {
        var (breach, quarantined) = SplitJudge.Judge(400, 100, []);
        Assert.Equal(("split.not_listed", Severity.Warning, 0), (breach?.Rule, breach?.Severity, quarantined.Count));
    }

    private static Split[] Splits(string text) =>
        [.. text.Split(' ').Select((s, i) => new Split(new("ACME"), Day.AddDays(i), Number(s.Split(':')[0]), Number(s.Split(':')[1])))];

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
