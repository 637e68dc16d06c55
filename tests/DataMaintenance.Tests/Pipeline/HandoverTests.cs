using DataMaintenance.Pipeline.Tasks;
using Market;

namespace DataMaintenance.Tests.Pipeline;

/// <summary>What makes of one ticker two series, and what does not.</summary>
public class HandoverTests
{
    private static readonly DateOnly Session = new(2025, 12, 1), Opening = new(2025, 12, 2);
    private static readonly Bearer Old = new("BBG000000001", "0000000001"), New = new("BBG000000002", "0000000002");

    [Theory]
    [InlineData("A", "1", "A", "1", TickerIdentity.Same)]
    [InlineData("A", null, "A", "1", TickerIdentity.Same)]
    [InlineData(null, null, "A", "1", TickerIdentity.Same)]
    [InlineData("A", "1", "A", "2", TickerIdentity.Reorganised)]
    [InlineData("A", "1", "B", "1", TickerIdentity.Reorganised)]
    [InlineData("A", null, "B", "1", TickerIdentity.Unsure)]
    [InlineData(null, "1", "B", "2", TickerIdentity.Unsure)]
    [InlineData("A", "1", "B", "2", TickerIdentity.Another)]
    public void Two_companies_differ_in_both_identifiers_where_both_are_known(string? figi, string? cik, string? otherFigi, string? otherCik, object identity) =>
        Assert.Equal((TickerIdentity)identity, new Bearer(figi, cik).Compared(new(otherFigi, otherCik)));

    [Fact]
    public void The_new_bearer_begins_after_the_former_was_delisted()
    {
        var bars = Sessions(new(2025, 10, 20), new(2025, 11, 3)).Concat(Sessions(new(2025, 11, 17), Session));
        Assert.Equal(new DateOnly(2025, 11, 17), First(TickerIdentity.Another, bars, delisted: new(2025, 11, 4)));
        Assert.Equal(new DateOnly(2025, 11, 17), First(TickerIdentity.Another, bars, delisted: new(2025, 11, 3)));
        Assert.Equal(new DateOnly(2025, 11, 17), First(TickerIdentity.Another, bars));
        Assert.Equal(new DateOnly(2025, 11, 17), First(TickerIdentity.Unsure, bars));
        Assert.Equal(new DateOnly(2025, 11, 17), First(TickerIdentity.Another, bars, listed: new(2025, 11, 15)));
    }

    [Fact]
    public void Before_its_first_bar_the_new_bearer_begins_with_the_session_about_to_open() =>
        Assert.Equal(Opening, First(TickerIdentity.Another, Sessions(new(2025, 10, 20), new(2025, 11, 3)), delisted: new(2025, 11, 4)));

    [Fact]
    public void A_ticker_handed_over_without_a_break_begins_at_the_listing_and_if_that_is_not_known_rather_late_than_early()
    {
        var bars = Sessions(new(2025, 10, 20), Session);
        Assert.Equal(new DateOnly(2025, 11, 10), First(TickerIdentity.Another, bars, listed: new(2025, 11, 10)));
        Assert.Equal(Opening, First(TickerIdentity.Another, bars));
        Assert.Equal(Opening, First(TickerIdentity.Another, bars, listed: new(1999, 1, 4)));
    }

    [Fact]
    public void A_mere_gap_is_no_boundary_nor_is_a_reorganisation()
    {
        var halted = Sessions(new(2025, 9, 1), new(2025, 10, 1)).Concat(Sessions(new(2025, 11, 17), Session));
        Assert.Null(First(TickerIdentity.Same, halted));
        Assert.Null(First(TickerIdentity.Reorganised, halted, delisted: new(2025, 10, 2)));
        Assert.Null(First(TickerIdentity.Unsure, Sessions(new(2025, 9, 1), Session)));
        Assert.Null(First(TickerIdentity.Same, halted, listed: new(1990, 1, 2), former: false));
    }

    [Fact]
    public void A_listing_parts_bars_only_where_trading_had_stopped_before_it()
    {
        var reused = Sessions(new(2025, 9, 1), new(2025, 10, 1)).Concat(Sessions(new(2025, 11, 17), Session));
        Assert.Equal(new DateOnly(2025, 11, 17), First(TickerIdentity.Same, reused, listed: new(2025, 11, 17), former: false));
        Assert.Null(First(TickerIdentity.Same, Sessions(new(2025, 9, 1), Session), listed: new(2025, 11, 17), former: false));
        Assert.Null(First(TickerIdentity.Same, Sessions(new(2025, 11, 17), Session), listed: new(2025, 11, 17), former: false));
    }

    [Fact]
    public void The_evidence_is_told()
    {
        var bars = Sessions(new(2025, 10, 20), new(2025, 11, 3)).Concat(Sessions(new(2025, 11, 17), Session)).ToArray();
        Assert.Equal(
            "the former bearer has FIGI BBG000000001, CIK 0000000001, the present one FIGI BBG000000002, CIK 0000000002; the former one was delisted on 2025-11-04; 9 sessions without a bar after 2025-11-03",
            Of(TickerIdentity.Another, new(2025, 11, 4), null, true).Evidence(new(2025, 11, 17), bars, TradingCalendar.Nyse));
    }

    private static DateOnly? First(TickerIdentity identity, IEnumerable<DateOnly> bars, DateOnly? delisted = null, DateOnly? listed = null, bool former = true) =>
        Of(identity, delisted, listed, former).FirstDate([.. bars], Session, TradingCalendar.Nyse);

    private static Handover Of(TickerIdentity identity, DateOnly? delisted, DateOnly? listed, bool former) =>
        new(new("TICK"), identity, former ? Old : null, former ? New : null, delisted, listed);

    private static IEnumerable<DateOnly> Sessions(DateOnly from, DateOnly to) => TradingCalendar.Nyse.Sessions(from, to);
}
