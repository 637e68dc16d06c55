namespace Simulator.World;

/// <summary>
/// A bar in whole numbers, so that every rendering of it is exact: prices in 1/10,000 USD, volume in millionths of a share.
/// Unadjusted unless the member that returns it says otherwise.
/// </summary>
/// <param name="Start">Start of the window, Unix milliseconds.</param>
/// <param name="Vwap">0 where no price was averaged: such a bar is told without one.</param>
/// <param name="Trades">0 where the count is not told.</param>
public readonly record struct Bar(long Start, long Open, long High, long Low, long Close, long Volume, long Vwap, long Trades)
{
    public const long PriceScale = 10_000;
    public const long VolumeScale = 1_000_000;

    /// <summary>Joins bars of consecutive windows, oldest first, into one that starts at <paramref name="start"/>.</summary>
    /// <param name="parts">At least one.</param>
    internal static Bar Join(ReadOnlySpan<Bar> parts, long start)
    {
        var (high, low, volume, trades, traded) = (long.MinValue, long.MaxValue, 0L, 0L, 0.0);
        foreach (ref readonly var part in parts)
        {
            if (part.High > high) high = part.High;
            if (part.Low < low) low = part.Low;
            volume += part.Volume;
            trades += part.Trades;
            traded += (double)part.Vwap * part.Volume;
        }
        return new Bar(start, parts[0].Open, high, low, parts[^1].Close, volume, (long)((traded / volume) + 0.5), trades);
    }

    /// <summary>The bar on the basis after a split: prices times <paramref name="factor"/>, volume divided by it.</summary>
    internal Bar Adjust(double factor) => factor == 1 ? this : this with
    {
        Open = Scale(Open, factor),
        High = Scale(High, factor),
        Low = Scale(Low, factor),
        Close = Scale(Close, factor),
        Vwap = Scale(Vwap, factor),
        Volume = (long)Math.Round(Volume / factor),
    };

    private static long Scale(long price, double factor) => (long)Math.Round(price * factor);
}
