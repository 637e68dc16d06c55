namespace Market.Tests;

public sealed class LastChangeTests
{
    [Fact]
    public void The_last_change_is_where_the_phase_began_on_every_hour_of_a_year()
    {
        var calendar = TradingCalendar.Nyse;
        for (var at = new DateTimeOffset(2025, 1, 1, 0, 30, 0, TimeSpan.Zero); at.Year == 2025; at = at.AddHours(1))
        {
            var since = calendar.LastChange(at);
            Assert.True(since <= at);
            Assert.Equal(calendar.PhaseAt(at), calendar.PhaseAt(since));
            Assert.NotEqual(calendar.PhaseAt(since), calendar.PhaseAt(since.AddTicks(-1)));
            Assert.Equal(calendar.NextChange(at), calendar.NextChange(since));
        }
    }
}
