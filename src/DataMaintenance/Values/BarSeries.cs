using Market;

namespace DataMaintenance.Values;

/// <summary>One symbol's newest bars, oldest first, on one split basis; only what averages and ranges need, so that the whole market fits in memory.</summary>
internal sealed class BarSeries(int capacity)
{
    private readonly HighLowClose[] prices = new HighLowClose[capacity];
    private readonly double[] volumes = new double[capacity];
    private readonly DateOnly[] dates = new DateOnly[capacity];

    public int Count { get; private set; }

    /// <summary>The date of the newest bar.</summary>
    public DateOnly Newest => dates[Count - 1];

    public ReadOnlySpan<DateOnly> Dates => dates.AsSpan(0, Count);

    public ReadOnlySpan<HighLowClose> Prices => prices.AsSpan(0, Count);

    /// <summary>Shares.</summary>
    public ReadOnlySpan<double> Volumes => volumes.AsSpan(0, Count);

    public void Add(in DailyBar bar)
    {
        prices[Count] = new(bar.High, bar.Low, bar.Close);
        volumes[Count] = bar.Volume;
        dates[Count] = bar.Date;
        Count++;
    }
}
