namespace Simulator.World;

/// <summary>
/// The closing price of a security on any session in constant time: value noise of several periods over the session's
/// ordinal, so that neighbouring sessions are close and none depends on an earlier one being generated.
/// </summary>
internal static class PricePath
{
    // A noise of period p moves by its amplitude in about p sessions, like a random walk: amplitude ~ √p; the longest are held back.
    private static readonly (int Period, double Amplitude)[] Octaves = [(1, .75), (4, 1.3), (16, 2.4), (64, 4.2), (256, 6.5)];

    /// <summary>USD on the basis before the first split.</summary>
    internal static double Level(Security security, int session)
    {
        var sum = 0.0;
        foreach (var (period, amplitude) in Octaves)
        {
            var (cell, within) = Math.DivRem(session, period);
            var from = Knot(security.Key, period, cell);
            var to = period == 1 ? 0 : Knot(security.Key, period, cell + 1);
            sum += amplitude * (period == 1 ? from : from + ((to - from) * within / period));
        }
        return security.BasePrice * Math.Exp(sum * security.Volatility);
    }

    // From -1 to 1.
    private static double Knot(ulong key, int period, int cell) =>
        (2 * Hash.Unit(Hash.Of(key, (ulong)period, (ulong)cell))) - 1;
}
