using DataMaintenance.Pipeline;
using Market;

namespace DataMaintenance.Schedule;

/// <summary>
/// When which plan is due, for which session, until when, and by when it has to be done. Pure: plans, the exchange's calendar and
/// an instant in; nothing remembered. What ran is the journal's knowledge, what follows from both is the <see cref="Agenda"/>'s.
/// </summary>
/// <param name="plans">Those in force, in the order in which they start when due at the same time.</param>
public sealed class Timetable(IReadOnlyList<ScheduledPlan> plans, TradingCalendar calendar)
{
    /// <summary>A plan due on one day of the week may meet holidays; none waits longer than this.</summary>
    private const int DaysAhead = 60;
    private const int DaysBack = 14;

    public IReadOnlyList<ScheduledPlan> Plans => plans;

    /// <summary>The plan whose run makes a session complete: <c>nightly</c>, or <c>after_close</c>.</summary>
    public ScheduledPlan Main { get; } = plans.First(p => p.Plan.WritesState);

    /// <summary>The first time strictly after the instant at which the plan is due.</summary>
    public Occurrence NextOf(ScheduledPlan plan, DateTimeOffset after) =>
        From(plan, after).FirstOrDefault(o => o.At > after)
        ?? throw new InvalidOperationException($"The plan {plan.Name} is due on no day within {DaysAhead} days; its days and its hour never meet.");

    /// <summary>For every plan its next time strictly after the instant, soonest first.</summary>
    public IReadOnlyList<Occurrence> Next(DateTimeOffset after) => [.. plans.Select(p => NextOf(p, after)).OrderBy(o => o.At)];

    /// <summary>The times whose window is open at the instant, in the order they are to start.</summary>
    public IReadOnlyList<Occurrence> Open(DateTimeOffset instant) =>
        [.. plans.SelectMany(p => From(p, instant).TakeWhile(o => o.At <= instant).Where(o => instant < o.WindowEnd)).OrderBy(o => o.At)];

    /// <summary>The plan's newest time whose window is over at the instant; null when there was none in the fortnight before.</summary>
    public Occurrence? LastOver(ScheduledPlan plan, DateTimeOffset instant) =>
        From(plan, instant.AddDays(-DaysBack)).TakeWhile(o => o.At <= instant).LastOrDefault(o => o.WindowEnd <= instant);

    /// <summary>The time at which the main plan is due for the session: of the first run that processes it or a newer one.</summary>
    public Occurrence Of(DateOnly session)
    {
        var due = NextOf(Main, calendar.Hours(session).PreMarket);
        while (due.Session < session) due = NextOf(Main, due.At);
        return due;
    }

    /// <summary>What the runner is to be asked for.</summary>
    public RunRequest Request(Occurrence due, string trigger) =>
        new(due.Session, due.Plan.Plan, trigger, Range: due.Plan.Sessions == 1 ? null : calendar.LastSessions(due.Plan.Sessions, due.Session));

    /// <summary>The plan's times from before the instant on, in order: from so early that every one whose window may still be open is among them.</summary>
    private IEnumerable<Occurrence> From(ScheduledPlan plan, DateTimeOffset instant)
    {
        // An offset and a window reach a day and a half at most, so the days before the instant's own are looked at too.
        var first = TradingCalendar.NewYorkDate(instant).AddDays(-3);
        for (var day = first; day < first.AddDays(DaysAhead); day = day.AddDays(1))
            if (plan.IsDue(day, calendar) && plan.At.On(day, calendar) is { } at)
                yield return new(plan, at, Session(plan, day, at), at + plan.Window, ReadyBy(plan, at));
    }

    private DateOnly Session(ScheduledPlan plan, DateOnly day, DateTimeOffset at) => plan.Session switch
    {
        ProcessedSession.Same => day,
        ProcessedSession.Previous => calendar.PreviousSession(day),
        _ => NewestClosed(at),
    };

    private DateOnly NewestClosed(DateTimeOffset instant)
    {
        var date = TradingCalendar.NewYorkDate(instant);
        return calendar.IsSession(date) && calendar.Hours(date).Close <= instant ? date : calendar.PreviousSession(date);
    }

    private DateTimeOffset? ReadyBy(ScheduledPlan plan, DateTimeOffset at)
    {
        if (plan.ReadyBy is not { } time) return null;
        var day = TradingCalendar.NewYorkDate(at);
        if (!calendar.IsSession(day) || TradingCalendar.At(day, time) <= at) day = calendar.NextSession(day);
        return TradingCalendar.At(day, time);
    }
}
