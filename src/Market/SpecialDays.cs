namespace Market;

/// <summary>Where the exchange departed from its rules since 1990: whole days closed, and closes early that no rule gives.</summary>
/// <remarks>Late openings and halts within a day are not here: they leave the session's open and close as they are.</remarks>
internal static class SpecialDays
{
    private static readonly TimeOnly OnePm = new(13, 0);

    public static IReadOnlyList<SpecialDay> Known { get; } =
    [
        Closed(1994, 4, 27, "Mourning of Richard Nixon"),
        Early(1997, 12, 26, "Day after Christmas"),
        Early(1999, 12, 31, "Turn of the millennium"),
        Closed(2001, 9, 11, "Attacks of September 11"),
        Closed(2001, 9, 12, "Attacks of September 11"),
        Closed(2001, 9, 13, "Attacks of September 11"),
        Closed(2001, 9, 14, "Attacks of September 11"),
        Early(2003, 12, 26, "Day after Christmas"),
        Closed(2004, 6, 11, "Mourning of Ronald Reagan"),
        Closed(2007, 1, 2, "Mourning of Gerald Ford"),
        Closed(2012, 10, 29, "Hurricane Sandy"),
        Closed(2012, 10, 30, "Hurricane Sandy"),
        Closed(2018, 12, 5, "Mourning of George H. W. Bush"),
        Closed(2025, 1, 9, "Mourning of Jimmy Carter"),
    ];

    private static SpecialDay Closed(int year, int month, int day, string reason) => new(new DateOnly(year, month, day), reason, null);
    private static SpecialDay Early(int year, int month, int day, string reason) => new(new DateOnly(year, month, day), reason, OnePm);
}
