using Market;
using static System.FormattableString;

namespace DataMaintenance.Pipeline.Checks;

/// <summary>Bars that are those of an earlier session once more: one symbol's, or a whole file's.</summary>
internal sealed class Repeats
{
    /// <summary>Shares from which one symbol's repeated bar is no coincidence, and from which it counts for the day.</summary>
    public const double LeastShares = 10_000, LeastOfDay = 1_000;

    /// <summary>Share of the symbols from which the file is partly an old one, and from which nothing of it is taken.</summary>
    public const double SomeOfDay = 0.01, WholeDay = 0.5;

    private const int LeastRepeated = 5, LeastWhole = 2;

    private readonly Dictionary<DateOnly, int> of = [];
    private int judged, repeated;

    public Breach? Look(in DailyBar bar, BarHistory.Past past)
    {
        if (bar.Volume < LeastOfDay || bar.High == bar.Low) return null;
        judged++;
        for (var back = 0; back < past.Count; back++)
        {
            ref readonly var old = ref past[back];
            if (old.Volume != bar.Volume || old.Close != bar.Close || old.Open != bar.Open || old.High != bar.High || old.Low != bar.Low) continue;
            repeated++;
            of[old.Date] = of.GetValueOrDefault(old.Date) + 1;
            return bar.Volume >= LeastShares ? Rules.Repeated.Breach(Invariant($"open {bar.Open}, close {bar.Close}, {bar.Volume} shares"), Invariant($"another bar than that of {old.Date:yyyy-MM-dd}")) : null;
        }

        return null;
    }

    /// <summary>Whether the file is an earlier session's.</summary>
    public bool IsWhole => repeated >= LeastWhole && repeated >= WholeDay * judged;

    public Breach? OfDay() => IsWhole || (repeated >= LeastRepeated && repeated >= SomeOfDay * judged)
        ? Rules.RepeatedDay.Breach(Invariant($"{repeated:N0} of {judged:N0} bars are those of {of.MaxBy(d => d.Value).Key:yyyy-MM-dd}"), "bars of this session")
        : null;
}
