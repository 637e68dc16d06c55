using CsCheck;

namespace Market.Tests;

public sealed class TradingCalendarLaws
{
    private static readonly TradingCalendar Calendar = TradingCalendar.Nyse;
    private static readonly Gen<DateOnly> Dates =
        Gen.Int[new DateOnly(1990, 6, 1).DayNumber, new DateOnly(2199, 12, 1).DayNumber].Select(DateOnly.FromDayNumber);

    [Fact]
    public void Next_and_previous_are_the_nearest_sessions() => Dates.Sample(date =>
    {
        var (next, previous) = (date.AddDays(1), date.AddDays(-1));
        while (!Calendar.IsSession(next)) next = next.AddDays(1);
        while (!Calendar.IsSession(previous)) previous = previous.AddDays(-1);
        return Calendar.NextSession(date) == next && Calendar.PreviousSession(date) == previous;
    });

    [Fact]
    public void A_range_holds_exactly_its_sessions() => Gen.Select(Dates, Gen.Int[0, 900]).Sample((from, days) =>
    {
        var to = DateOnly.FromDayNumber(Math.Min(from.DayNumber + days, new DateOnly(2200, 12, 31).DayNumber));
        var expected = Enumerable.Range(from.DayNumber, to.DayNumber - from.DayNumber + 1).Select(DateOnly.FromDayNumber).Where(Calendar.IsSession);
        Assert.Equal(expected, Calendar.Sessions(from, to));
    }, iter: 50);

    [Fact]
    public void The_last_sessions_are_the_end_of_the_range() => Gen.Select(Dates, Gen.Int[1, 60]).Sample((date, count) =>
    {
        var last = Calendar.LastSessions(count, date);
        Assert.Equal(count, last.Count);
        Assert.Equal(Calendar.Sessions(last[0], date), last);
    }, iter: 50);

    [Fact]
    public void Easter_is_on_a_Sunday_between_22_March_and_25_April()
    {
        for (var year = 1990; year <= 2200; year++)
        {
            var goodFriday = Enumerable.Range(0, 365).Select(new DateOnly(year, 1, 1).AddDays).Single(date => Calendar.ClosedReason(date) == "Good Friday");
            Assert.Equal(DayOfWeek.Friday, goodFriday.DayOfWeek);
            Assert.InRange(goodFriday.AddDays(2), new DateOnly(year, 3, 22), new DateOnly(year, 4, 25));
        }
    }
}
