namespace Market.Tests;

public sealed class SpecialDayTests
{
    [Fact]
    public void An_added_closing_takes_the_session_away()
    {
        var calendar = new TradingCalendar([new SpecialDay(new DateOnly(2025, 3, 12), "Blizzard", null)]);
        Assert.Equal("Blizzard", calendar.ClosedReason(new DateOnly(2025, 3, 12)));
        Assert.Equal(new DateOnly(2025, 3, 13), calendar.NextSession(new DateOnly(2025, 3, 11)));
        Assert.True(TradingCalendar.Nyse.IsSession(new DateOnly(2025, 3, 12)));
    }

    [Fact]
    public void An_added_early_close_shortens_the_session()
    {
        var calendar = new TradingCalendar([new SpecialDay(new DateOnly(2025, 12, 26), "Day after Christmas", new TimeOnly(13, 0))]);
        Assert.True(calendar.IsHalfDay(new DateOnly(2025, 12, 26)));
        Assert.Equal(new DateTimeOffset(2025, 12, 26, 18, 0, 0, TimeSpan.Zero), calendar.Hours(new DateOnly(2025, 12, 26)).Close);
    }

    [Fact]
    public void An_added_day_wins_over_holidays_early_closes_and_known_closings()
    {
        var usual = TradingCalendar.RegularClose;
        var calendar = new TradingCalendar(
        [
            new SpecialDay(new DateOnly(2025, 6, 19), "Open after all", usual),
            new SpecialDay(new DateOnly(2025, 12, 24), "Full day after all", usual),
            new SpecialDay(new DateOnly(2025, 1, 9), "Half a day after all", new TimeOnly(13, 0)),
        ]);
        Assert.True(calendar.IsSession(new DateOnly(2025, 6, 19)));
        Assert.False(calendar.IsHalfDay(new DateOnly(2025, 6, 19)));
        Assert.False(calendar.IsHalfDay(new DateOnly(2025, 12, 24)));
        Assert.True(calendar.IsHalfDay(new DateOnly(2025, 1, 9)));
    }

    [Theory]
    [InlineData(2025, 3, 15, null, "is a Saturday")]
    [InlineData(2025, 3, 12, 9, "closes at 09:00; expected after 09:30 and at most 16:00")]
    [InlineData(2025, 3, 12, 17, "closes at 17:00; expected after 09:30 and at most 16:00")]
    [InlineData(1989, 3, 15, null, "The calendar knows 1990-01-01 to 2200-12-31, not 1989-03-15")]
    public void An_impossible_day_is_refused(int year, int month, int day, int? closeHour, string message)
    {
        TimeOnly? close = closeHour is { } hour ? new TimeOnly(hour, 0) : null;
        var error = Assert.ThrowsAny<ArgumentException>(() => new TradingCalendar([new SpecialDay(new DateOnly(year, month, day), "Test", close)]));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_day_given_twice_is_refused()
    {
        var day = new SpecialDay(new DateOnly(2025, 3, 12), "Blizzard", null);
        Assert.Contains("2025-03-12 is given twice", Assert.Throws<ArgumentException>(() => new TradingCalendar([day, day])).Message, StringComparison.Ordinal);
    }
}
