using DataMaintenance.Pipeline;
using DataMaintenance.Store;

namespace DataMaintenance.Schedule;

/// <summary>What the journal says of the times whose window is open: done, going on, due, or due again at an instant.</summary>
public sealed class Agenda(Timetable timetable, IStore store, Runner runner)
{
    /// <summary>Where every open time stands, in the order they are to start.</summary>
    public async Task<IReadOnlyList<Standing>> OpenAsync(DateTimeOffset now, CancellationToken ct)
    {
        var standings = new List<Standing>();
        foreach (var due in timetable.Open(now)) standings.Add(await OfAsync(due, now, ct));
        return standings;
    }

    /// <summary>A run that people started after the hour counts like our own.</summary>
    public async Task<Standing> OfAsync(Occurrence due, DateTimeOffset now, CancellationToken ct)
    {
        var run = (await store.RunsOfAsync(due.Session, ct)).FirstOrDefault(r => r.Plan == due.Plan.Name && r.StartedAt >= due.At && IsWhole(r, due));
        if (run is null) return new(due, StandingState.Due, due.At, null);
        if (run.Id == runner.Current?.RunId) return new(due, StandingState.Running, run.StartedAt, run);
        if (run.Success == true) return new(due, StandingState.Done, run.EndedAt!.Value, run);
        // Cut off by the end of its process: the next one goes on at once, as with what an earlier process left failed.
        if (run.EndedAt is not { } ended || run.Epoch < store.Epoch) return new(due, StandingState.Due, now, run.EndedAt is null ? null : run);
        // A person stopped it, and did not mean: for a minute.
        if (await IsCancelledAsync(run, ct)) return new(due, StandingState.Waiting, due.WindowEnd, run);
        var attempts = (await store.TaskRunsAsync(run.Id, ct)).Select(t => t.Attempt).DefaultIfEmpty(1).Max();
        var again = ended + RetryPause(attempts);
        return new(due, again <= now ? StandingState.Due : StandingState.Waiting, again, run);
    }

    /// <summary>One minute after the first attempt, then twice as long each time, at most eight.</summary>
    internal static TimeSpan RetryPause(int attempts) => TimeSpan.FromMinutes(Math.Min(8, 1 << Math.Clamp(attempts - 1, 0, 3)));

    private async Task<bool> IsCancelledAsync(RunRecord run, CancellationToken ct)
    {
        var subject = run.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return (await store.EventsAsync(Runner.CancelledEvent, CancelledLookedAt, ct)).Any(e => e.Subject == subject);
    }

    private const int CancelledLookedAt = 20;

    private static bool IsWhole(RunRecord run, Occurrence due) => due.Plan.Plan.WritesState ? run.Full : due.Plan.Plan.Tasks.All(run.Tasks.Contains);
}

public enum StandingState { Due, Waiting, Running, Done }

/// <summary>How one time of the timetable stands.</summary>
/// <param name="At">When it became due, is due again, began or ended, by state.</param>
/// <param name="Run">Its newest run; null before the first, and when the last was cut off.</param>
public sealed record Standing(Occurrence Due, StandingState State, DateTimeOffset At, RunRecord? Run);
