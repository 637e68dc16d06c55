using DataMaintenance.Schedule;
using Market;

namespace DataMaintenance.Tests.Schedule;

public sealed class TimetableTests
{
    private static readonly TradingCalendar Calendar = TradingCalendar.Nyse;

    private static Timetable Timetable(MaintenanceSchedule schedule = MaintenanceSchedule.PreMarket, params (string Name, PlanOptions Plan)[] custom) =>
        new(StandardPlans.InForce(new() { Schedule = schedule, Custom = custom.ToDictionary(c => c.Name, c => c.Plan) }), Calendar);

    private static Occurrence Next(Timetable timetable, string plan, string after) => timetable.NextOf(timetable.Plans.Single(p => p.Name == plan), DateTimeOffset.Parse(after));

    private static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant);

    [Theory]
    // An ordinary night: Monday's session at 03:00 on Tuesday.
    [InlineData("2025-12-02T00:00:00Z", "2025-12-02T08:00:00Z", "2025-12-01")]
    // Exactly at its hour the next one is tomorrow's.
    [InlineData("2025-12-02T08:00:00Z", "2025-12-03T08:00:00Z", "2025-12-02")]
    // Friday's session on Monday.
    [InlineData("2025-12-05T12:00:00Z", "2025-12-08T08:00:00Z", "2025-12-05")]
    // Nothing on Thanksgiving; the half day after it processes Wednesday, and is itself processed on Monday.
    [InlineData("2025-11-27T00:00:00Z", "2025-11-28T08:00:00Z", "2025-11-26")]
    [InlineData("2025-11-28T09:00:00Z", "2025-12-01T08:00:00Z", "2025-11-28")]
    // The clocks went forward on Sunday: Monday 03:00 is 07:00 UTC; they went back: 08:00 UTC.
    [InlineData("2025-03-07T12:00:00Z", "2025-03-10T07:00:00Z", "2025-03-07")]
    [InlineData("2025-10-31T12:00:00Z", "2025-11-03T08:00:00Z", "2025-10-31")]
    // Over New Year: 2025-12-31 is a whole session, processed on Friday 2026-01-02.
    [InlineData("2025-12-31T12:00:00Z", "2026-01-02T08:00:00Z", "2025-12-31")]
    // A day of mourning.
    [InlineData("2025-01-08T12:00:00Z", "2025-01-10T08:00:00Z", "2025-01-08")]
    public void The_nightly_run_is_due_at_three_on_every_trading_day_for_the_session_before(string after, string at, string session)
    {
        var due = Next(Timetable(), "nightly", after);
        Assert.Equal((At(at), DateOnly.Parse(session)), (due.At, due.Session));
        Assert.Equal(due.At.AddHours(1), due.ReadyBy);
        Assert.Equal(due.At.AddMinutes(30), due.WindowEnd);
    }

    [Fact]
    public void The_other_profile_runs_after_the_close_and_clears_caches_in_the_morning()
    {
        var timetable = Timetable(MaintenanceSchedule.MarketClose);
        var close = Next(timetable, "after_close", "2025-11-26T12:00:00Z");
        Assert.Equal((At("2025-11-26T22:00:00Z"), new DateOnly(2025, 11, 26)), (close.At, close.Session));
        // Needed when pre-market opens on Friday, Thursday being Thanksgiving.
        Assert.Equal(At("2025-11-28T09:00:00Z"), close.ReadyBy);
        var clear = Next(timetable, "cache_clear", "2025-11-26T12:00:00Z");
        Assert.Equal((At("2025-11-28T08:00:00Z"), new DateOnly(2025, 11, 28)), (clear.At, clear.Session));
        Assert.DoesNotContain("clear_caches", timetable.Main.Plan.Tasks);
        Assert.DoesNotContain(timetable.Plans, p => p.Name == "nightly");
    }

    [Fact]
    public void Reconcile_looks_at_the_last_five_sessions_and_cleanup_comes_on_sunday()
    {
        var timetable = Timetable();
        var reconcile = Next(timetable, "reconcile", "2025-12-01T12:00:00Z");
        Assert.Equal(At("2025-12-01T16:30:00Z"), reconcile.At);
        var request = timetable.Request(reconcile, "schedule");
        Assert.Equal([new(2025, 11, 21), new(2025, 11, 24), new(2025, 11, 25), new(2025, 11, 26), new(2025, 11, 28)], request.Range!);
        var cleanup = Next(timetable, "cleanup", "2025-12-01T12:00:00Z");
        Assert.Equal((At("2025-12-07T08:00:00Z"), new DateOnly(2025, 12, 5)), (cleanup.At, cleanup.Session));
        // On the Sundays on which the clocks change at 02:00, 03:00 exists once.
        Assert.Equal(At("2025-03-09T07:00:00Z"), Next(timetable, "cleanup", "2025-03-08T12:00:00Z").At);
        Assert.Equal(At("2025-11-02T08:00:00Z"), Next(timetable, "cleanup", "2025-11-01T12:00:00Z").At);
    }

    [Theory]
    [InlineData("close + 1h", "2025-11-26T12:00:00Z", "2025-11-26T22:00:00Z", "2025-11-26")]
    [InlineData("close + 1h", "2025-11-28T12:00:00Z", "2025-11-28T19:00:00Z", "2025-11-28")]
    [InlineData("close + 90m", "2025-11-28T12:00:00Z", "2025-11-28T19:30:00Z", "2025-11-28")]
    [InlineData("close + 1h 30m", "2025-11-28T12:00:00Z", "2025-11-28T19:30:00Z", "2025-11-28")]
    [InlineData("close + 24h", "2025-11-26T21:30:00Z", "2025-11-27T21:00:00Z", "2025-11-26")]
    [InlineData("open - 30m", "2025-11-28T12:00:00Z", "2025-11-28T14:00:00Z", "2025-11-26")]
    [InlineData("pre_market-1h", "2025-07-03T00:00:00Z", "2025-07-03T07:00:00Z", "2025-07-02")]
    [InlineData("post_market_end + 5h30m", "2025-07-02T12:00:00Z", "2025-07-03T05:30:00Z", "2025-07-02")]
    [InlineData("post_market_end", "2025-07-03T12:00:00Z", "2025-07-03T21:00:00Z", "2025-07-03")]
    public void An_hour_relative_to_the_market_follows_half_days_and_holidays(string relative, string after, string at, string session)
    {
        var due = Next(Timetable(custom: ("extra", new() { Relative = relative, Tasks = ["load_ohlc"] })), "extra", after);
        Assert.Equal((At(at), DateOnly.Parse(session)), (due.At, due.Session));
    }

    [Fact]
    public void Configuration_changes_a_plan_of_the_schedule_takes_it_out_and_adds_others()
    {
        var timetable = Timetable(custom: [("nightly", new() { At = new(2, 30), Window = TimeSpan.FromHours(1) }), ("reconcile", new() { Enabled = false }),
            ("noon", new() { At = new(12, 0), Days = [PlanDay.Monday, PlanDay.Wednesday], Tasks = ["volume_slots"], ReadyBy = new(13, 0) })]);
        var nightly = Next(timetable, "nightly", "2025-12-02T00:00:00Z");
        Assert.Equal((At("2025-12-02T07:30:00Z"), At("2025-12-02T08:30:00Z"), 10), (nightly.At, nightly.WindowEnd, nightly.Plan.Plan.Tasks.Count));
        Assert.DoesNotContain(timetable.Plans, p => p.Name == "reconcile");
        var noon = Next(timetable, "noon", "2025-12-02T00:00:00Z");
        Assert.Equal((At("2025-12-03T17:00:00Z"), At("2025-12-03T18:00:00Z"), new DateOnly(2025, 12, 2)), (noon.At, noon.ReadyBy, noon.Session));
        Assert.Equal(["load_volume_slots"], noon.Plan.Plan.Tasks);
    }

    [Theory]
    [InlineData("2025-12-02T07:59:59Z", false)]
    [InlineData("2025-12-02T08:00:00Z", true)]
    [InlineData("2025-12-02T08:29:59Z", true)]
    [InlineData("2025-12-02T08:30:00Z", false)]
    public void A_window_includes_its_start_and_excludes_its_end(string instant, bool open) =>
        Assert.Equal(open, Timetable().Open(At(instant)).Any(o => o.Plan.Name == "nightly"));

    [Fact]
    public void Every_session_of_three_years_is_due_once_in_order_and_no_holiday_is()
    {
        foreach (var schedule in Enum.GetValues<MaintenanceSchedule>())
        {
            var timetable = Timetable(schedule);
            var due = new List<DateOnly>();
            var occurrence = timetable.NextOf(timetable.Main, At("2024-01-01T12:00:00Z"));
            for (; occurrence.Session.Year < 2027; occurrence = timetable.NextOf(timetable.Main, occurrence.At)) due.Add(occurrence.Session);
            Assert.Equal(Calendar.Sessions(new(2024, 1, 1), new(2026, 12, 31)), due.Where(d => d.Year >= 2024));
            Assert.All(due.Where(d => d.Year >= 2024), session => Assert.Equal(session, timetable.Of(session).Session));
        }
    }

    [Theory]
    [InlineData("close + 1h30m")]
    [InlineData("open - 30m")]
    [InlineData("post_market_end")]
    public void What_next_shows_of_an_hour_can_be_written_into_the_settings(string relative) => Assert.Equal(Moment.Parse(relative), Moment.Parse(Moment.Parse(relative)!.ToString()));

    [Theory]
    [InlineData("close + 25h")]
    [InlineData("lunch + 1h")]
    [InlineData("close + soon")]
    [InlineData("open 30m")]
    [InlineData("open +")]
    [InlineData("close + 1441m")]
    public void What_is_no_hour_is_refused_at_start(string relative) =>
        Assert.Contains("Plans:Custom:x:Relative", Assert.Single(StandardPlans.Mistakes(new() { Custom = new Dictionary<string, PlanOptions> { ["x"] = new() { Relative = relative, Tasks = ["load_ohlc"] } } })), StringComparison.Ordinal);

    [Fact]
    public void Plans_that_make_no_sense_are_told_all_at_once()
    {
        var mistakes = StandardPlans.Mistakes(new()
        {
            Custom = new Dictionary<string, PlanOptions>
            {
                ["nightly"] = new() { Enabled = false },
                ["a"] = new(),
                ["b"] = new() { At = new(1, 0), Relative = "open", Tasks = ["load_olhc"] },
                ["c"] = new() { Relative = "close", Days = [PlanDay.Sunday], Tasks = ["load_ohlc"] },
            },
        }).ToArray();
        Assert.Equal(6, mistakes.Length);
    }
}
