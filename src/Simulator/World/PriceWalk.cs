namespace Simulator.World;

/// <summary>
/// A random walk that is tied to a target: it drifts there and arrives, whatever the noise. Prices in 1/10,000 USD, time in minutes.
/// </summary>
internal struct PriceWalk(double price, double volatility)
{
    // Roots and reciprocals of all distances within a day: a division and a root a minute would be a third of the work.
    private static readonly double[] Root = [.. Enumerable.Range(0, TradingDay.Minutes + 2).Select(n => Math.Sqrt(n))];
    private static readonly double[] Share = [.. Enumerable.Range(0, TradingDay.Minutes + 2).Select(n => 1.0 / Math.Max(n, 1))];

    private double price = price;
    private double target;
    private double deviation;
    private int minute;
    private int end;

    /// <summary>How far the price strays within one minute.</summary>
    internal readonly double Reach => price * deviation;

    internal void Restart(double at, int since) => (price, minute) = (at, since);

    internal void Head(double towards, int arrival, double scale) => (target, end, deviation) = (towards, arrival, volatility * scale);

    /// <param name="at">After the last step.</param>
    /// <param name="noise">From -1 to 1.</param>
    /// <returns>The price as the minute begins and as it ends.</returns>
    internal (double Before, double After) Step(int at, double noise)
    {
        var elapsed = Math.Max(at - minute, 1);
        var left = Math.Max(end - at + elapsed, elapsed);
        var share = elapsed * Share[left];
        // √3 makes the deviation of the uniform noise 1.
        var move = ((target - price) * share) + (price * deviation * 1.732 * noise * Root[elapsed] * (1 - share));
        var after = Math.Max(price + move, 1);
        var before = elapsed > 1 ? after - (move * Share[elapsed]) : price;
        (price, minute) = (after, at);
        return (Math.Max(before, 1), after);
    }
}
