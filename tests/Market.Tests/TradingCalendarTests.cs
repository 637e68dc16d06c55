namespace Market.Tests;

/// <summary>Tables checked by hand against the exchange's published holidays.</summary>
public sealed class TradingCalendarTests
{
    private static readonly TradingCalendar Calendar = TradingCalendar.Nyse;

    [Theory]
    [InlineData(1991, "01-01 02-18 03-29 05-27 07-04 09-02 11-28 12-25")]
    [InlineData(1993, "01-01 02-15 04-09 05-31 07-05 09-06 11-25 12-24")]
    [InlineData(1999, "01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24")]
    [InlineData(2001, "01-01 01-15 02-19 04-13 05-28 07-04 09-03 09-11 09-12 09-13 09-14 11-22 12-25")]
    [InlineData(2005, "01-17 02-21 03-25 05-30 07-04 09-05 11-24 12-26")]
    [InlineData(2007, "01-01 01-02 01-15 02-19 04-06 05-28 07-04 09-03 11-22 12-25")]
    [InlineData(2011, "01-17 02-21 04-22 05-30 07-04 09-05 11-24 12-26")]
    [InlineData(2012, "01-02 01-16 02-20 04-06 05-28 07-04 09-03 10-29 10-30 11-22 12-25")]
    [InlineData(2021, "01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24")]
    [InlineData(2022, "01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26")]
    [InlineData(2023, "01-02 01-16 02-20 04-07 05-29 06-19 07-04 09-04 11-23 12-25")]
    [InlineData(2025, "01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25")]
    [InlineData(2027, "01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24")]
    public void Closed_weekdays_are_the_published_ones(int year, string published)
    {
        var closed = Days(year).Where(date => Calendar.ClosedReason(date) is not (null or "weekend"));
        Assert.Equal(published, string.Join(' ', closed.Select(date => $"{date:MM-dd}")));
    }

    [Theory]
    [InlineData(1991, "12-24 14:00")]
    [InlineData(1992, "11-27 14:00, 12-24 14:00")]
    [InlineData(1993, "11-26 13:00")]
    [InlineData(1995, "07-03 13:00, 11-24 13:00")]
    [InlineData(1996, "07-05 13:00, 11-29 13:00, 12-24 13:00")]
    [InlineData(1997, "07-03 13:00, 11-28 13:00, 12-24 13:00, 12-26 13:00")]
    [InlineData(1999, "11-26 13:00, 12-31 13:00")]
    [InlineData(2001, "07-03 13:00, 11-23 13:00, 12-24 13:00")]
    [InlineData(2003, "07-03 13:00, 11-28 13:00, 12-24 13:00, 12-26 13:00")]
    [InlineData(2009, "11-27 13:00, 12-24 13:00")]
    [InlineData(2013, "07-03 13:00, 11-29 13:00, 12-24 13:00")]
    [InlineData(2015, "11-27 13:00, 12-24 13:00")]
    [InlineData(2019, "07-03 13:00, 11-29 13:00, 12-24 13:00")]
    [InlineData(2023, "07-03 13:00, 11-24 13:00")]
    [InlineData(2025, "07-03 13:00, 11-28 13:00, 12-24 13:00")]
    public void Early_closes_are_the_published_ones(int year, string published)
    {
        var early = Days(year).Where(Calendar.IsHalfDay)
            .Select(date => $"{date:MM-dd} {TradingCalendar.NewYorkTime(Calendar.Hours(date).Close):HH\\:mm}");
        Assert.Equal(published, string.Join(", ", early));
    }

