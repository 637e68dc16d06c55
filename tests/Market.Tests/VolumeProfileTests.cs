using CsCheck;

namespace Market.Tests;

public sealed class VolumeProfileTests
{
    [Fact]
    public void A_baseline_is_the_mean_of_cumulative_volumes_worked_by_hand()
    {
        // Six slots. First session: 100 in slot 1, 50 in slot 3 → 0 100 100 150 150 150. Second: 30 in slot 0, 20 in slot 5 → 30 30 30 30 30 50.
        var sums = new double[6];
        VolumeProfile.AddSession([new Slot(1, 100, 100, 1, 10), new Slot(3, 50, 150, 1, 10)], 1, sums);
        VolumeProfile.AddSession([new Slot(0, 30, 30, 1, 10), new Slot(5, 20, 50, 1, 10)], 1, sums);
        VolumeProfile.Average(sums, 2);
        Assert.Equal([15, 65, 65, 90, 90, 100], sums);
    }

    [Fact]
    public void A_split_scales_the_sessions_before_it()
    {
        var sums = new double[3];
        VolumeProfile.AddSession([new Slot(1, 10, 10, 1, 70)], 7, sums);
        VolumeProfile.AddSession([new Slot(0, 40, 40, 1, 10)], 1, sums);
        VolumeProfile.Average(sums, 2);
        Assert.Equal([20, 55, 55], sums);
    }

    [Fact]
    public void A_session_without_trades_adds_nothing()
    {
        double[] sums = [1, 2, 3];
        VolumeProfile.AddSession([], 1, sums);
        Assert.Equal([1, 2, 3], sums);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    [InlineData(0, 6)]
    [InlineData(-1, 2)]
    public void Slots_that_do_not_ascend_within_the_grid_are_refused(short first, short second) =>
        Assert.Throws<ArgumentException>(() => VolumeProfile.AddSession([new Slot(first, 1, 1, 1, 1), new Slot(second, 1, 2, 1, 1)], 1, new double[6]));

    [Fact]
    public void A_mean_of_no_sessions_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => VolumeProfile.Average(new double[6], 0));

    [Fact]
    public void The_profile_equals_the_plain_reference_form_and_never_falls() => MarketGen.Slots(78).Array[1, 5].Sample(sessions =>
    {
        var sums = new double[78];
        foreach (var session in sessions) VolumeProfile.AddSession(session, 1, sums);
        VolumeProfile.Average(sums, sessions.Length);
        var reference = Enumerable.Range(0, 78).Select(slot => sessions.Sum(session => session.Where(s => s.Number <= slot).Sum(s => s.Volume)) / sessions.Length);
        return sums.SequenceEqual(reference) && sums.Zip(sums.Skip(1)).All(pair => pair.First <= pair.Second);
    });

    [Fact]
    public void The_last_slot_holds_the_mean_of_whole_days() => MarketGen.Slots(192).Array[1, 5].Sample(sessions =>
    {
        var sums = new double[192];
        foreach (var session in sessions) VolumeProfile.AddSession(session, 1, sums);
        return sums[^1] == sessions.Sum(session => session.Length == 0 ? 0 : session[^1].Accumulated);
    });
}
