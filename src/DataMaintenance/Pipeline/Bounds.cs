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

    /// <summary>
    /// The count against <see cref="ChecksOptions.LearnedRatio"/> of the median of comparable sessions, below which it fails, and against
    /// their spread, outside which it warns; half days are compared with half days.
    /// </summary>
    /// <param name="history">Counts of other sessions, any order.</param>
    public Check Learned(string what, DateOnly session, double value, IEnumerable<(DateOnly Date, long Value)> history)
    {
        if (options.LearnedRatio == 0) return new(CheckResult.Ok, $"{what}: learned bound is off");
        var comparable = ComparableTo(session, history);
        if (comparable.Length < options.LearnedMinSessions)
            return new(CheckResult.NotLearned, string.Create(CultureInfo.InvariantCulture, $"{what} {value:N0}: {comparable.Length} comparable sessions, {options.LearnedMinSessions} needed"));
        var median = Median(comparable);
        var (least, within) = (options.LearnedRatio * median, Within(comparable, median));
        if (value < least)
            return new(CheckResult.Failed, string.Create(CultureInfo.InvariantCulture, $"{what} {value:N0}, at least {options.LearnedRatio:P0} of the median {median:N0} of {comparable.Length} sessions"));
        return new(Math.Abs(value - median) <= within ? CheckResult.Ok : CheckResult.Warning,
            string.Create(CultureInfo.InvariantCulture, $"{what} {value:N0}, the median of {comparable.Length} sessions is {median:N0}, within {within:N0} of it expected"));
    }

    /// <summary>How far from the median is ordinary: eight times the middle distance from it, and never less than a twentieth of it, or three.</summary>
    private static double Within(long[] comparable, double median)
    {
        long[] distances = [.. comparable.Select(c => (long)Math.Abs(c - median)).Order()];
        return Math.Max(Math.Max(Spreads * Median(distances), LeastWithin * median), 3);
    }

    /// <summary>The least count that <see cref="Learned"/> lets pass; null while nothing is learned, or learning is off.</summary>
    /// <param name="history">Counts of other sessions, any order.</param>
    public double? LeastLearned(DateOnly session, IEnumerable<(DateOnly Date, long Value)> history)
    {
        var comparable = ComparableTo(session, history);
        return options.LearnedRatio == 0 || comparable.Length < options.LearnedMinSessions ? null : options.LearnedRatio * Median(comparable);
    }

    /// <summary>Counts of the newest comparable sessions, ascending.</summary>
    private long[] ComparableTo(DateOnly session, IEnumerable<(DateOnly Date, long Value)> history)
    {
        var half = calendar.IsHalfDay(session);
        return [.. history.Where(h => h.Date != session && calendar.IsSession(h.Date) && calendar.IsHalfDay(h.Date) == half)
            .OrderByDescending(h => h.Date).Take(Comparable).Select(h => h.Value).Order()];
    }

    private static double Median(long[] ascending)
    {
        var middle = ascending.Length / 2;
        return ascending.Length % 2 == 1 ? ascending[middle] : (ascending[middle - 1] + ascending[middle]) / 2.0;
    }

    private const int Comparable = 20;
    private const double Spreads = 8, LeastWithin = 0.05;
}
