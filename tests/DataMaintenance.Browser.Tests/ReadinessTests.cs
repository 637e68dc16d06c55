using DataMaintenance.Cache;
using DataMaintenance.Dashboard;
using DataMaintenance.Pipeline;
using DataMaintenance.Schedule;
using DataMaintenance.Store;
using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Browser.Tests;

/// <summary>The one sentence an operator reads first says ready only when everything was looked at.</summary>
public sealed class ReadinessTests
{
    private static readonly DateOnly Monday = new(2025, 12, 1);
    private static readonly DateTimeOffset Night = new(2025, 12, 2, 8, 20, 0, TimeSpan.Zero);
    private static readonly Timetable Timetable = new(StandardPlans.InForce(new()), TradingCalendar.Nyse);

    [Fact]
    public void A_complete_night_with_every_family_of_its_session_is_ready() =>
        Assert.Equal(new(ReadinessLevel.Ready, "Ready: 2025-12-01 is complete, and every family in Redis is of that session.", null), Now().Readiness);

    [Fact]
    public void A_store_that_does_not_answer_is_never_ready() => Is(ReadinessLevel.Unknown, "Nobody knows", Now() with { Store = "refused" });

    [Fact]
    public void Redis_away_is_not_ready() => Is(ReadinessLevel.NotReady, "Redis does not answer", Now() with { Redis = "refused" });

    [Fact]
    public void A_failed_task_is_named() => Is(ReadinessLevel.NotReady, "load_ohlc of 2025-12-01 failed", Now() with { Latest = Run(false), Failed = [new("load_ohlc", "the provider answered 500")] });

    [Fact]
    public void A_run_that_was_cut_off_is_not_ready() => Is(ReadinessLevel.NotReady, "cut off", Now() with { Latest = Run(true) with { EndedAt = null, Success = null } });

    [Fact]
    public void A_family_of_an_older_session_is_named() =>
        Is(ReadinessLevel.NotReady, "rvol in Redis is of 2025-11-28", Now() with { Families = new Dictionary<Family, DerivedState>(Families()) { [Family.Rvol] = State(Monday.AddDays(-3)) } });

    [Fact]
    public void A_family_that_is_missing_is_named() =>
        Is(ReadinessLevel.NotReady, "atr is missing in Redis", Now() with { Families = Families().Where(f => f.Key != Family.Atr).ToDictionary() });

    [Fact]
    public void Before_its_hour_it_is_not_due() => Is(ReadinessLevel.Waiting, "nightly processes 2025-12-01 at 03:00 New York", Now() with { Latest = null, At = Night.AddHours(-1) });

    [Fact]
    public void After_its_window_nothing_having_run_is_not_ready() => Is(ReadinessLevel.NotReady, "nothing ever processed 2025-12-01", Now() with { Latest = null, At = Night.AddMinutes(30) });

    [Fact]
    public void A_paused_schedule_is_not_waited_for() =>
        Is(ReadinessLevel.NotReady, "nothing ever processed", Now() with { Latest = null, At = Night.AddHours(-1), Service = ServiceState.Usual with { Paused = "by ops" } });

    private static void Is(ReadinessLevel level, string words, NowSnapshot now)
    {
        Assert.Equal(level, now.Readiness.Level);
        Assert.Contains(words, now.Readiness.Sentence, StringComparison.Ordinal);
    }

    private static NowSnapshot Now()
    {
        var due = Timetable.Of(Monday);
        return new(Night, MarketClock.Of(TradingCalendar.Nyse, Night), null, null, null, Monday, TradingCalendar.Nyse.Hours(Monday).PostMarketEnd, due, due.ReadyBy!.Value, null, Run(true), [], SessionFacts.None, Families(), [], ServiceState.Usual);
    }

    private static RunRecord Run(bool success) => new(7, Monday, "nightly", "schedule", true, Plan.Nightly.Tasks, "test", 1, Night.AddMinutes(-20), Night.AddMinutes(-19), success);

    private static DerivedState State(DateOnly session) => new(session, 1, 10, Night, "print");

    private static Dictionary<Family, DerivedState> Families() => Enum.GetValues<Family>().ToDictionary(f => f, _ => State(Monday));
}
