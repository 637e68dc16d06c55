using CsCheck;

namespace Market.Tests;

public sealed class NewYorkTimeTests
{
    private static readonly Gen<DateOnly> Dates =
        Gen.Int[TradingCalendar.FirstDate.DayNumber, new DateOnly(2199, 12, 31).DayNumber].Select(DateOnly.FromDayNumber);
    private static readonly Gen<TimeOnly> FromThree = Gen.Int[3 * 60 * 60 * 1000, (24 * 60 * 60 * 1000) - 1].Select(ms => new TimeOnly(ms * TimeSpan.TicksPerMillisecond));

    [Theory]
    [InlineData("2025-01-14", "04:00", "2025-01-14T09:00Z")]
    [InlineData("2025-07-14", "04:00", "2025-07-14T08:00Z")]
    [InlineData("2025-03-09", "01:59", "2025-03-09T06:59Z")]
    [InlineData("2025-03-09", "02:00", "2025-03-09T07:00Z")]
    [InlineData("2025-03-09", "02:30", "2025-03-09T07:00Z")]
    [InlineData("2025-03-09", "03:00", "2025-03-09T07:00Z")]
    [InlineData("2025-11-02", "01:30", "2025-11-02T05:30Z")]
    [InlineData("2025-11-02", "02:00", "2025-11-02T07:00Z")]
    // Until 2006 the clocks changed in April and at the end of October.
    [InlineData("2006-03-20", "09:30", "2006-03-20T14:30Z")]
    [InlineData("2007-03-20", "09:30", "2007-03-20T13:30Z")]
    public void A_wall_time_is_one_instant_even_where_clocks_change(string date, string time, string instant)
    {
        var at = TradingCalendar.At(DateOnly.Parse(date), TimeOnly.Parse(time));
        Assert.Equal(DateTimeOffset.Parse(instant), at);
        Assert.Equal(TimeSpan.Zero, at.Offset);
    }

    [Theory]
    [InlineData("2025-01-15T04:59:59Z", "2025-01-14", "23:59:59")]
    [InlineData("2025-01-15T05:00:00Z", "2025-01-15", "00:00:00")]
    [InlineData("2025-07-15T04:00:00Z", "2025-07-15", "00:00:00")]
    [InlineData("2025-03-09T07:00:00Z", "2025-03-09", "03:00:00")]
    public void An_instant_has_a_New_York_date_and_time(string instant, string date, string time)
    {
        Assert.Equal(DateOnly.Parse(date), TradingCalendar.NewYorkDate(DateTimeOffset.Parse(instant)));
        Assert.Equal(TimeOnly.Parse(time), TradingCalendar.NewYorkTime(DateTimeOffset.Parse(instant)));
    }

    [Fact]
    public void From_03_00_on_a_wall_time_there_and_back_is_the_same() =>
        Gen.Select(Dates, FromThree).Sample((date, time) =>
        {
            var instant = TradingCalendar.At(date, time);
            return TradingCalendar.NewYorkDate(instant) == date && TradingCalendar.NewYorkTime(instant) == time;
        });

    [Fact]
    public void A_New_York_day_agrees_with_the_calendar() =>
        Gen.Select(Dates, FromThree).Sample((date, time) =>
        {
            var day = new NewYorkDay(date);
            var instant = TradingCalendar.At(date, time);
            var milliseconds = instant.ToUnixTimeMilliseconds();
            return day.UnixMilliseconds(time) == milliseconds
                && day.At(time) == instant
                && day.MinuteOf(milliseconds) == (time.Hour * 60) + time.Minute
                && day.SlotOf(milliseconds, SlotGrid.Extended) == SlotGrid.Extended.SlotOf(time)
                && day.SlotOf(milliseconds, SlotGrid.Regular) == SlotGrid.Regular.SlotOf(time);
        });

    [Fact]
    public void A_New_York_day_knows_no_instant_of_another()
    {
        var day = new NewYorkDay(new DateOnly(2025, 3, 10));
        Assert.Equal(TimeSpan.FromHours(-4), day.Offset);
        Assert.Equal((-1, 0), (day.MinuteOf(Ms("2025-03-10T03:59:59Z")), day.MinuteOf(Ms("2025-03-10T04:00:00Z"))));
        Assert.Equal((1439, -1), (day.MinuteOf(Ms("2025-03-11T03:59:59Z")), day.MinuteOf(Ms("2025-03-11T04:00:00Z"))));
        Assert.Equal((-1, 0), (day.SlotOf(Ms("2025-03-10T07:59:59Z"), SlotGrid.Extended), day.SlotOf(Ms("2025-03-10T08:00:00Z"), SlotGrid.Extended)));
        Assert.Equal((191, -1), (day.SlotOf(Ms("2025-03-10T23:59:59Z"), SlotGrid.Extended), day.SlotOf(Ms("2025-03-11T00:00:00Z"), SlotGrid.Extended)));
    }

    private static long Ms(string instant) => DateTimeOffset.Parse(instant).ToUnixTimeMilliseconds();
}
