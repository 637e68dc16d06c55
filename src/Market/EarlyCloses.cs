namespace Market;

/// <summary>The days on which the exchange closes early every year by rule, as in force from 1990 on.</summary>
internal static class EarlyCloses
{
    /// <summary>The exchange closed early at 14:00 until 1992, at 13:00 since.</summary>
    private static readonly TimeOnly TwoPm = new(14, 0), OnePm = new(13, 0);

    /// <summary>The early closes of the year as New York wall times; none of them falls on a holiday.</summary>
    public static IEnumerable<(DateOnly Date, TimeOnly Close)> Of(int year)
    {
        var close = year < 1993 ? TwoPm : OnePm;
        if (IndependenceDay(year) is { } independence) yield return (independence, OnePm);
        if (year >= 1992) yield return (Holidays.Thanksgiving(year).AddDays(1), close);

        // On a Friday the 24th is itself closed for Christmas.
        var christmasEve = new DateOnly(year, 12, 24);
        if (christmasEve.DayOfWeek is >= DayOfWeek.Monday and <= DayOfWeek.Thursday) yield return (christmasEve, close);
    }

    /// <summary>Since 1995 the day before 4 July; with the 4th on a Thursday it was the Friday after until 2012, the Wednesday before since.</summary>
    private static DateOnly? IndependenceDay(int year)
    {
        var eve = new DateOnly(year, 7, 3);
        return (year, eve.DayOfWeek) switch
        {
            ( < 1995, _) => null,
            (_, DayOfWeek.Monday or DayOfWeek.Tuesday or DayOfWeek.Thursday) => eve,
            ( < 2013, DayOfWeek.Wednesday) => eve.AddDays(2),
            (_, DayOfWeek.Wednesday) => eve,
            _ => null,
        };
    }
}
