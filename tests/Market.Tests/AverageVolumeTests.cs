namespace Market.Tests;

public sealed class AverageVolumeTests
{
    private static readonly double[] Volumes = [900, 100, 200, 300, 400, 500.5];

    [Fact]
    public void The_mean_is_of_the_last_bars() => Assert.Equal(300.1, AverageVolume.Of(Volumes, 5)!.Value, 1e-12);

    [Fact]
    public void All_bars_may_be_used() => Assert.Equal(2400.5 / 6, AverageVolume.Of(Volumes, 6)!.Value, 1e-12);

    [Fact]
    public void Below_that_many_bars_there_is_none() => Assert.Null(AverageVolume.Of(Volumes, 7));

    [Fact]
    public void A_mean_of_no_bars_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => AverageVolume.Of(Volumes, 0));
}
