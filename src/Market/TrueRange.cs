namespace Market;

/// <summary>The part of a bar that true ranges need, USD per share.</summary>
public readonly record struct HighLowClose(double High, double Low, double Close);

/// <summary>How far a price moved in a session, the overnight step included.</summary>
public static class TrueRange
{
    /// <summary>The greatest of high − low, |high − previous close| and |low − previous close|; USD per share.</summary>
    /// <param name="previousClose">Of the bar before, on the same split basis.</param>
    public static double Of(in HighLowClose bar, double previousClose) =>
        Math.Max(bar.High - bar.Low, Math.Max(Math.Abs(bar.High - previousClose), Math.Abs(bar.Low - previousClose)));
}
