using Market;

namespace DataMaintenance.Tests.Schedule;

public sealed class CalendarDoubtTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;
    private static readonly DateOnly Wednesday = new(2025, 12, 10), Christmas = new(2025, 12, 25);

    private static async Task<IReadOnlyList<(DateOnly, string)>> OpenAsync(ScheduledWorld world) =>
        [.. (await world.Store.FindingsAsync(openOnly: true, 100, Ct)).Where(f => f.Dataset == "calendar").Select(f => (f.Date, f.Rule))];

    [Fact]
    public async Task Rules_announcements_and_data_that_agree_leave_no_finding_and_are_compared_once_a_day()
    {
        await using var world = await ScheduledWorld.StartAsync("2025-12-02T12:00:00Z");
        Assert.True(await world.Wiring.CalendarDoubt.StepAsync(Ct));
        Assert.False(await world.Wiring.CalendarDoubt.StepAsync(Ct));
        Assert.Empty(await OpenAsync(world));
        var kept = await world.Store.EventsAsync("holiday_announced", 10, Ct);
        Assert.Equal(["2025-12-24", "2025-12-25"], kept.Select(e => e.Subject).Order());
        world.At("2025-12-03T07:29:00Z");
        Assert.False(await world.Wiring.CalendarDoubt.StepAsync(Ct));
        world.At("2025-12-03T07:30:00Z");
        Assert.True(await world.Wiring.CalendarDoubt.StepAsync(Ct));
    }

    [Fact]
    public async Task A_closing_that_is_announced_and_brings_no_bars_is_learned_before_the_night_and_outlives_the_process()
    {
        await using var world = await ScheduledWorld.StartAsync("2025-12-09T12:00:00Z", new TradingCalendar([new(Wednesday, "Mourning", null)]));
        await world.Wiring.CalendarDoubt.StepAsync(Ct);
        Assert.Equal([(Wednesday, "calendar.announced_closed")], await OpenAsync(world));
        Assert.True(world.Wiring.Calendar.IsSession(Wednesday));

        world.At("2025-12-11T07:30:00Z");
        await world.Wiring.CalendarDoubt.StepAsync(Ct);
        Assert.False(world.Wiring.Calendar.IsSession(Wednesday));
        Assert.Empty(await OpenAsync(world));
        await world.CrashAsync();
        Assert.False(world.Wiring.Calendar.IsSession(Wednesday));
        Assert.Equal(new DateOnly(2025, 12, 9), world.Wiring.Timetable.NextOf(world.Wiring.Timetable.Main, world.Clock.GetUtcNow()).Session);
    }

    [Fact]
    public async Task A_closing_that_is_announced_but_traded_stays_a_session()
    {
        await using var world = await ScheduledWorld.StartAsync("2025-12-09T12:00:00Z");
        world.Market.Announced = [new(Wednesday, "Mourning", null), new(new(2025, 12, 24), "Christmas Eve", new(13, 0)), new(Christmas, "Christmas", null)];
        await world.Wiring.CalendarDoubt.StepAsync(Ct);
        world.At("2025-12-11T07:30:00Z");
        await world.Wiring.CalendarDoubt.StepAsync(Ct);
        Assert.True(world.Wiring.Calendar.IsSession(Wednesday));
        Assert.Empty(await OpenAsync(world));
    }

    [Fact]
    public async Task A_holiday_that_is_not_announced_is_a_finding_and_becomes_a_session_when_bars_come()
    {
        await using var world = await ScheduledWorld.StartAsync("2025-12-23T12:00:00Z", new TradingCalendar([new(Christmas, "open after all", new(16, 0))]));
        world.Market.Announced = [new(new(2025, 12, 24), "Christmas Eve", new(13, 0)), new(new(2026, 1, 1), "New Year", null)];
        await world.Wiring.CalendarDoubt.StepAsync(Ct);
        Assert.Equal([(Christmas, "calendar.not_announced")], await OpenAsync(world));
        world.At("2025-12-26T07:30:00Z");
        await world.Wiring.CalendarDoubt.StepAsync(Ct);
        Assert.True(world.Wiring.Calendar.IsSession(Christmas));
        Assert.Contains((Christmas, "calendar.bars_on_closed_day"), await OpenAsync(world));
        // The night after it is due for it.
        var night = world.Wiring.Timetable.NextOf(world.Wiring.Timetable.Main, world.Clock.GetUtcNow());
        Assert.Equal((DateTimeOffset.Parse("2025-12-26T08:00:00Z"), Christmas), (night.At, night.Session));
    }

    [Fact]
    public async Task Hours_that_differ_are_a_finding_until_configuration_decides()
    {
        (DateOnly, TimeOnly) differs = (new(2025, 12, 26), new(13, 0));
        await using var world = await ScheduledWorld.StartAsync("2025-12-23T12:00:00Z", new TradingCalendar([new(differs.Item1, "announced", differs.Item2)]));
        await world.Wiring.CalendarDoubt.StepAsync(Ct);
        Assert.Equal([(differs.Item1, "calendar.early_close")], await OpenAsync(world));

        await using var decided = await ScheduledWorld.StartAsync("2025-12-23T12:00:00Z", new TradingCalendar([new(differs.Item1, "announced", differs.Item2)]),
            ("Calendar:Extra:0:Date", "2025-12-26"), ("Calendar:Extra:0:Reason", "announced"), ("Calendar:Extra:0:EarlyClose", "13:00"));
        await decided.Wiring.CalendarDoubt.StepAsync(Ct);
        Assert.Empty(await OpenAsync(decided));
    }

    [Fact]
    public async Task A_session_that_came_without_the_broadest_fund_is_a_finding_until_it_is_there()
    {
        await using var world = await ScheduledWorld.StartAsync("2025-12-02T12:00:00Z");
        world.Market.WithoutSpy.Add(new(2025, 12, 1));
        await world.SettleAsync();
        await world.Wiring.CalendarDoubt.StepAsync(Ct);
        Assert.Equal([(new(2025, 12, 1), "calendar.no_spy_on_session")], await OpenAsync(world));
        world.Market.WithoutSpy.Clear();
        await world.Wiring.Runner.RunAsync(new(new(2025, 12, 1), world.Wiring.Timetable.Main.Plan, "test", Force: true), DataMaintenance.Pipeline.Silent.Observer, Ct);
        world.At("2025-12-03T12:00:00Z");
        await world.Wiring.CalendarDoubt.StepAsync(Ct);
        Assert.Empty(await OpenAsync(world));
    }

    [Fact]
    public async Task A_session_of_which_nothing_came_is_doubted_once_another_has_passed()
    {
        DateOnly surprise = new(2025, 12, 3);
        await using var world = await ScheduledWorld.StartAsync("2025-12-02T12:00:00Z", new TradingCalendar([new(surprise, "the exchange stayed shut", null)]));
        world.Market.Announced = [new(new(2025, 12, 24), "Christmas Eve", new(13, 0)), new(Christmas, "Christmas", null)];
        await world.SettleAsync();
        world.At("2025-12-04T08:00:00Z");
        await world.SettleAsync();
        await world.Wiring.CalendarDoubt.StepAsync(Ct);
        Assert.Empty(await OpenAsync(world));
        world.At("2025-12-05T07:30:00Z");
        await world.Wiring.CalendarDoubt.StepAsync(Ct);
        Assert.Equal([(surprise, "calendar.no_spy_on_session")], await OpenAsync(world));
        Assert.True(world.Wiring.Calendar.IsSession(surprise));
    }

    [Fact]
    public async Task A_provider_that_is_down_is_asked_again()
    {
        await using var world = await ScheduledWorld.StartAsync("2025-12-02T12:00:00Z");
        world.Market.Down = true;
        Assert.False(await world.Wiring.CalendarDoubt.StepAsync(Ct));
        world.Market.Down = false;
        Assert.True(await world.Wiring.CalendarDoubt.StepAsync(Ct));
    }
}
