using DataMaintenance.Alerts;
using DataMaintenance.Cache;
using DataMaintenance.Store;
using DataMaintenance.Values;

namespace DataMaintenance.Dashboard;

/// <summary>Makes a <see cref="NowSnapshot"/> every second for as long as anybody looks, one for all who do.</summary>
internal sealed class Snapshots(Wiring wiring) : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan IdleRefresh = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Lock gate = new();
    private readonly SemaphoreSlim one = new(1, 1);
    private readonly CancellationTokenSource ended = new();
    private Action<NowSnapshot>? viewers;
    private Task? loop;
    private volatile Made? newest;

    /// <summary>The last one made, of the last seconds; null when there is none so new.</summary>
    public NowSnapshot? Newest => newest is { } known && TimeProvider.System.GetElapsedTime(known.Taken) < IdleRefresh * 4 ? known.Snapshot : null;

    /// <summary>Calls back with every snapshot, on no particular thread, until the returned handle is disposed.</summary>
    public IDisposable Watch(Action<NowSnapshot> viewer)
    {
        lock (gate)
        {
            viewers += viewer;
            if (loop is null or { IsCompleted: true }) loop = Task.Run(LoopAsync);
        }

        return new Watching(this, viewer);
    }

    /// <summary>The moment as it is: what was read a second ago at most while a run goes on, a few seconds otherwise.</summary>
    public async Task<NowSnapshot> NowAsync(CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            var at = wiring.Clock.GetUtcNow();
            if (newest is { } known && wiring.Runner.Current?.RunId == known.Snapshot.Run?.Run.RunId && TimeProvider.System.GetElapsedTime(known.Taken) < (wiring.Runner.Current is null ? IdleRefresh : Tick / 2))
                return known.Snapshot with { At = at, Market = MarketClock.Of(wiring.Calendar, at) };
            var taken = TimeProvider.System.GetTimestamp();
            var snapshot = await TakeAsync(at, ct);
            newest = new(snapshot, taken);
            return snapshot;
        }
        finally
        {
            one.Release();
        }
    }

    private async Task LoopAsync()
    {
        using var timer = new PeriodicTimer(Tick);
        while (await timer.WaitForNextTickAsync(ended.Token))
        {
            Action<NowSnapshot>? told;
            lock (gate)
            {
                told = viewers;
                if (told is null)
                {
                    loop = null;
                    return;
                }
            }

            told(await NowAsync(ended.Token));
        }
    }

    private async Task<NowSnapshot> TakeAsync(DateTimeOffset at, CancellationToken ct)
    {
        var (calendar, store) = (wiring.Calendar, wiring.Store);
        var day = calendar.AboutToOpen(at);
        var target = calendar.PreviousSession(day);
        var due = wiring.Timetable.Of(target);
        var redis = await TryAsync(() => wiring.Redis.PingAsync(ct).WaitAsync(Patience, ct));
        var families = new Dictionary<Family, DerivedState>();
        if (redis is null)
        {
            redis = await TryAsync(async () =>
            {
                foreach (var family in Enum.GetValues<Family>())
                    if (await wiring.Cache.DerivedAsync(family, ct).WaitAsync(Patience, ct) is { } derived) families[family] = derived;
            });
        }

        RunRecord? latest = null;
        RunInProgress? run = null;
        var service = ServiceState.Usual;
        IReadOnlyList<FailedTask> failed = [];
        var facts = SessionFacts.None;
        var away = await TryAsync(async () =>
        {
            latest = (await store.RunsOfAsync(target, ct)).FirstOrDefault(r => r.Full);
            if (latest is { EndedAt: not null, Success: false }) failed = FailedTask.Of(await store.TaskRunsAsync(latest.Id, ct));
            facts = await SessionFacts.ReadAsync(wiring, at < calendar.Hours(target).PostMarketEnd ? calendar.PreviousSession(target) : target, ct);
            if (await wiring.Pause.FindAsync(ct) is { } pause) service = service with { Paused = $"by {pause.By} since {Text.NewYork(pause.Since, at)}{(pause.Why.Length > 0 ? $", {pause.Why}" : "")}" };
            service = service with { Incidents = await StandingIncidents.ReadAsync(store, wiring.Settings.Alerts.DocsUrl, ct) };
            if (wiring.Runner.Current is { } current) run = await new RunReading(wiring).InProgressAsync(current, ct);
        });
        return new(at, MarketClock.Of(calendar, at), Drill(), away, redis, target, calendar.Hours(target).PostMarketEnd, due, due.ReadyBy ?? calendar.Hours(day).PreMarket, run, latest, failed, facts, families, wiring.Timetable.Next(at), service);
    }

    private string? Drill()
    {
        var clock = wiring.Settings.Clock;
        return clock.Start is null && clock.Speed == 1 ? null : $"Drill: this clock {(clock.Start is { } start ? $"started at {start:u}" : "started now")}{(clock.Speed == 1 ? "" : $" and runs {clock.Speed:0.##} times as fast")}";
    }

    /// <returns>Null when it went well, else why not, in one line.</returns>
    private static async Task<string?> TryAsync(Func<Task> read)
    {
        try
        {
            await read();
            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return e.Message.ReplaceLineEndings(" ");
        }
    }

    public void Dispose()
    {
        ended.Cancel();
        ended.Dispose();
        one.Dispose();
    }

    private sealed record Made(NowSnapshot Snapshot, long Taken);

    private sealed class Watching(Snapshots snapshots, Action<NowSnapshot> viewer) : IDisposable
    {
        public void Dispose()
        {
            lock (snapshots.gate) snapshots.viewers -= viewer;
        }
    }
}
