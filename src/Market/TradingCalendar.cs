using System.Collections.Frozen;

namespace Market;

/// <summary>
/// The New York Stock Exchange's sessions by rule, from 1990-01-01 to 2200-12-31. The one place that turns instants into New York
/// dates and back. Thread-safe; a year is worked out when first asked for, and only <see cref="Learn"/> changes an answer.
/// </summary>
/// <remarks>A date outside those years makes every member throw <see cref="ArgumentOutOfRangeException"/>; the conversions take any.</remarks>
public sealed class TradingCalendar
{
    public static readonly DateOnly FirstDate = new(1990, 1, 1);
    public static readonly DateOnly LastDate = new(2200, 12, 31);

    /// <summary>New York wall times of a usual session; post-market ends at <see cref="HalfDayPostMarketEnd"/> on half days.</summary>
    public static readonly TimeOnly PreMarketOpen = new(4, 0), RegularOpen = new(9, 30), RegularClose = new(16, 0),
        PostMarketEnd = new(20, 0), HalfDayPostMarketEnd = new(17, 0);

    private readonly FrozenSet<DateOnly> given;
    private readonly bool shared;
    private volatile Days days;

    /// <param name="extra">Days beyond the rules and the known special closings: funerals, storms, announced changes. They win over the rules.</param>
    /// <exception cref="ArgumentException">A day is on a weekend, occurs twice, or closes before its open or after 16:00.</exception>
    public TradingCalendar(IEnumerable<SpecialDay>? extra = null)
    {
        var special = SpecialDays.Known.ToDictionary(day => day.Date);
        var added = new HashSet<DateOnly>();
        foreach (var day in extra ?? [])
        {
            Check(day);
            if (!added.Add(day.Date)) throw new ArgumentException($"The special day {day.Date:yyyy-MM-dd} is given twice; keep one.", nameof(extra));
            special[day.Date] = day;
        }
        given = added.ToFrozenSet();
        days = new(special.ToFrozenDictionary());
    }

    private TradingCalendar(bool shared) : this() => this.shared = shared;

    /// <summary>The rules and the known special days, nothing added.</summary>
    public static TradingCalendar Nyse { get; } = new(shared: true);

    /// <summary>Takes up that the exchange departed, or will, from its rules on a day; from then on every answer follows it. A day given to the constructor stays as it was given.</summary>
    /// <exception cref="ArgumentException">The day is on a weekend, or closes before its open or after 16:00.</exception>
    /// <exception cref="InvalidOperationException">This is <see cref="Nyse"/>, which everybody shares.</exception>
    public void Learn(SpecialDay day)
    {
        if (shared) throw new InvalidOperationException("The shared calendar holds the rules and learns nothing; make one of your own.");
        Check(day);
        if (IsGiven(day.Date)) return;
        lock (given)
        {
            days = new(days.Special.Where(d => d.Key != day.Date).Append(KeyValuePair.Create(day.Date, day)).ToFrozenDictionary());
        }
    }

    /// <summary>Whether the day was given to the constructor as special.</summary>
    public bool IsGiven(DateOnly date) => given.Contains(date);

    public bool IsSession(DateOnly date) => ClosedReason(date) is null;

    /// <summary>Why there is no session: <c>weekend</c>, or the holiday's name; null on a session.</summary>
    public string? ClosedReason(DateOnly date) => Year(date).ClosedReason(date);

    /// <exception cref="ArgumentException">The date is no session.</exception>
    public SessionHours Hours(DateOnly session)
    {
        if (ClosedReason(session) is { } reason)
            throw new ArgumentException($"{session:yyyy-MM-dd} is no session ({reason}); the one before is {PreviousSession(session):yyyy-MM-dd}.", nameof(session));
        var early = Year(session).EarlyClose(session);
        var day = new NewYorkDay(session);
        return new SessionHours(
            session, day.At(PreMarketOpen), day.At(RegularOpen), day.At(early ?? RegularClose),
            day.At(early is null ? PostMarketEnd : HalfDayPostMarketEnd), early is not null);
    }

    /// <summary>Whether the session closes before 16:00; false on a day without a session.</summary>
    public bool IsHalfDay(DateOnly session) => IsSession(session) && Year(session).EarlyClose(session) is not null;

    /// <summary>Sessions from <paramref name="from"/> to <paramref name="to"/>, both inclusive, oldest first; none when <paramref name="to"/> is before <paramref name="from"/>.</summary>
    public IReadOnlyList<DateOnly> Sessions(DateOnly from, DateOnly to)
    {
        Check(from);
        Check(to);
        var sessions = new List<DateOnly>(Math.Max(0, ((to.DayNumber - from.DayNumber) * 5 / 7) + 2));
        for (var year = from.Year; year <= to.Year; year++)
        {
            var all = Year(year).Sessions;
            var start = year == from.Year ? CountBefore(from) : 0;
            var end = year == to.Year ? Year(year).SessionsThrough(to) : all.Length;
            if (start < end) sessions.AddRange(all[start..end]);
        }
        return sessions;
    }

