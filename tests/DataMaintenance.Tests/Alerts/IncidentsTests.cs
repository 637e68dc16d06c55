using DataMaintenance.Alerts;
using DataMaintenance.Pipeline;
using DataMaintenance.Store;
using static DataMaintenance.Tests.Alerts.Facts;

namespace DataMaintenance.Tests.Alerts;

public sealed class IncidentsTests
{
    private static readonly AlertsOptions Options = new() { PublicUrl = new("http://desk:8008/") };

    private static IReadOnlyList<Incident> Of(Snapshot snapshot, AlertsOptions? options = null) => new Incidents(options ?? Options).Of(snapshot);

    private static string[] Keys(Snapshot snapshot, AlertsOptions? options = null) => [.. Of(snapshot, options).Select(i => i.Key)];

    [Fact]
    public void A_night_that_succeeded_is_no_incident()
    {
        Assert.Equal([], Keys(Snapshot(120, [Run(1, 0, 5, true)])));
        Assert.Equal(["succeeded:2025-12-01"], Keys(Snapshot(120, [Run(1, 0, 5, true)]), Options with { OnSuccess = true }));
    }

    [Fact]
    public void A_partial_night_is_told_after_its_window_with_the_symbols_that_are_missing()
    {
        var run = Run(1, 0, 5, false);
        var tasks = Tasks(1, (TaskNames.LoadVolumeSlots, "2 symbols never answered: AAPL, BRK.B"));
        Assert.Equal([], Keys(Snapshot(29, [run], tasks)));
        var snapshot = Snapshot(30, [run], tasks) with
        {
            Findings = [new(1, "daily", Monday, new Market.Symbol("BCpC"), "bar.high_below_low", Market.Severity.Error, "1 < 2", "high at least low", FindingState.Open, At(1), null)],
        };
        var told = Assert.Single(Of(snapshot));
        Assert.Equal(("partial_success:2025-12-01", "nightly of 2025-12-01 is incomplete: 1 of 10 tasks failed"), (told.Key, told.Title));
        Assert.Contains("load_volume_slots: 2 symbols never answered: AAPL, BRK.B", told.Lines);
        Assert.Contains("bar.high_below_low: BCpC", told.Lines);
        Assert.Equal("http://desk:8008/dashboard/runs/1", told.Lines[^1]);
    }

    [Fact]
    public void A_night_without_bars_has_failed()
    {
        Assert.Equal(["run_failed:2025-12-01"], Keys(Snapshot(30, [Run(1, 0, 5, false)], Tasks(1, (TaskNames.LoadOhlc, "the provider answered 500")))));
    }

    [Fact]
    public void A_day_that_turned_out_to_be_no_session_has_not_failed()
    {
        var failed = Snapshot(30, [Run(1, 0, 5, false)], Tasks(1, (TaskNames.LoadOhlc, "no bar at all")));
        Assert.Equal([], Keys(failed with { Events = [new("calendar_closed_learned", "2025-12-01", Monday, "announced closed; no bars came", At(29), "test", 1, 3)] }));
        Assert.Equal(["run_failed:2025-12-01"], Keys(failed with { Events = [new("calendar_closed_learned", "2025-11-28", Monday.AddDays(-3), "announced closed; no bars came", At(29), "test", 1, 3)] }));
    }

