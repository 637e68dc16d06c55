using DataMaintenance.Provider;
using Market;

namespace DataMaintenance.Tests.Provider;

public sealed class RangeTests
{
    private static readonly DateOnly Thursday = Massive.Day, Friday = Massive.Day.AddDays(1), Monday = Massive.Day.AddDays(4);

    private static async Task<SlotReply> AskAsync(string body, SlotGrid? grid = null, params DateOnly[] days)
    {
        await using var server = await ScriptedServer.AlwaysAsync(body);
        await using var source = Massive.Source(server);
        return await source.SlotsAsync("AAPL", grid ?? SlotGrid.Extended, days.Length > 0 ? days : [Thursday]);
    }

    private static string Bar(DateOnly day, int hour, int minute, string v = "100", string rest = ",\"vw\":10.25,\"n\":7") =>
        Massive.Bar(Massive.At(day, hour, minute), v, rest: rest);

    [Fact]
    public async Task Several_sessions_are_one_call_with_the_ticker_escaped()
    {
        await using var server = await ScriptedServer.AlwaysAsync(Massive.Bars());
        await using var source = Massive.Source(server);
        await source.SlotsAsync("ABR^D/x", SlotGrid.Extended, Thursday, Friday, Monday);

        Assert.Equal("/v2/aggs/ticker/ABR%5ED%2Fx/range/5/minute/2025-01-02/2025-01-06?adjusted=false&sort=asc&limit=50000", Assert.Single(server.Requests).PathAndQuery);
    }

    [Fact]
    public async Task Bars_fall_into_their_sessions_and_slots_and_silent_sessions_are_empty()
    {
        var reply = await AskAsync(Massive.Bars(
            Bar(Thursday, 4, 0, "10"), Bar(Thursday, 9, 30, "1.5e+01"), Bar(Thursday, 19, 55, "2.5"), Bar(Monday, 16, 0, "7", rest: "")),
            null, Thursday, Friday, Monday);

        Assert.Equal("massive:range", reply.Source);
        Assert.Equal([Thursday, Friday, Monday], reply.Days.Select(day => day.Date));
        Assert.Equal([new Slot(0, 10, 10, 7, 10.25), new Slot(66, 15, 25, 7, 10.25), new Slot(191, 2.5, 27.5, 7, 10.25)], reply.Days[0].Slots);
        Assert.Empty(reply.Days[1].Slots);
        Assert.Equal([new Slot(144, 7, 7, null, null)], reply.Days[2].Slots);
        Assert.Empty(reply.Rejected);
    }

    [Theory]
    [InlineData("2025-03-07", -5)]
    [InlineData("2025-03-10", -4)]
    [InlineData("2025-10-31", -4)]
    [InlineData("2025-11-03", -5)]
    public async Task The_open_is_slot_66_on_both_sides_of_daylight_saving(string date, int offset)
    {
        var day = DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture);
        var open = new DateTimeOffset(day.ToDateTime(new TimeOnly(9, 30)), TimeSpan.FromHours(offset)).ToUnixTimeMilliseconds();
        var reply = await AskAsync(Massive.Bars(Massive.Bar(open)), null, day);

        Assert.Equal(66, Assert.Single(reply.Days[0].Slots).Number);
    }

    [Fact]
    public async Task The_regular_grid_leaves_other_hours_aside_without_calling_them_wrong()
    {
        var reply = await AskAsync(Massive.Bars(Bar(Thursday, 4, 0), Bar(Thursday, 9, 30, "3"), Bar(Thursday, 15, 55, "4"), Bar(Thursday, 16, 0)), SlotGrid.Regular);

        Assert.Equal([((short)0, 3.0), ((short)77, 7.0)], reply.Days[0].Slots.Select(slot => (slot.Number, slot.Accumulated)));
        Assert.Empty(reply.Rejected);
    }

    [Fact]
    public async Task A_session_between_that_nobody_wanted_is_left_aside()
    {
        var reply = await AskAsync(Massive.Bars(Bar(Thursday, 10, 0), Bar(Friday, 10, 0), Bar(Monday, 10, 0)), null, Thursday, Monday);

        Assert.Equal([1, 1], reply.Days.Select(day => day.Slots.Length));
        Assert.Empty(reply.Rejected);
    }

    [Fact]
    public async Task Rows_that_do_not_fit_are_rejected_by_rule_and_the_rest_stays()
    {
        var reply = await AskAsync(Massive.Bars(
            Bar(Thursday.AddDays(-1), 10, 0), Bar(Thursday, 3, 55), Bar(Thursday, 10, 0), Bar(Thursday, 10, 2), Bar(Thursday, 20, 0),
            Bar(Friday, 10, 0, "-1"), Bar(Friday.AddDays(1), 10, 0), Bar(Monday, 10, 0, rest: ",\"vw\":-3"), Bar(Monday.AddDays(1), 10, 0)),
            null, Thursday, Friday, Monday);

        Assert.Equal([1, 0, 0], reply.Days.Select(day => day.Slots.Length));
        Assert.Equal(
            ["slot.wrong_day", "slot.outside_grid", "slot.misaligned", "slot.outside_grid", "slot.volume", "slot.weekend", "slot.price", "slot.wrong_day"],
            reply.Rejected.Select(row => row.Rule));
        Assert.Contains("2025-01-02 20:00:00 New York", reply.Rejected[3].Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_out_of_order_and_twice_come_out_as_if_they_were_not()
    {
        var rows = new[] { Bar(Thursday, 9, 30, "1"), Bar(Thursday, 9, 35, "2"), Bar(Thursday, 9, 40, "3") };
        var ordered = await AskAsync(Massive.Bars(rows));
        var mixed = await AskAsync(Massive.Bars(rows[2], rows[0], rows[1], rows[0]));

        Assert.Equal(ordered.Days[0].Slots, mixed.Days[0].Slots);
        Assert.Empty(mixed.Rejected);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_two_different_bars_of_one_time_the_one_with_more_trades_stays(bool moreFirst)
    {
        string[] rows = [Bar(Thursday, 9, 30, "50", rest: ",\"n\":9"), Bar(Thursday, 9, 30, "80", rest: ",\"n\":8")];
        var reply = await AskAsync(Massive.Bars(moreFirst ? rows : [.. rows.Reverse()]));

        Assert.Equal(50, Assert.Single(reply.Days[0].Slots).Volume);
        Assert.Equal(("slot.duplicate", "2025-01-02 09:30:00 New York: volume 80"), (Assert.Single(reply.Rejected).Rule, reply.Rejected[0].Value));
    }

    [Fact]
    public async Task Many_rejected_rows_of_one_rule_are_told_as_a_count()
    {
        var reply = await AskAsync(Massive.Bars([.. Enumerable.Range(0, 48).Select(i => Bar(Thursday, i / 12, i % 12 * 5))]));

        Assert.Equal(21, reply.Rejected.Count);
        Assert.Equal("and 28 more rows", reply.Rejected[^1].Value);
    }

    [Fact]
    public async Task A_reply_about_another_ticker_makes_no_sense()
    {
        var error = await Assert.ThrowsAsync<ProviderException>(() => AskAsync("""{"ticker":"AAPl","resultsCount":0,"status":"OK"}"""));

        Assert.Equal((ProviderFault.Nonsense, true), (error.Fault, error.Message.Contains("expected AAPL, got AAPl", StringComparison.Ordinal)));
    }
}
