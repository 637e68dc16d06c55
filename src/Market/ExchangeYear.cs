namespace Market;

/// <summary>One year of the exchange, worked out once: which days are sessions, why the others are not, and when sessions close early.</summary>
internal sealed class ExchangeYear
{
    private const string Weekend = "weekend";

    private readonly DateOnly first;
    private readonly string?[] closedReason;
    private readonly short[] sessionsThrough;
    private readonly DateOnly[] sessions;
    private readonly Dictionary<DateOnly, TimeOnly> earlyCloses = [];

    /// <param name="special">Departures from the rules, by date; those of other years are ignored.</param>
    public ExchangeYear(int year, IReadOnlyDictionary<DateOnly, SpecialDay> special)
    {
        first = new DateOnly(year, 1, 1);
        closedReason = new string?[DateTime.IsLeapYear(year) ? 366 : 365];
        foreach (var (date, name) in Holidays.Of(year)) closedReason[Index(date)] = name;
        foreach (var (date, close) in EarlyCloses.Of(year)) earlyCloses[date] = close;
        foreach (var day in special.Values.Where(day => day.Date.Year == year)) Apply(day);
        for (var i = 0; i < closedReason.Length; i++)
            if (first.AddDays(i).DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) closedReason[i] = Weekend;

        sessions = [.. Enumerable.Range(0, closedReason.Length).Where(i => closedReason[i] is null).Select(first.AddDays)];
        sessionsThrough = new short[closedReason.Length];
        short count = 0;
        for (var i = 0; i < closedReason.Length; i++) sessionsThrough[i] = closedReason[i] is null ? ++count : count;
    }

    /// <summary>Every session of the year, oldest first.</summary>
    public ReadOnlySpan<DateOnly> Sessions => sessions;

    public string? ClosedReason(DateOnly date) => closedReason[Index(date)];

    /// <summary>How many sessions of the year are on or before the date: the index in <see cref="Sessions"/> of the first one after it.</summary>
    public int SessionsThrough(DateOnly date) => sessionsThrough[Index(date)];

    /// <summary>The New York wall time of an early close; null where the session has its usual hours.</summary>
    public TimeOnly? EarlyClose(DateOnly session) => earlyCloses.TryGetValue(session, out var close) ? close : null;

    private void Apply(SpecialDay day)
    {
        closedReason[Index(day.Date)] = day.EarlyClose is null ? day.Reason : null;
        if (day.EarlyClose is { } close && close < TradingCalendar.RegularClose) earlyCloses[day.Date] = close;
        else earlyCloses.Remove(day.Date);
    }

    private int Index(DateOnly date) => date.DayNumber - first.DayNumber;
}
