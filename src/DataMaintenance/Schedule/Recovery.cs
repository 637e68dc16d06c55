using DataMaintenance.Pipeline;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Schedule;

/// <summary>Which of the last seven sessions lack a complete run although their time has passed, and may be run now.</summary>
public sealed class Recovery(Timetable timetable, TradingCalendar calendar, IStore store, RunState state, RedisWatch redis, RecoveryOptions options)
{
    public const int Sessions = 7;

    private static readonly string[] ToRedis = [TaskNames.CalculateAtr, TaskNames.CalculateRvol, TaskNames.SyncRedis];

    /// <summary>
    /// Oldest first. A session counts as complete when its newest full run succeeded and both its keys in Redis say so. One that failed
    /// under this process is tried again at the next look, then after two hours, four, at most a day; one for which the provider had nothing
    /// yet only once a plan has asked again. What failed on its way to Redis is tried again as soon as Redis was healed. While Redis has lost
    /// everything the journal alone counts.
    /// </summary>
    /// <exception cref="Cache.RedisUnavailableException">Redis does not answer, so nobody knows.</exception>
    public async Task<IReadOnlyList<Incomplete>> DueAsync(DateTimeOffset now, CancellationToken ct)
    {
        var lost = await redis.LostEverythingAsync(ct);
        var due = new List<Incomplete>();
        foreach (var session in Candidates(now))
            if (await FindAsync(session, lost, ct) is { } incomplete && incomplete.NotBefore <= now) due.Add(incomplete);
        return due;
    }

    /// <summary>Whether the session may still be run at the instant: the market may have opened while others were.</summary>
    public bool MayRun(DateOnly session, DateTimeOffset now) =>
        calendar.PhaseAt(now) != MarketPhase.Open || options.DuringMarketHours || session == calendar.PreviousSession(TradingCalendar.NewYorkDate(now));

    /// <summary>Sessions whose scheduled time and window are over, less those that wait until the market has closed.</summary>
    private IEnumerable<DateOnly> Candidates(DateTimeOffset now)
    {
        var today = TradingCalendar.NewYorkDate(now);
        return calendar.LastSessions(Sessions + 1, today).Where(s => timetable.Of(s).WindowEnd <= now).TakeLast(Sessions).Where(s => MayRun(s, now));
    }

    /// <returns>Null when the session is complete.</returns>
    public Task<Incomplete?> FindAsync(DateOnly session, CancellationToken ct) => FindAsync(session, byJournal: false, ct);

    private async Task<Incomplete?> FindAsync(DateOnly session, bool byJournal, CancellationToken ct)
    {
        var runs = (await store.RunsOfAsync(session, ct)).Where(r => r.Full).ToArray();
        if (runs.Length == 0) return new(session, "it never ran", DateTimeOffset.MinValue, Ran: false);
        if (runs[0].Success == true)
            return byJournal || await state.SaysCompleteAsync(session, ct) ? null : new(session, "a key of it in Redis is gone or says otherwise", DateTimeOffset.MinValue, Ran: true);
        if (runs[0].EndedAt is not { } ended) return new(session, "its run was cut off", DateTimeOffset.MinValue, Ran: true);

        var failed = runs.TakeWhile(r => r.Epoch == store.Epoch && r.Success == false).Count();
        if (failed == 0) return new(session, "its run failed", DateTimeOffset.MinValue, Ran: true);
        var tasks = await store.TaskRunsAsync(runs[0].Id, ct);
        var last = tasks.GroupBy(t => t.Task).Select(t => t.MaxBy(a => a.Attempt)!).ToArray();
        if (last.Any(t => t.Error is not null && ToRedis.Contains(t.Task)) && redis.HealedAt is { } healed && healed > ended)
            return new(session, "its run failed while Redis lacked something or was away", healed, Ran: true);
        return last.Any(t => t.Counts.GetValueOrDefault(TaskReport.NotYet) > 0)
            ? new(session, "the provider did not have it yet", NextAsked(ended), Ran: true)
            : new(session, "its run failed", failed == 1 ? ended : ended + TimeSpan.FromHours(Math.Min(24, 1 << Math.Min(failed - 1, 5))), Ran: true);
    }

    /// <summary>The next time after the instant at which a plan loads daily bars, and its window over.</summary>
    private DateTimeOffset NextAsked(DateTimeOffset after) =>
        timetable.Next(after).First(o => o.Plan.Plan.Tasks.Contains(TaskNames.LoadOhlc)).WindowEnd;
}

/// <param name="NotBefore">From when on it may be tried again.</param>
/// <param name="Ran">Whether it ever ran, if only in part.</param>
public sealed record Incomplete(DateOnly Session, string Why, DateTimeOffset NotBefore, bool Ran);
