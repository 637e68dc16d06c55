using Market;

namespace DataMaintenance.Pipeline;

/// <summary>Turns the dates a user gives into sessions, or says in one line why they are none.</summary>
public static class Sessions
{
    /// <summary>A run needs the sessions before its own, of which the calendar must know.</summary>
    private static readonly DateOnly Earliest = TradingCalendar.FirstDate.AddYears(1);

    /// <summary>The session named, or the newest that has ended.</summary>
    /// <exception cref="RequestException">A weekend, a holiday, or a session that has not ended.</exception>
    public static DateOnly Of(DateOnly? date, TradingCalendar calendar, DateTimeOffset now)
    {
        var newest = calendar.NewestEnded(now);
        if (date is not { } day) return newest;
        Check(day, calendar);
        if (day < Earliest) throw new RequestException($"{day:yyyy-MM-dd} is too early: the calendar begins on {TradingCalendar.FirstDate:yyyy-MM-dd} and a run looks back over the sessions before its own; the earliest is {Earliest:yyyy-MM-dd}");
        if (day > TradingCalendar.NewYorkDate(now)) throw new RequestException($"{day:yyyy-MM-dd} is in the future; the newest session that has ended is {newest:yyyy-MM-dd}");
        if (now < calendar.Hours(day).Close) throw new RequestException($"the session of {day:yyyy-MM-dd} has not closed yet; the newest session that has ended is {newest:yyyy-MM-dd}");
        return day;
    }

    /// <summary>The sessions from one date to another, both inclusive, oldest first.</summary>
    /// <exception cref="RequestException">The range is backwards, holds no session, or reaches past the newest one that has ended.</exception>
    public static IReadOnlyList<DateOnly> Range(DateOnly from, DateOnly to, TradingCalendar calendar, DateTimeOffset now)
    {
        if (to < from) throw new RequestException($"the range ends on {to:yyyy-MM-dd}, before it begins, on {from:yyyy-MM-dd}");
        var newest = calendar.NewestEnded(now);
        if (to > TradingCalendar.NewYorkDate(now)) throw new RequestException($"the range ends on {to:yyyy-MM-dd}, which is in the future; the newest session that has ended is {newest:yyyy-MM-dd}");
        var sessions = Within(from, to < newest ? to : newest, calendar);
        return sessions.Count > 0 ? sessions : throw new RequestException($"there is no session from {from:yyyy-MM-dd} to {to:yyyy-MM-dd}: {calendar.ClosedReason(from)}");
    }

    private static IReadOnlyList<DateOnly> Within(DateOnly from, DateOnly to, TradingCalendar calendar)
    {
        try
        {
            return calendar.Sessions(from, to);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new RequestException(RequestException.Plain(e));
        }
    }

    private static void Check(DateOnly day, TradingCalendar calendar)
    {
        string? reason;
        try
        {
            reason = calendar.ClosedReason(day);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new RequestException(RequestException.Plain(e));
        }

        if (reason is not null) throw new RequestException($"{day:yyyy-MM-dd} is no session ({reason}); the one before it is {calendar.PreviousSession(day):yyyy-MM-dd}, the next {calendar.NextSession(day):yyyy-MM-dd}");
    }
}
