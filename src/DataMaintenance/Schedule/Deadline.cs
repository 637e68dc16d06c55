using DataMaintenance.Store;

namespace DataMaintenance.Schedule;

/// <summary>Holds the expected end of runs against the hour by which people need them, while there is still time to act.</summary>
public sealed class Deadline(Timetable timetable, Agenda agenda, IStore store, Pause pause)
{
    private const int History = 20;
    private const int LeastHistory = 3;

    /// <summary>For every plan with a deadline, that of its newest run until it is done, then that of its next; soonest first.</summary>
    public async Task<IReadOnlyList<Outlook>> OutlooksAsync(DateTimeOffset now, CancellationToken ct)
    {
        var outlooks = new List<Outlook>();
        foreach (var plan in timetable.Plans.Where(p => p.ReadyBy is not null))
        {
            var latest = await OfAsync(Latest(plan, now), now, ct);
            outlooks.Add(latest.State == OutlookState.Done ? await OfAsync(timetable.NextOf(plan, now), now, ct) : latest);
        }

        return [.. outlooks.OrderBy(o => o.ReadyBy)];
    }

    /// <summary>The median of how long the plan's last successful runs took, first to last attempt; null below three of them.</summary>
    public async Task<TimeSpan?> UsualDurationAsync(string plan, CancellationToken ct)
    {
        var took = (await store.RunsAsync(HistoryLookedAt, ct)).Where(r => r is { Full: true, Success: true, EndedAt: not null } && r.Plan == plan)
            .Take(History).Select(r => r.EndedAt!.Value - r.StartedAt).Order().ToArray();
        return took.Length < LeastHistory ? null : took[took.Length / 2];
    }

    private const int HistoryLookedAt = 200;

    private async Task<Outlook> OfAsync(Occurrence due, DateTimeOffset now, CancellationToken ct)
    {
        var standing = await agenda.OfAsync(due, now, ct);
        var (deadline, usual) = (due.ReadyBy!.Value, await UsualDurationAsync(due.Plan.Name, ct));
        if (standing.State == StandingState.Done) return new(due, deadline, standing.At, OutlookState.Done, usual);
        var paused = due.At <= now && standing.State != StandingState.Running && await pause.FindAsync(ct) is not null;
        var begins = standing.State == StandingState.Running || standing.At > now ? standing.At : now;
        var ends = Later(begins + (usual ?? TimeSpan.Zero), now);
        var state = now > deadline ? OutlookState.Missed : ends > deadline || paused ? OutlookState.Endangered : OutlookState.OnTime;
        return new(due, deadline, usual is null ? null : ends, state, usual);
    }

    /// <summary>The plan's newest time that has come; its next, should none have come for a fortnight.</summary>
    private Occurrence Latest(ScheduledPlan plan, DateTimeOffset now)
    {
        var due = timetable.NextOf(plan, now - TimeSpan.FromDays(14));
        for (var next = timetable.NextOf(plan, due.At); next.At <= now; next = timetable.NextOf(plan, due.At)) due = next;
        return due;
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}

public enum OutlookState { OnTime, Endangered, Missed, Done }

/// <summary>Whether a run will be done by the hour people need it.</summary>
/// <param name="ExpectedEnd">When it ended, or will by what runs usually take; null while that is not known.</param>
/// <param name="Usual">What runs of the plan usually take; null while that is not known.</param>
public sealed record Outlook(Occurrence Due, DateTimeOffset ReadyBy, DateTimeOffset? ExpectedEnd, OutlookState State, TimeSpan? Usual);
