namespace Market.Tests;

public sealed class MarketPhaseTests
{
    private static readonly TradingCalendar Calendar = TradingCalendar.Nyse;

    [Theory]
    // An ordinary Tuesday in winter, UTC−5.
    [InlineData("2025-01-14T08:59:59Z", MarketPhase.Closed)]
    [InlineData("2025-01-14T09:00:00Z", MarketPhase.PreMarket)]
    [InlineData("2025-01-14T14:29:59Z", MarketPhase.PreMarket)]
    [InlineData("2025-01-14T14:30:00Z", MarketPhase.Open)]
    [InlineData("2025-01-14T20:59:59Z", MarketPhase.Open)]
    [InlineData("2025-01-14T21:00:00Z", MarketPhase.PostMarket)]
    [InlineData("2025-01-15T00:59:59Z", MarketPhase.PostMarket)]
    [InlineData("2025-01-15T01:00:00Z", MarketPhase.Closed)]
    // The same hours in summer, UTC−4.
    [InlineData("2025-07-15T08:00:00Z", MarketPhase.PreMarket)]
    [InlineData("2025-07-15T13:30:00Z", MarketPhase.Open)]
    [InlineData("2025-07-15T20:00:00Z", MarketPhase.PostMarket)]
    [InlineData("2025-07-16T00:00:00Z", MarketPhase.Closed)]
    // A half day: close 13:00, post-market to 17:00.
    [InlineData("2025-11-28T17:59:59Z", MarketPhase.Open)]
    [InlineData("2025-11-28T18:00:00Z", MarketPhase.PostMarket)]
    [InlineData("2025-11-28T22:00:00Z", MarketPhase.Closed)]
    // A holiday and a Sunday at noon.
    [InlineData("2025-11-27T17:00:00Z", MarketPhase.Closed)]
    [InlineData("2025-03-09T16:00:00Z", MarketPhase.Closed)]
    public void A_phase_includes_its_start_and_excludes_its_end(string instant, MarketPhase phase) =>
        Assert.Equal(phase, Calendar.PhaseAt(DateTimeOffset.Parse(instant)));

    [Theory]
    [InlineData("2025-01-14T08:00:00Z", "2025-01-14T09:00:00Z", MarketPhase.PreMarket)]
    [InlineData("2025-01-14T09:00:00Z", "2025-01-14T14:30:00Z", MarketPhase.Open)]
    [InlineData("2025-11-28T15:00:00Z", "2025-11-28T18:00:00Z", MarketPhase.PostMarket)]
    [InlineData("2025-11-28T18:00:00Z", "2025-11-28T22:00:00Z", MarketPhase.Closed)]
    // Friday evening before the clocks go forward: Monday 04:00 is UTC−4.
    [InlineData("2025-03-08T01:00:00Z", "2025-03-10T08:00:00Z", MarketPhase.PreMarket)]
    // Friday evening before they go back: Monday 04:00 is UTC−5.
    [InlineData("2025-11-01T00:00:00Z", "2025-11-03T09:00:00Z", MarketPhase.PreMarket)]
    [InlineData("2024-12-31T23:00:00-05:00", "2025-01-02T09:00:00Z", MarketPhase.PreMarket)]
    public void The_next_change_is_the_end_of_the_phase(string instant, string at, MarketPhase to) =>
        Assert.Equal((DateTimeOffset.Parse(at), to), Calendar.NextChange(DateTimeOffset.Parse(instant)));

    [Fact]
    public void Changes_follow_one_another_through_a_year_and_each_is_where_the_phase_changes()
    {
        var at = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var (changes, before) = (0, Calendar.PhaseAt(at));
        for (var next = Calendar.NextChange(at); next.At.Year == 2025; next = Calendar.NextChange(next.At), changes++)
        {
            Assert.Equal(before, Calendar.PhaseAt(next.At.AddTicks(-1)));
            Assert.Equal(next.To, Calendar.PhaseAt(next.At));
            before = next.To;
        }
        // Four a session; in UTC the year gains the last of 2024-12-31 (20:00 New York) and loses that of 2025-12-31.
        Assert.Equal(4 * 250, changes);
    }

    [Theory]
    [InlineData("2025-01-15T00:59:59Z", "2025-01-13")]
    [InlineData("2025-01-15T01:00:00Z", "2025-01-14")]
    [InlineData("2025-01-12T12:00:00Z", "2025-01-10")]
    [InlineData("2025-01-10T12:00:00Z", "2025-01-08")]
    [InlineData("2025-11-28T21:59:59Z", "2025-11-26")]
    [InlineData("2025-11-28T22:00:00Z", "2025-11-28")]
    public void A_session_has_ended_with_its_post_market(string instant, string session) =>
        Assert.Equal(DateOnly.Parse(session), Calendar.NewestEnded(DateTimeOffset.Parse(instant)));
}
