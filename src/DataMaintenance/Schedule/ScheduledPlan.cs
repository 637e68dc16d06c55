using DataMaintenance.Pipeline;
using Market;

namespace DataMaintenance.Schedule;

/// <summary>A plan and its hour.</summary>
/// <param name="Days">Any of them; <see cref="PlanDay.Trading"/> for days with a session.</param>
/// <param name="Sessions">How many sessions a run processes; with more than one, exactly those, as a backfill does.</param>
/// <param name="Window">How long after its hour a missed run is started and failed tasks are tried again.</param>
/// <param name="ReadyBy">New York time of the deadline; null when nobody waits for it.</param>
public sealed record ScheduledPlan(Plan Plan, Moment At, IReadOnlyList<PlanDay> Days, ProcessedSession Session, int Sessions, TimeSpan Window, TimeOnly? ReadyBy)
{
    public string Name => Plan.Name;

    internal bool IsDue(DateOnly day, TradingCalendar calendar) =>
        Days.Any(d => d switch
        {
            PlanDay.Trading => calendar.IsSession(day),
            PlanDay.Daily => true,
            _ => d.ToString() == day.DayOfWeek.ToString(),
        })
        && (Session != ProcessedSession.Same || calendar.IsSession(day));
}

/// <summary>One time at which a plan is due.</summary>
/// <param name="At">UTC.</param>
/// <param name="Session">The session it processes, the newest when there are several.</param>
/// <param name="WindowEnd">UTC; up to and not including it a missed run is started and a failed one tried again.</param>
/// <param name="ReadyBy">UTC; null when nobody waits for it.</param>
public sealed record Occurrence(ScheduledPlan Plan, DateTimeOffset At, DateOnly Session, DateTimeOffset WindowEnd, DateTimeOffset? ReadyBy);