    [Fact]
    public void A_run_that_somebody_stopped_says_so_first()
    {
        var failed = Snapshot(30, [Run(1, 0, 5, false)], Tasks(1, (TaskNames.LoadOhlc, "stopped before it ended")));
        var told = Assert.Single(Of(failed with { Events = [new("run_cancelled", "1", Monday, "cancelled over HTTP", At(4), "test", 1, 3)] }));
        Assert.Equal("It was stopped on purpose: cancelled over HTTP", told.Lines[0]);
        Assert.DoesNotContain(Assert.Single(Of(failed)).Lines, l => l.Contains("on purpose", StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_that_ended_with_its_process_has_failed_unless_another_did_its_work()
    {
        var cut = Run(1, 0, null, null, epoch: 0);
        Assert.Equal(["run_failed:2025-12-01"], Keys(Snapshot(30, [cut])));
        TaskRunRecord[] begun = [Row(1, TaskNames.ClearCaches, null), Row(1, TaskNames.LoadOhlc, "no")];
        Assert.Equal("nightly of 2025-12-01 failed: the process ended during the run, 1 of 10 tasks failed, 8 did not begin", Assert.Single(Of(Snapshot(30, [cut], begun))).Title);
        Assert.Equal(["recovered:2025-12-01"], Keys(Snapshot(31, [Run(2, 20, 30, true, trigger: "recovery"), cut])));
    }

    [Fact]
    public void A_recovery_that_a_restart_cut_off_is_told_when_the_next_process_has_not_gone_on_with_it()
    {
        var cut = Run(1, 31, null, null, trigger: "recovery", epoch: 0);
        Assert.Equal([], Keys(Snapshot(33, [cut]) with { Began = At(32) }));
        Assert.Equal(["run_failed:2025-12-01"], Keys(Snapshot(42, [cut]) with { Began = At(32) }));
        var again = Run(2, 32, null, null, trigger: "recovery", epoch: 0);
        Assert.Equal(["run_failed:2025-12-01"], Keys(Snapshot(34, [again, cut]) with { Began = At(33) }));
    }

    [Fact]
    public void What_a_later_run_of_some_tasks_healed_is_no_incident_and_what_it_left_is()
    {
        var night = Run(1, 0, 5, false);
        var tasks = Tasks(1, (TaskNames.LoadVolumeSlots, "no"), (TaskNames.EnrichMetadata, "no"));
        var retry = Run(2, 10, 12, false, full: false);
        TaskRunRecord[] again = [Row(2, TaskNames.LoadVolumeSlots, null), Row(2, TaskNames.EnrichMetadata, "still not")];
        Assert.Contains("enrich_metadata: still not", Assert.Single(Of(Snapshot(30, [retry, night], tasks, again))).Lines);
        Assert.Equal([], Keys(Snapshot(30, [retry, night], tasks, [Row(2, TaskNames.LoadVolumeSlots, null), Row(2, TaskNames.EnrichMetadata, null)])));
    }

    [Fact]
    public void A_run_that_never_began_is_told_after_the_grace_and_not_while_paused()
    {
        Assert.Equal([], Keys(Snapshot(9, [])));
        var told = Assert.Single(Of(Snapshot(10, [])));
        Assert.Equal("never_began:2025-12-01:nightly", told.Key);
        Assert.Contains("due at 2025-12-02 03:00 New York", told.Title, StringComparison.Ordinal);
        var paused = new MaintenanceEvent("paused", "service", null, "holiday of the operator", At(-60), "test", 1, 7);
        Assert.Equal(["paused:7:0"], Keys(Snapshot(10, []) with { Events = [paused] }));
        Assert.Equal(["paused:7:1"], Keys(Snapshot(60 * 24, []) with { Events = [paused] }));
        Assert.Equal(["never_began:2025-12-01:nightly"], Keys(Snapshot(10, []) with { Events = [paused, paused with { Kind = "resumed", At = At(-30), Id = 8 }] }));
        Assert.Equal([], Keys(Snapshot(10, []) with { Since = At(5) }));
    }

    [Fact]
    public void What_will_be_done_about_a_run_that_never_began_is_told_as_it_is()
    {
        var cleanup = new ExpectedRun("cleanup", Monday, Whole: false, Hour, Hour.AddMinutes(30), null);
        IReadOnlyList<string> Lines(ExpectedRun run) => Assert.Single(Of(Snapshot(40, [Run(1, 0, 5, true)]) with { Expected = [run] })).Lines;
        Assert.Contains("Nothing runs it before its next hour; at once by data-maintenance run --plan cleanup", Lines(cleanup));
        Assert.Contains("It is made good when nothing else is due; start it by hand if the hour matters", Lines(cleanup with { LooksBack = true }));
    }

    [Fact]
    public void A_run_before_its_hour_is_not_the_one_that_was_due()
    {
        var cleanup = new ExpectedRun("cleanup", Monday, Whole: false, Hour, Hour.AddMinutes(30), null);
        Snapshot After(int start) => Snapshot(40, [Run(1, 0, 5, true), Run(2, start, start + 1, true, full: false, plan: "cleanup")]) with { Expected = [cleanup] };
        Assert.Equal(["never_began:2025-12-01:cleanup"], Keys(After(-1440)));
        Assert.Equal([], Keys(After(1)));
    }

    [Fact]
    public void What_is_loaded_at_the_first_start_was_not_missed()
    {
        var first = Run(1, 20, 30, true, trigger: "recovery");
        var before = Run(2, 30, 35, true, trigger: "recovery", date: Monday.AddDays(-10));
        Assert.Equal([], Keys(Snapshot(40, [before, first]) with { Since = At(30) }));
        Assert.Equal(["recovered:2025-12-01"], Keys(Snapshot(40, [before, first]) with { Since = At(29) }));
    }

    [Fact]
    public void A_run_that_waits_behind_another_is_late_only_when_its_window_is_over()
    {
        var recovery = Run(1, -5, null, null, trigger: "recovery", date: Monday.AddDays(-3));
        Assert.Equal([], Keys(Snapshot(20, [recovery])));
        var told = Assert.Single(Of(Snapshot(30, [recovery]) with { Expected = [Night with { ReadyBy = null }] }));
        Assert.Equal("never_began:2025-12-01:nightly", told.Key);
        Assert.Contains("Run 1 (nightly of 2025-11-28) has been going on since", told.Lines[0], StringComparison.Ordinal);
        // What is loaded for several sessions in one go is the session's own beginning.
        var first = Run(1, -5, null, null, trigger: "recovery", full: false);
        Assert.Equal([], Keys(Snapshot(30, [first]) with { Expected = [Night with { ReadyBy = null }] }));
        Assert.Equal(["ready_by:2025-12-01"], Keys(Snapshot(56, [first])));
    }

    [Fact]
    public void Danger_to_the_deadline_is_told_while_there_is_time_to_act()
    {
        RunRecord[] usual = [.. Enumerable.Range(1, 4).Select(i => Run(10 - i, -1440 * i, -1440 * i + 20, true, date: Monday.AddDays(-i)))];
        Assert.Equal([], Keys(Snapshot(30, [Run(20, 30, null, null), .. usual])));
        var late = Assert.Single(Of(Snapshot(40, [Run(20, 36, null, null), .. usual])));
        Assert.Equal("ready_by:2025-12-01", late.Key);
        Assert.Equal("Run 20 began at 2025-12-02 03:36 New York and is expected to end at 2025-12-02 03:56 New York", late.Lines[0]);
        Assert.Equal([], Keys(Snapshot(40, [Run(20, 36, 40, true), .. usual])));
    }

    [Fact]
    public void A_run_slower_than_usual_is_a_danger_as_soon_as_its_pace_says_so()
    {
        RunRecord[] usual = [.. Enumerable.Range(1, 4).Select(i => Run(10 - i, -1440 * i, -1440 * i + 5, true, date: Monday.AddDays(-i)))];
        var run = Run(20, 0, null, null);
        TaskRunRecord[] two = [Row(20, TaskNames.ClearCaches, null), Row(20, TaskNames.LoadOhlc, null)];
        // Two of ten tasks after ten minutes: done after fifty. After twelve: an hour.
        Assert.Equal([], Keys(Snapshot(10, [run, .. usual], two)));
        var slow = Assert.Single(Of(Snapshot(12, [run, .. usual], two)));
        Assert.Equal("ready_by:2025-12-01", slow.Key);
        Assert.Equal("Run 20 began at 2025-12-02 03:00 New York and is expected to end at 2025-12-02 04:00 New York", slow.Lines[0]);
        Assert.Equal([], Keys(Snapshot(12, [run, .. usual], [.. two, Row(20, TaskNames.LoadVolumeSlots, null)])));
        // Nothing ended is not yet half of it.
        Assert.Equal([], Keys(Snapshot(27, [run, .. usual])));
        Assert.Equal(["ready_by:2025-12-01"], Keys(Snapshot(28, [run, .. usual])));
    }

    [Fact]
    public void A_deadline_that_has_passed_is_told_as_passed_and_only_when_nothing_was_told_of_the_session()
    {
        var late = Run(20, 100, null, null);
        Assert.Equal("The session of 2025-12-01 was not ready by 2025-12-02 04:00 New York", Assert.Single(Of(Snapshot(110, [late]))).Title);
        var told = new MaintenanceEvent("alert_opened", "never_began:2025-12-01:nightly", Monday, "never began | to ", At(10), "test", 1, 4);
        Assert.Equal([], Keys(Snapshot(110, [late]) with { Events = [told] }));
        Assert.Equal(["ready_by:2025-12-01"], Keys(Snapshot(50, [late with { StartedAt = At(49) }]) with { Events = [told] }));
    }

    [Fact]
    public void One_cause_is_told_once()
    {
        Assert.Equal(["run_failed:2025-12-01"], Keys(Snapshot(70, [Run(1, 0, 5, false)], Tasks(1, (TaskNames.LoadOhlc, "no")))));
        Assert.Equal(["never_began:2025-12-01:nightly"], Keys(Snapshot(70, [])));
    }

    [Fact]
    public void What_is_outside_is_told_when_it_has_been_away_for_long()
    {
        var night = Run(1, 0, 5, true);
        Assert.Equal([], Keys(Snapshot(60, [night]) with { Outages = [new("redis", At(56), "refused")] }));
        Assert.Equal(["unreachable:redis"], Keys(Snapshot(60, [night]) with { Outages = [new("redis", At(55), "refused")] }));
    }

    [Fact]
    public void Doubts_about_the_calendar_and_a_rebuilt_redis_are_told()
    {
        var snapshot = Snapshot(60, [Run(1, 0, 5, true)]) with
        {
            Findings = [new(1, "calendar", new(2025, 12, 25), null, "calendar.provider", Market.Severity.Warning, "open", "closed", FindingState.Open, At(1), null)],
            Events = [new("redis_rebuilt", "atr,rvol", Monday, "atr and rvol were gone", At(20), "test", 1, 3)],
        };
        Assert.Equal(["calendar_disagreement:2025-12-25", "redis_rebuilt:3"], Keys(snapshot));
    }

    [Fact]
    public void A_failed_cleanup_is_told_too_and_a_backfill_by_hand_is_not()
    {
        var cleanup = Run(1, 0, 5, false, full: false, plan: "cleanup");
        Assert.Equal(["run_failed:2025-12-01:cleanup"], Keys(Snapshot(30, [cleanup, Run(2, 0, 5, true)], [Row(1, TaskNames.CleanupOldData, "disk full")])));
        Assert.Equal([], Keys(Snapshot(30, [cleanup with { Plan = "backfill", Trigger = "cli" }, Run(2, 0, 5, true)], Tasks(2))));
    }
}