    /// <summary>The newest <paramref name="count"/> sessions on or before <paramref name="endingOn"/>, oldest first.</summary>
    public IReadOnlyList<DateOnly> LastSessions(int count, DateOnly endingOn)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Check(endingOn);
        var sessions = new DateOnly[count];
        var missing = count;
        for (var year = endingOn.Year; missing > 0; year--)
        {
            if (year < FirstDate.Year)
                throw new ArgumentOutOfRangeException(nameof(count), count, $"There are only {count - missing} sessions from {FirstDate:yyyy-MM-dd} to {endingOn:yyyy-MM-dd}.");
            var all = Year(year).Sessions;
            var end = year == endingOn.Year ? Year(year).SessionsThrough(endingOn) : all.Length;
            var taken = Math.Min(missing, end);
            all[(end - taken)..end].CopyTo(sessions.AsSpan(missing - taken));
            missing -= taken;
        }
        return sessions;
    }

    /// <summary>The first session after the date.</summary>
    public DateOnly NextSession(DateOnly date)
    {
        var year = Year(date);
        var next = year.SessionsThrough(date);
        return next < year.Sessions.Length ? year.Sessions[next] : Year(LastDayOf(date.Year).AddDays(1)).Sessions[0];
    }

    /// <summary>The last session before the date.</summary>
    public DateOnly PreviousSession(DateOnly date)
    {
        var year = Year(date);
        var before = CountBefore(date);
        return before > 0 ? year.Sessions[before - 1] : Year(new DateOnly(date.Year, 1, 1).AddDays(-1)).Sessions[^1];
    }

    /// <summary>The newest session whose post-market has ended at the instant.</summary>
    public DateOnly NewestEnded(DateTimeOffset instant)
    {
        var date = NewYorkDate(instant);
        return IsSession(date) && Hours(date).PostMarketEnd <= instant ? date : PreviousSession(date);
    }

    /// <summary>The session about to open at the instant, or in progress until its close: what is adjusted for splits is adjusted to it.</summary>
    public DateOnly AboutToOpen(DateTimeOffset instant)
    {
        var session = NextSession(NewYorkDate(instant).AddDays(-1));
        return instant < Hours(session).Close ? session : NextSession(session);
    }

    public MarketPhase PhaseAt(DateTimeOffset instant)
    {
        var date = NewYorkDate(instant);
        return IsSession(date) ? Hours(date).PhaseAt(instant) : MarketPhase.Closed;
    }

    /// <summary>The phase's end: the next instant, after this one, at which <see cref="PhaseAt"/> changes, and to what.</summary>
    public (DateTimeOffset At, MarketPhase To) NextChange(DateTimeOffset instant)
    {
        var date = NewYorkDate(instant);
        var hours = Hours(IsSession(date) && instant < Hours(date).PostMarketEnd ? date : NextSession(date));
        return hours.PhaseAt(instant) switch
        {
            MarketPhase.PreMarket => (hours.Open, MarketPhase.Open),
            MarketPhase.Open => (hours.Close, MarketPhase.PostMarket),
            MarketPhase.PostMarket => (hours.PostMarketEnd, MarketPhase.Closed),
            _ => (hours.PreMarket, MarketPhase.PreMarket),
        };
    }

    /// <summary>The phase's start: the newest instant, not after this one, at which <see cref="PhaseAt"/> changed.</summary>
    public DateTimeOffset LastChange(DateTimeOffset instant)
    {
        var date = NewYorkDate(instant);
        var hours = Hours(IsSession(date) && instant >= Hours(date).PreMarket ? date : PreviousSession(date));
        return hours.PhaseAt(instant) switch
        {
            MarketPhase.PreMarket => hours.PreMarket,
            MarketPhase.Open => hours.Open,
            MarketPhase.PostMarket => hours.Close,
            _ => hours.PostMarketEnd,
        };
    }

    /// <summary>The New York date of an instant.</summary>
    public static DateOnly NewYorkDate(DateTimeOffset instant) => DateOnly.FromDateTime(NewYorkTimeZone.WallTime(instant));

    /// <summary>New York wall time of an instant.</summary>
    public static TimeOnly NewYorkTime(DateTimeOffset instant) => TimeOnly.FromDateTime(NewYorkTimeZone.WallTime(instant));

    /// <summary>The instant (UTC) of a New York wall time. A time that daylight saving skips moves to the first one that exists; one that occurs twice is its first.</summary>
    public static DateTimeOffset At(DateOnly date, TimeOnly time) => NewYorkTimeZone.At(date, time);

    private ExchangeYear Year(DateOnly date)
    {
        Check(date);
        return Year(date.Year);
    }

    // Two threads may work out the same year at once; both get the same answer, and one is kept.
    private ExchangeYear Year(int year)
    {
        var known = days;
        return known.Years[year - FirstDate.Year] ??= new ExchangeYear(year, known.Special);
    }

    /// <summary>What is known at one time, replaced whole.</summary>
    private sealed record Days(FrozenDictionary<DateOnly, SpecialDay> Special)
    {
        public ExchangeYear?[] Years { get; } = new ExchangeYear?[LastDate.Year - FirstDate.Year + 1];
    }

    private int CountBefore(DateOnly date) => Year(date).SessionsThrough(date) - (IsSession(date) ? 1 : 0);

    private static DateOnly LastDayOf(int year) => new(year, 12, 31);

    private static void Check(DateOnly date)
    {
        if (date < FirstDate || date > LastDate)
            throw new ArgumentOutOfRangeException(nameof(date), date, $"The calendar knows {FirstDate:yyyy-MM-dd} to {LastDate:yyyy-MM-dd}, not {date:yyyy-MM-dd}.");
    }

    private static void Check(SpecialDay day)
    {
        Check(day.Date);
        if (day.Date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
            throw new ArgumentException($"The special day {day.Date:yyyy-MM-dd} is a {day.Date.DayOfWeek}, on which there is no session to change.", nameof(day));
        if (day.EarlyClose is { } close && (close <= RegularOpen || close > RegularClose))
            throw new ArgumentException($"The special day {day.Date:yyyy-MM-dd} closes at {close:HH\\:mm}; expected after {RegularOpen:HH\\:mm} and at most {RegularClose:HH\\:mm} New York time.", nameof(day));
    }
}
