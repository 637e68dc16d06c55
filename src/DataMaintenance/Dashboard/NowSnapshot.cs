using DataMaintenance.Alerts;
using DataMaintenance.Cache;
using DataMaintenance.Pipeline;
using DataMaintenance.Schedule;
using DataMaintenance.Store;
using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Dashboard;

/// <summary>What every viewer sees of this moment; made once for all of them.</summary>
/// <param name="At">The service's clock: the drill's, where one is in force.</param>
/// <param name="Drill">What is special about the clock; null when it is the real one.</param>
/// <param name="Store">Null when the store answers, else why it does not.</param>
/// <param name="Redis">Null when Redis answers, else why it does not.</param>
/// <param name="Target">The session whose values consumers need at the next pre-market.</param>
/// <param name="TargetEnds">When the post-market of <paramref name="Target"/> ends.</param>
/// <param name="Due">When the timetable processes <paramref name="Target"/>.</param>
/// <param name="ReadyBy">The deadline of that; when the pre-market opens where there is none.</param>
/// <param name="Latest">The newest full run of <paramref name="Target"/>; null when there is none, or the store is away.</param>
/// <param name="Failed">The tasks that stand as failed in <paramref name="Latest"/>.</param>
/// <param name="Facts">What the store holds of <paramref name="Target"/>, or, before its trading day has ended, of the session before.</param>
/// <param name="Families">What Redis says was published; a family without an entry was not.</param>
public sealed record NowSnapshot(
    DateTimeOffset At, MarketClock Market, string? Drill, string? Store, string? Redis, DateOnly Target, DateTimeOffset TargetEnds, Occurrence Due, DateTimeOffset ReadyBy,
    RunInProgress? Run, RunRecord? Latest, IReadOnlyList<FailedTask> Failed, SessionFacts Facts, IReadOnlyDictionary<Family, DerivedState> Families, IReadOnlyList<Occurrence> Next, ServiceState Service)
{
    public Readiness Readiness => Readiness.Of(this);
}

/// <summary>Where the market is in its day.</summary>
public sealed record MarketClock(MarketPhase Phase, DateTimeOffset NextAt, MarketPhase Next, DateOnly Session, bool HalfDay)
{
    public static MarketClock Of(TradingCalendar calendar, DateTimeOffset at)
    {
        var (nextAt, next) = calendar.NextChange(at);
        var session = calendar.PhaseAt(at) == MarketPhase.Closed ? TradingCalendar.NewYorkDate(nextAt) : TradingCalendar.NewYorkDate(at);
        return new(calendar.PhaseAt(at), nextAt, next, session, calendar.IsHalfDay(session));
    }
}

/// <param name="Reason">Its error, or the first check that failed.</param>
public sealed record FailedTask(string Task, string Reason)
{
    /// <summary>The tasks whose last attempt failed.</summary>
    internal static IReadOnlyList<FailedTask> Of(IEnumerable<TaskRunRecord> attempts) =>
        [.. attempts.GroupBy(a => a.Task).Select(g => g.Last()).Where(a => a.State == "failed").Select(a => new FailedTask(a.Task, a.Error ?? a.Checks.FirstOrDefault(c => c.StartsWith("failed", StringComparison.Ordinal)) ?? "no reason was recorded"))];
}

/// <summary>A session in the store.</summary>
/// <param name="Session">Null when nothing could be read.</param>
/// <param name="Daily">Null when it was never loaded; so too <paramref name="Slots"/>.</param>
/// <param name="Findings">Those of the session that are open.</param>
/// <param name="OtherFindings">How many are open of other sessions.</param>
public sealed record SessionFacts(DateOnly? Session, CountPoint? Daily, CountPoint? Slots, IReadOnlyList<Finding> Findings, int OtherFindings)
{
    private const int Most = 2_000, Newest = 5;
    public static readonly SessionFacts None = new(null, null, null, [], 0);

    internal static async Task<SessionFacts> ReadAsync(Wiring wiring, DateOnly session, CancellationToken ct)
    {
        var trends = new Trends(wiring);
        var open = (await wiring.Store.FindingsAsync(openOnly: true, Most, ct)).ToLookup(f => f.Date == session);
        return new(session, await OfAsync(Dataset.Daily), await OfAsync(Dataset.Slots), [.. open[true]], open[false].Count());

        async Task<CountPoint?> OfAsync(Dataset dataset) => (await trends.CountsAsync(dataset, Newest, ct)).FirstOrDefault(p => p.Date == session);
    }
}

/// <param name="Paused">Who paused the schedule and why; null when it is not paused.</param>
/// <param name="Incidents">Those that are open, most urgent first.</param>
public sealed record ServiceState(string? Paused, IReadOnlyList<AlertMessage> Incidents)
{
    public static readonly ServiceState Usual = new(null, []);

    /// <summary>Those that go on, unlike what was only told: that something was recovered, rebuilt, or went well.</summary>
    public IEnumerable<AlertMessage> Standing => Incidents.Where(i => i.Kind is not (IncidentKind.Recovered or IncidentKind.RedisRebuilt or IncidentKind.Succeeded or IncidentKind.Test));
}

/// <summary>The run that goes on, task by task.</summary>
/// <param name="ExpectedEnd">By what such runs usually take, and by its own pace once it takes longer; null when there were too few.</param>
/// <param name="UsualEnd">By what such runs usually take alone.</param>
public sealed record RunInProgress(RunStarted Run, IReadOnlyList<TaskLine> Tasks, DateTimeOffset? ExpectedEnd, DateTimeOffset? UsualEnd)
{
    public int Ended => Tasks.Count(t => t.State is not (TaskState.Pending or TaskState.InProgress));
}

/// <summary>One task of a run as a line of its timeline.</summary>
/// <param name="Usual">How long it took in recent successful runs of the plan; null when that is not known.</param>
public sealed record TaskLine(
    string Task, TaskState State, int Attempt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, IReadOnlyDictionary<string, double> Counts, IReadOnlyList<string> Checks, string? Error, TaskProgressLine? Progress, TimeSpan? Usual)
{
    /// <summary>Units of progress a second; null before anything was done.</summary>
    public double? Rate(DateTimeOffset now) =>
        Progress is { Done: > 0 } p && StartedAt is { } start && now > start ? p.Done.Value / (now - start).TotalSeconds : null;

    internal static IReadOnlyList<TaskLine> Of(RunRecord run, IReadOnlyList<TaskRunRecord> rows, IReadOnlyDictionary<string, TaskProgressLine> progress, IReadOnlyDictionary<string, TimeSpan> usual) =>
    [
        .. run.Tasks.Select(name => rows.LastOrDefault(r => r.Task == name) is { } row
            ? new TaskLine(name, TaskStates.Parse(row.State), row.Attempt, row.StartedAt, row.EndedAt, row.Counts, row.Checks, row.Error, progress.GetValueOrDefault(name), usual.TryGetValue(name, out var took) ? took : null)
            : new TaskLine(name, TaskState.Pending, 1, null, null, new Dictionary<string, double>(), [], null, null, usual.TryGetValue(name, out took) ? took : null)),
    ];
}
