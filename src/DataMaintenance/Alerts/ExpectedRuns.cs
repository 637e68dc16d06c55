using DataMaintenance.Schedule;

namespace DataMaintenance.Alerts;

/// <summary>A run that the timetable calls for.</summary>
/// <param name="Session">The session it processes.</param>
/// <param name="Whole">Its plan makes a session complete; any other whole run of the session does as well.</param>
/// <param name="WindowEnds">Until when failed tasks are tried again; after it, people are told.</param>
/// <param name="ReadyBy">The deadline people care about; null when the plan has none.</param>
public sealed record ExpectedRun(string Plan, DateOnly Session, bool Whole, DateTimeOffset DueAt, DateTimeOffset WindowEnds, DateTimeOffset? ReadyBy)
{
    /// <summary>Its plan looks back over several sessions; one that was missed or failed is made good when nothing else is due.</summary>
    public bool LooksBack { get; init; }
}

/// <summary>What the timetable called for lately, and calls for next.</summary>
public static class ExpectedRuns
{
    /// <summary>Those due within <see cref="Snapshot.Reach"/> before the instant and, of every plan, the next; by hour.</summary>
    public static IReadOnlyList<ExpectedRun> Of(Timetable timetable, DateTimeOffset now)
    {
        var expected = new List<ExpectedRun>();
        foreach (var plan in timetable.Plans)
        {
            for (var due = timetable.NextOf(plan, now - Snapshot.Reach); ; due = timetable.NextOf(plan, due.At))
            {
                expected.Add(new(plan.Name, due.Session, plan.Plan.WritesState, due.At, due.WindowEnd, due.ReadyBy) { LooksBack = plan.Sessions > 1 });
                if (due.At > now) break;
            }
        }

        return [.. expected.OrderBy(e => e.DueAt)];
    }
}
