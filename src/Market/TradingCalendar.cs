namespace Market;

/// <summary>The parts of a trading day. PreMarket 04:00–open, Open to the close, PostMarket to 20:00 (17:00 on half days), New York time.</summary>
public enum MarketPhase { Closed, PreMarket, Open, PostMarket }

/// <summary>The hours of one session, as instants (UTC). Each phase includes its start and excludes its end.</summary>
public readonly record struct SessionHours(
    DateOnly Date, DateTimeOffset PreMarket, DateTimeOffset Open, DateTimeOffset Close, DateTimeOffset PostMarketEnd, bool EarlyClose);

/// <summary>A day on which the exchange departs from its rules: closed, or closing early at a New York wall time.</summary>
public readonly record struct SpecialDay(DateOnly Date, string Reason, TimeOnly? EarlyClose);

/// <summary>
/// The New York Stock Exchange's sessions by rule, from 1990-01-01 on. The one place that turns instants into New York dates and back.
/// </summary>
public sealed class TradingCalendar
{
    /// <param name="extra">Days beyond the rules and the known special closings: funerals, storms, announced changes. They win over the rules.</param>
    public TradingCalendar(IEnumerable<SpecialDay>? extra = null) => _ = extra;

    /// <summary>The rules and the known special days, nothing added.</summary>
    public static TradingCalendar Nyse { get; } = new();

    public bool IsSession(DateOnly date) => throw new NotImplementedException();

    /// <summary>Why there is no session: <c>weekend</c>, or the holiday's name; null on a session.</summary>
    public string? ClosedReason(DateOnly date) => throw new NotImplementedException();

    /// <exception cref="ArgumentException">The date is no session.</exception>
    public SessionHours Hours(DateOnly session) => throw new NotImplementedException();

    public bool IsHalfDay(DateOnly session) => throw new NotImplementedException();

    /// <summary>Sessions from <paramref name="from"/> to <paramref name="to"/>, both inclusive, oldest first.</summary>
    public IReadOnlyList<DateOnly> Sessions(DateOnly from, DateOnly to) => throw new NotImplementedException();

    /// <summary>The newest <paramref name="count"/> sessions on or before <paramref name="endingOn"/>, oldest first.</summary>
    public IReadOnlyList<DateOnly> LastSessions(int count, DateOnly endingOn) => throw new NotImplementedException();

    /// <summary>The first session after the date.</summary>
    public DateOnly NextSession(DateOnly date) => throw new NotImplementedException();

    /// <summary>The last session before the date.</summary>
    public DateOnly PreviousSession(DateOnly date) => throw new NotImplementedException();

    /// <summary>The newest session whose post-market has ended at the instant.</summary>
    public DateOnly NewestEnded(DateTimeOffset instant) => throw new NotImplementedException();

    public MarketPhase PhaseAt(DateTimeOffset instant) => throw new NotImplementedException();

    /// <summary>The phase's end: the next instant at which <see cref="PhaseAt"/> changes, and to what.</summary>
    public (DateTimeOffset At, MarketPhase To) NextChange(DateTimeOffset instant) => throw new NotImplementedException();

    /// <summary>The New York date of an instant.</summary>
    public static DateOnly NewYorkDate(DateTimeOffset instant) => throw new NotImplementedException();

    /// <summary>New York wall time of an instant.</summary>
    public static TimeOnly NewYorkTime(DateTimeOffset instant) => throw new NotImplementedException();

    /// <summary>The instant (UTC) of a New York wall time. A time that daylight saving skips moves to the first one that exists; one that occurs twice is its first.</summary>
    public static DateTimeOffset At(DateOnly date, TimeOnly time) => throw new NotImplementedException();
}