    [Theory]
    [InlineData(1990, 253)]
    [InlineData(1991, 253)]
    [InlineData(1993, 253)]
    [InlineData(1995, 252)]
    [InlineData(1997, 253)]
    [InlineData(1999, 252)]
    [InlineData(2001, 248)]
    [InlineData(2003, 252)]
    [InlineData(2005, 252)]
    [InlineData(2007, 251)]
    [InlineData(2009, 252)]
    [InlineData(2011, 252)]
    [InlineData(2013, 252)]
    [InlineData(2015, 252)]
    [InlineData(2017, 251)]
    [InlineData(2019, 252)]
    [InlineData(2020, 253)]
    [InlineData(2021, 252)]
    [InlineData(2023, 250)]
    [InlineData(2025, 250)]
    public void A_year_has_the_published_number_of_sessions(int year, int count) =>
        Assert.Equal(count, Calendar.Sessions(new DateOnly(year, 1, 1), new DateOnly(year, 12, 31)).Count);

    [Theory]
    [InlineData("2025-01-11", "weekend")]
    [InlineData("2025-01-09", "Mourning of Jimmy Carter")]
    [InlineData("2025-04-18", "Good Friday")]
    [InlineData("2025-01-10", null)]
    [InlineData("2010-12-31", null)]
    public void A_closed_day_says_why(string date, string? reason) => Assert.Equal(reason, Calendar.ClosedReason(Day(date)));

    [Fact]
    public void Hours_of_a_half_day_end_post_market_at_17_00()
    {
        var hours = Calendar.Hours(Day("2025-12-24"));
        Assert.Equal(
            new SessionHours(Day("2025-12-24"), Utc("2025-12-24T09:00Z"), Utc("2025-12-24T14:30Z"), Utc("2025-12-24T18:00Z"), Utc("2025-12-24T22:00Z"), EarlyClose: true),
            hours);
    }

    [Fact]
    public void Hours_of_a_day_without_a_session_are_refused_with_the_reason()
    {
        var error = Assert.Throws<ArgumentException>(() => Calendar.Hours(Day("2025-07-04")));
        Assert.Contains("2025-07-04 is no session (Independence Day); the one before is 2025-07-03", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1989-12-31")]
    [InlineData("2201-01-01")]
    public void A_date_outside_the_known_years_is_refused(string date)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Calendar.IsSession(Day(date)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Calendar.NextSession(Day(date)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Calendar.Sessions(Day(date), Day(date)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Calendar.LastSessions(1, Day(date)));
    }

    [Fact]
    public void Steps_and_counts_beyond_the_known_years_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Calendar.PreviousSession(Day("1990-01-02")));
        Assert.Throws<ArgumentOutOfRangeException>(() => Calendar.NextSession(Day("2200-12-31")));
        Assert.Throws<ArgumentOutOfRangeException>(() => Calendar.LastSessions(3, Day("1990-01-03")));
        Assert.Equal([Day("1990-01-02"), Day("1990-01-03")], Calendar.LastSessions(2, Day("1990-01-03")));
    }

    [Fact]
    public void Sessions_step_over_weekends_holidays_and_years()
    {
        DateOnly[] turn = [Day("2024-12-30"), Day("2024-12-31"), Day("2025-01-02"), Day("2025-01-03"), Day("2025-01-06")];
        Assert.Equal(turn, Calendar.Sessions(Day("2024-12-28"), Day("2025-01-06")));
        Assert.Equal(turn, Calendar.LastSessions(5, Day("2025-01-06")));
        Assert.Equal(Day("2025-01-02"), Calendar.NextSession(Day("2024-12-31")));
        Assert.Equal(Day("2024-12-31"), Calendar.PreviousSession(Day("2025-01-02")));
        Assert.Equal(Day("2025-01-08"), Calendar.PreviousSession(Day("2025-01-10")));
        Assert.Empty(Calendar.Sessions(Day("2025-01-04"), Day("2025-01-05")));
        Assert.Empty(Calendar.Sessions(Day("2025-01-03"), Day("2025-01-02")));
        Assert.Empty(Calendar.LastSessions(0, Day("2025-01-06")));
    }

    private static IEnumerable<DateOnly> Days(int year) => Enumerable.Range(0, 365).Select(new DateOnly(year, 1, 1).AddDays).Where(date => date.Year == year);
    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd");
    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text);
}
