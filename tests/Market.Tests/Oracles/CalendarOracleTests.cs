namespace Market.Tests.Oracles;

/// <summary>Every even year from 1990 to 2026 against a published list of sessions and closings.</summary>
public sealed class CalendarOracleTests
{
    private static readonly TradingCalendar Calendar = TradingCalendar.Nyse;

    [Fact]
    public void Every_session_has_the_published_hours()
    {
        foreach (var row in SharedData.Rows("calendar/xnys-sessions.csv"))
        {
            var date = row.Date();
            Assert.True(Calendar.IsSession(date), $"{date:O} is a session; the calendar says {Calendar.ClosedReason(date)}");
            var hours = Calendar.Hours(date);
            Assert.Equal(
                (date, row.Instant("open_utc"), row.Instant("close_utc"), row["early_close"] == "1", row["early_close"] == "1"),
                (hours.Date, hours.Open, hours.Close, hours.EarlyClose, Calendar.IsHalfDay(date)));
        }
    }

    [Fact]
    public void Every_even_year_has_no_other_sessions()
    {
        var published = SharedData.Rows("calendar/xnys-sessions.csv").Select(row => row.Date()).ToLookup(date => date.Year);
        foreach (var year in published)
            Assert.Equal(year, Calendar.Sessions(new DateOnly(year.Key, 1, 1), new DateOnly(year.Key, 12, 31)));
    }

    [Fact]
    public void Every_published_closing_of_a_weekday_has_a_reason()
    {
        foreach (var row in SharedData.Rows("calendar/xnys-closed-weekdays.csv"))
        {
            var reason = Calendar.ClosedReason(row.Date());
            Assert.True(reason is { Length: > 0 } and not "weekend", $"{row["date"]} is closed for {row["reason"]}; the calendar says {reason ?? "open"}");
        }
    }
}
