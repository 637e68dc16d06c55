using static System.FormattableString;

namespace Market;

/// <summary>
/// Whether the step from a close to the next open agrees with the splits listed between them. It judges only what ordinary moves do
/// not explain, so its silence proves little about small stock dividends or a 3-for-2 that is not listed.
/// </summary>
public static class OvernightStep
{
    /// <summary>An unexplained step below 4 is suspected of a split when it is this near to 2 or 3, relative; 3-for-2 and less look like news.</summary>
    private const double NearWhole = 0.03;

    /// <summary>From this ratio on hardly any news explains a step, whatever the number.</summary>
    private const double Unmistakable = 4;

    /// <summary>A listed ratio below this is too small to be told from an ordinary step.</summary>
    private const double SmallestJudged = 1.4;

    /// <summary>Share of the listed ratio, in logarithms, that the step must show to count as having happened.</summary>
    private const double ShownShare = 1.0 / 3;

    /// <summary>A step against the listed direction of at least this share of the ratio, in logarithms: no news does that on the day of a split, a list turned round does.</summary>
    private const double OppositeShare = 0.5;

    /// <summary>
    /// Null when the step is ordinary, or is what the listed splits say. <c>split.without_step</c>: one is listed and the price did
    /// not move. <c>split.other_ratio</c>: it moved, but not as listed; a warning where news could be the reason for the rest.
    /// <c>split.not_listed</c>: always a warning, since a price that halves on news looks the same.
    /// </summary>
    /// <param name="previousClose">Of the last bar before, as traded, not adjusted; above 0.</param>
    /// <param name="open">Of the next bar, as traded, not adjusted; above 0.</param>
    /// <param name="priceFactor">Product of from/to of the splits executed after the first bar's date up to the second's; 1 without any.</param>
    public static Breach? Check(double previousClose, double open, double priceFactor)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(previousClose);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(open);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(priceFactor);
        var step = open / previousClose;
        var unexplained = step / priceFactor;
        if (IsTold(priceFactor) && Math.Log(step) / Math.Log(priceFactor) < ShownShare && !LooksLikeSplit(step))
            return Breach("split.without_step", Severity.Error, previousClose, open, AsListed(priceFactor));
        if (!LooksLikeSplit(unexplained) && !(IsTold(priceFactor) && Ratio(unexplained) >= SmallestJudged)) return null;
        if (priceFactor == 1) return Breach("split.not_listed", Severity.Warning, previousClose, open, "a listed split, or a step that is none");
        var turned = IsTold(priceFactor) && Math.Log(step) / Math.Log(priceFactor) <= -OppositeShare;
        var severity = turned || Ratio(unexplained) >= Unmistakable ? Severity.Error : Severity.Warning;
        return Breach("split.other_ratio", severity, previousClose, open, AsListed(priceFactor));
    }

    /// <summary>Whether a listed ratio is large enough to be told from an ordinary step, and so to be judged by prices at all.</summary>
    public static bool IsTold(double priceFactor) => Ratio(priceFactor) >= SmallestJudged;

    private static bool LooksLikeSplit(double step)
    {
        var ratio = Ratio(step);
        var whole = Math.Round(ratio);
        return ratio >= Unmistakable || (whole >= 2 && Math.Abs(ratio - whole) <= NearWhole * whole);
    }

    private static string AsListed(double priceFactor) => Invariant($"a step near {priceFactor:0.####}, as the listed split says");

    private static double Ratio(double step) => Math.Max(step, 1 / step);

    private static Breach Breach(string rule, Severity severity, double previousClose, double open, string expectation) =>
        new(rule, severity, Invariant($"open {open} after close {previousClose}, step {open / previousClose:0.####}"), expectation);
}
