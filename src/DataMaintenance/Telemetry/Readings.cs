using DataMaintenance.Alerts;
using DataMaintenance.Cache;
using DataMaintenance.Store;
using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Telemetry;

/// <summary>What store and Redis said when they were last asked.</summary>
/// <param name="LagSessions">Sessions whose run was due and that have no complete run, since the newest that has.</param>
/// <param name="LagSince">When the oldest of them was due; null when there is none.</param>
/// <param name="ReadyBy">The hour by which the newest due session must be complete.</param>
/// <param name="NextDue">By plan.</param>
/// <param name="LastSuccess">When the newest successful run ended, by plan.</param>
/// <param name="Findings">Open ones, by rule.</param>
/// <param name="Alerts">Incidents that stand, by kind; what only tells of something that is over is not counted.</param>
/// <param name="Families">What Redis holds; null when it did not answer, and absent families are absent.</param>
internal sealed record Readings(
    DateTimeOffset At, int LagSessions, DateTimeOffset? LagSince, DateTimeOffset? ReadyBy, IReadOnlyDictionary<string, DateTimeOffset> NextDue,
    IReadOnlyDictionary<string, DateTimeOffset> LastSuccess, IReadOnlyDictionary<string, int> Findings, IReadOnlyDictionary<string, int> Alerts, bool Paused,
    IReadOnlyDictionary<Family, DerivedState>? Families)
{
    private const int RunsRead = 200, FindingsRead = 10_000, SessionsLookedBack = 30;

    private static readonly TimeSpan RedisPatience = TimeSpan.FromSeconds(3);

    public static async Task<Readings> ReadAsync(IStore store, Reader cache, TradingCalendar calendar, IReadOnlyList<ExpectedRun> expected, DateTimeOffset now, CancellationToken ct)
    {
        var runs = await store.RunsAsync(RunsRead, ct);
        var complete = runs.Where(r => r is { Full: true, Success: true }).Select(r => r.Date).ToHashSet();
        var due = expected.LastOrDefault(e => e.DueAt <= now && e.ReadyBy is not null);
        var newest = due?.Session ?? calendar.NewestEnded(now);
        // Behind the newest complete one, holes count as far back as recovery reaches.
        var reach = calendar.LastSessions(Pipeline.Rebuild.StateSessions, newest)[0];
        var lag = complete.Count == 0 ? [newest] : calendar.LastSessions(SessionsLookedBack, newest).Where(s => s > complete.Max() || (s >= reach && s > complete.Min() && !complete.Contains(s))).ToArray();
        DateTimeOffset? oldest = lag.Length == 0 ? null : expected.FirstOrDefault(e => e.Session == lag[0] && e.ReadyBy is not null)?.DueAt ?? calendar.Hours(lag[0]).Close;
        var open = await store.FindingsAsync(openOnly: true, FindingsRead, ct);
        var paused = (await store.EventsAsync(Snapshot.PausedEvent, 1, ct)) is [var p] && ((await store.EventsAsync(Snapshot.ResumedEvent, 1, ct)) is not [var r] || r.Id < p.Id);
        return new(now, lag.Length, oldest, due?.ReadyBy,
            expected.Where(e => e.DueAt > now).GroupBy(e => e.Plan).ToDictionary(g => g.Key, g => g.Min(e => e.DueAt)),
            runs.Where(r => r is { Success: true, EndedAt: not null }).GroupBy(r => r.Plan).ToDictionary(g => g.Key, g => g.Max(r => r.EndedAt!.Value)),
            open.GroupBy(f => f.Rule).ToDictionary(g => g.Key, g => g.Count()), await AlertsAsync(store, ct), paused, await FamiliesAsync(cache, ct));
    }

    private static async Task<IReadOnlyDictionary<string, int>> AlertsAsync(IStore store, CancellationToken ct)
    {
        var closed = (await store.EventsAsync(AlertBook.Closed, RunsRead, ct)).GroupBy(e => e.Subject).ToDictionary(g => g.Key, g => g.Max(e => e.Id));
        return (await store.EventsAsync(AlertBook.Opened, RunsRead, ct)).Where(e => closed.GetValueOrDefault(e.Subject) < e.Id && IncidentKinds.OfKey(e.Subject).Stands())
            .GroupBy(e => IncidentKinds.OfKey(e.Subject).Name()).ToDictionary(g => g.Key, g => g.Count());
    }

    private static async Task<IReadOnlyDictionary<Family, DerivedState>?> FamiliesAsync(Reader cache, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(RedisPatience);
        try
        {
            var families = new Dictionary<Family, DerivedState>();
            foreach (var family in Enum.GetValues<Family>())
                if (await cache.DerivedAsync(family, patience.Token) is { } state) families[family] = state;
            return families;
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is OperationCanceledException or RedisUnavailableException or RedisRefusedException or FormatException)
        {
            return null;
        }
    }
}
