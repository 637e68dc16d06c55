namespace Market.Tests;

internal static class BarEquality
{
    /// <summary>Whether all numbers of the bars agree within a relative tolerance.</summary>
    public static bool Within(double tolerance, DailyBar left, DailyBar right) =>
        left.Symbol == right.Symbol && left.Date == right.Date && left.Trades == right.Trades
        && left.Vwap is null == right.Vwap is null
        && Numbers(left).Zip(Numbers(right)).All(pair => Within(tolerance, pair.First, pair.Second));

    public static bool Within(double tolerance, double left, double right) =>
        left.Equals(right) || Math.Abs(left - right) <= tolerance * Math.Max(Math.Abs(left), Math.Abs(right));

    private static double[] Numbers(DailyBar bar) => [bar.Open, bar.High, bar.Low, bar.Close, bar.Volume, bar.Vwap ?? 0];
}
