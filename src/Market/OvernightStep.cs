using static System.FormattableString;

namespace Market;

/// <summary>
/// Whether the step from a close to the next open agrees with the splits listed between them. It judges only what ordinary moves do
/// not explain, so its silence proves little about small stock dividends or a 3-for-2 that is not listed.
/// </summary>
public static class OvernightStep
{
    /// <summary>An unexplained step is suspected of a split from this ratio on, when it is also near a whole number; 3-for-2 and less look like news.</summary>
    private const double SmallestSuspect = 1.9;

    /// <summary>How near to a whole number a step of a split opens, relative.</summary>
    private const double NearWhole = 0.05;

    /// <summary>A listed ratio below this is too small to be told from an ordinary step.</summary>
    private const double SmallestJudged = 1.4;

    /// <summary>Share of the listed ratio, in logarithms, that the step must show to count as having happened.</summary>
    private const double ShownShare = 1.0 / 3;

    /// <summary>Null when the step is ordinary, or is what the listed splits say.</summary>
    /// <param name="previousClose">Of the last bar before, as traded, not adjusted; above 0.</param>
    /// <param name="open">Of the next bar, as traded, not adjusted; above 0.</param>
    /// <param name="priceFactor">Product of from/to of the splits executed after the first bar's date up to the second's; 1 without any.</param>
    public static Breach? Check(double previousClose, double open, double priceFactor)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(previousClose);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(open);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(priceFactor);
        var step = open / previousClose;
        if (Ratio(priceFactor) >= SmallestJudged && Math.Log(step) / Math.Log(priceFactor) < ShownShare && !LooksLikeSplit(step))
            return Breach("split.without_step", Severity.Error, previousClose, open, Invariant($"a step near {priceFactor:0.####}, as the listed split says"));
        if (!LooksLikeSplit(step / priceFactor)) return null;
        return priceFactor == 1
            ? Breach("split.not_listed", Severity.Warning, previousClose, open, "a listed split, or a step that is none")
            : Breach("split.other_ratio", Severity.Error, previousClose, open, Invariant($"a step near {priceFactor:0.####}, as the listed split says"));
    }

    private static bool LooksLikeSplit(double step)
    {
        var ratio = Ratio(step);
        return ratio >= SmallestSuspect && Math.Abs(ratio - Math.Round(ratio)) <= NearWhole * Math.Round(ratio);
    }

    private static double Ratio(double step) => Math.Max(step, 1 / step);

    private static Breach Breach(string rule, Severity severity, double previousClose, double open, string expectation) =>
        new(rule, severity, Invariant($"open {open} after close {previousClose}, step {open / previousClose:0.####}"), expectation);
}
