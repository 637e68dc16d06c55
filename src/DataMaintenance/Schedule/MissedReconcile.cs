using DataMaintenance.Store;

namespace DataMaintenance.Schedule;

/// <summary>
/// The newest time of a plan over several sessions that passed without it: made good once nothing else is due. Older ones are not, since each
/// looks back over the sessions of those before it.
/// </summary>
internal sealed class MissedReconcile(Timetable timetable, IStore store)
{
    private const int LongestBackoffHours = 24;

    /// <returns>Null when nothing was missed, or it waits: one that failed is tried again after one hour, two, four, at most a day.</returns>
    public async Task<Occurrence?> FindAsync(DateTimeOffset now, CancellationToken ct)
    {
        // A clock behind the journal knows nothing of what was missed.
        if (await store.RunsAsync(1, ct) is not [{ } newest] || newest.StartedAt > now) return null;
        foreach (var plan in timetable.Plans.Where(p => p.Sessions > 1))
            if (timetable.LastOver(plan, now) is { } due && await IsMissedAsync(due, now, ct)) return due;
        return null;
    }

    private async Task<bool> IsMissedAsync(Occurrence due, DateTimeOffset now, CancellationToken ct)
    {
        var runs = (await store.RunsOfAsync(due.Session.AddDays(-LookedBack), due.Session, ct)).ToArray();
        // A store that was not there yet missed nothing.
        if (!runs.Any(r => r.StartedAt < due.At)) return false;
        var tried = runs.Where(r => r.Plan == due.Plan.Name && r.Date == due.Session && r.StartedAt >= due.At && due.Plan.Plan.Tasks.All(r.Tasks.Contains)).ToArray();
        if (tried.Length == 0) return true;
        if (tried.Any(r => r.Success == true)) return false;
        var failed = tried.Count(r => r.Epoch == store.Epoch && r.EndedAt is not null);
        return failed == 0 || tried.Max(r => r.EndedAt) + TimeSpan.FromHours(Math.Min(LongestBackoffHours, 1 << Math.Min(failed - 1, 5))) <= now;
    }

    private const int LookedBack = 20;
}
