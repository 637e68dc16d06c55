namespace Simulator.World;

/// <summary>A random walk that is tied to a target: it drifts there and arrives, whatever the noise. Prices in USD, time in minutes.</summary>
internal struct PriceWalk(double price, double volatility)
{
    private double price = price;
    private double target;
    private int minute;
    private int end;
    private double deviation;

    /// <summary>How far the price strays within one minute, USD.</summary>
    internal readonly double Reach => price * deviation;

    internal void Restart(double at, int since) => (price, minute) = (at, since);

    internal void Head(double towards, int arrival, double scale) => (target, end, deviation) = (towards, arrival, volatility * scale);

    /// <param name="at">Not before the last step.</param>
    /// <param name="noise">From -1 to 1.</param>
    /// <returns>The price as the minute begins and as it ends.</returns>
    internal (double Before, double After) Step(int at, double noise)
    {
        var elapsed = Math.Max(at - minute, 1);
        var left = end - at + elapsed;
        var before = price;
        var share = left <= elapsed ? 1 : (double)elapsed / left;
        // √3 makes the deviation of the uniform noise 1.
        var stray = price * deviation * 1.732 * noise * Math.Sqrt(elapsed) * (1 - share);
        price = Math.Max(price + ((target - price) * share) + stray, .0002);
        if (elapsed > 1) before = price + ((before - price) / elapsed);
        minute = at;
        return (before, price);
    }
}
