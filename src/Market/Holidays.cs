namespace Market;

/// <summary>The days on which the exchange closes every year by rule, as in force from 1990 on.</summary>
internal static class Holidays
{
    /// <summary>The weekdays closed in the year, with the holiday's name.</summary>
    public static IEnumerable<(DateOnly Date, string Name)> Of(int year)
    {
        // A New Year's Day on a Saturday closes nothing: the Friday before ends the accounting year.
        var newYear = new DateOnly(year, 1, 1);
        if (newYear.DayOfWeek != DayOfWeek.Saturday) yield return (SundayToMonday(newYear), "New Year's Day");
        if (year >= 1998) yield return (Nth(3, DayOfWeek.Monday, year, 1), "Martin Luther King Jr. Day");
        yield return (Nth(3, DayOfWeek.Monday, year, 2), "Washington's Birthday");
        yield return (EasterSunday(year).AddDays(-2), "Good Friday");
        yield return (LastMondayOfMay(year), "Memorial Day");
        if (year >= 2022) yield return (NearestWeekday(new DateOnly(year, 6, 19)), "Juneteenth");
        yield return (NearestWeekday(new DateOnly(year, 7, 4)), "Independence Day");
        yield return (Nth(1, DayOfWeek.Monday, year, 9), "Labor Day");
        yield return (Thanksgiving(year), "Thanksgiving Day");
        yield return (NearestWeekday(new DateOnly(year, 12, 25)), "Christmas Day");
    }

    public static DateOnly Thanksgiving(int year) => Nth(4, DayOfWeek.Thursday, year, 11);

    /// <summary>Western Easter by the Gregorian computus.</summary>
    /// <remarks>J. Meeus, Astronomical Algorithms, chapter 8.</remarks>
    public static DateOnly EasterSunday(int year)
    {
        var goldenNumber = year % 19;
        var (century, yearOfCentury) = Math.DivRem(year, 100);
        var (leapCenturies, centuryRest) = Math.DivRem(century, 4);
        var lunarCorrection = (century - ((century + 8) / 25) + 1) / 3;
        var epact = ((19 * goldenNumber) + century - leapCenturies - lunarCorrection + 15) % 30;
        var (leapYears, yearRest) = Math.DivRem(yearOfCentury, 4);
        var toSunday = (32 + (2 * centuryRest) + (2 * leapYears) - epact - yearRest) % 7;
        var late = (goldenNumber + (11 * epact) + (22 * toSunday)) / 451;
        var (month, day) = Math.DivRem(epact + toSunday - (7 * late) + 114, 31);
        return new DateOnly(year, month, day + 1);
    }

    private static DateOnly Nth(int n, DayOfWeek weekday, int year, int month)
    {
        var first = new DateOnly(year, month, 1);
        var toFirst = (weekday - first.DayOfWeek + 7) % 7;
        return first.AddDays(toFirst + (7 * (n - 1)));
    }

    private static DateOnly LastMondayOfMay(int year)
    {
        var last = new DateOnly(year, 5, 31);
        return last.AddDays(-((last.DayOfWeek - DayOfWeek.Monday + 7) % 7));
    }

    private static DateOnly SundayToMonday(DateOnly date) => date.DayOfWeek == DayOfWeek.Sunday ? date.AddDays(1) : date;

    private static DateOnly NearestWeekday(DateOnly date) =>
        date.DayOfWeek == DayOfWeek.Saturday ? date.AddDays(-1) : SundayToMonday(date);
}
