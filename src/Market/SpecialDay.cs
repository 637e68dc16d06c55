namespace Market;

/// <summary>A weekday on which the exchange departs from its rules.</summary>
/// <param name="Date">New York date.</param>
/// <param name="Reason">Told to people, and the calendar's closed reason where the day is closed.</param>
/// <param name="EarlyClose">
/// New York wall time of the close, after 09:30 and at most 16:00; 16:00 is a session of usual hours on a day the rules would close
/// or shorten. Null = no session at all.
/// </param>
public readonly record struct SpecialDay(DateOnly Date, string Reason, TimeOnly? EarlyClose);
