using Market;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>
/// Which of the splits listed between two consecutive bars the prices bear out. Where the whole list agrees with the step, or no
/// part of it does better, it stands; otherwise the part that leaves the least of the step unexplained stands, and the rest is quarantined.
/// </summary>
internal static class SplitJudge
{
    /// <summary>More splits between two bars than this are left as they are listed.</summary>
    private const int MostJudged = 8;

    /// <summary>How much less of the step, in logarithms, a part must leave unexplained to be believed rather than the whole list.</summary>
    private const double ClearlyBetter = 0.1;

    /// <param name="splits">Those executed after the first bar's date up to the second's.</param>
    /// <returns>The breach of the whole list, if any, and the splits that the prices do not bear out.</returns>
    public static (Breach? Breach, IReadOnlyList<Split> Contradicted) Judge(double previousClose, double open, IReadOnlyList<Split> splits)
    {
        var breach = OvernightStep.Check(previousClose, open, Factor(splits));
        // Of a single split a collapse could be the reason; of several at once a listing too many is likelier.
        if (splits.Count is 0 or > MostJudged || (splits.Count == 1 && breach?.Severity != Severity.Error)) return (breach, []);
        var step = Math.Log(open / previousClose);
        var (best, least) = (splits, Unexplained(splits) - ClearlyBetter);
        // That none of several is right takes a step that looks wrong.
        for (var subset = (1 << splits.Count) - 2; subset >= (breach is null ? 1 : 0); subset--)
        {
            Split[] part = [.. splits.Where((_, i) => (subset & (1 << i)) != 0)];
            if (Unexplained(part) >= least) continue;
            (best, least) = (part, Unexplained(part));
        }

        Split[] contradicted = [.. splits.Except(best)];
        if (contradicted.Length > 0)
            breach ??= new("split.listed_twice", Severity.Warning, FormattableString.Invariant($"open {open} after close {previousClose}, {splits.Count} splits listed in between"), $"a step of them all; {contradicted.Length} of them did not happen");
        return (breach, contradicted);

        double Unexplained(IReadOnlyList<Split> part) => Math.Abs(step - Math.Log(Factor(part)));
    }

    private static double Factor(IReadOnlyList<Split> splits) => splits.Aggregate(1.0, static (product, split) => product * split.PriceFactor);
}
