using System.Globalization;
using Market;

namespace DataMaintenance.Pipeline;

/// <summary>Holds counts against absolute bounds, and against what comparable sessions had.</summary>
public sealed class Bounds(TradingCalendar calendar, ChecksOptions options)
{
    /// <summary>What a half day has of a whole one.</summary>
    public const double HalfDayShare = 0.6;

    /// <summary>An absolute bound for the session: as configured, times 0.6 on half days.</summary>
    public double Absolute(DateOnly session, double bound) => calendar.IsHalfDay(session) ? bound * HalfDayShare : bound;

    /// <summary>The count against <see cref="ChecksOptions.LearnedRatio"/> of the median of comparable sessions; half days are compared with half days.</summary>
    /// <param name="history">Counts of other sessions, any order.</param>
    public Check Learned(string what, DateOnly session, double value, IEnumerable<(DateOnly Date, long Value)> history)
    {
        if (options.LearnedRatio == 0) return new(CheckResult.Ok, $"{what}: learned bound is off");
        var half = calendar.IsHalfDay(session);
        var comparable = history.Where(h => h.Date != session && calendar.IsSession(h.Date) && calendar.IsHalfDay(h.Date) == half)
            .OrderByDescending(h => h.Date).Take(Comparable).Select(h => h.Value).Order().ToArray();
        if (comparable.Length < options.LearnedMinSessions)
            return new(CheckResult.NotLearned, string.Create(CultureInfo.InvariantCulture, $"{what} {value:N0}: {comparable.Length} comparable sessions, {options.LearnedMinSessions} needed"));
        var middle = comparable.Length / 2;
        var median = comparable.Length % 2 == 1 ? comparable[middle] : (comparable[middle - 1] + comparable[middle]) / 2.0;
        var least = options.LearnedRatio * median;
        return new(value >= least ? CheckResult.Ok : CheckResult.Failed,
            string.Create(CultureInfo.InvariantCulture, $"{what} {value:N0}, at least {options.LearnedRatio:P0} of the median {median:N0} of {comparable.Length} sessions"));
    }

    private const int Comparable = 20;
}
