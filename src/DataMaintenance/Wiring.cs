using DataMaintenance.Alerts;
using DataMaintenance.Api;
using DataMaintenance.Cache;
using DataMaintenance.Pipeline;
using DataMaintenance.Pipeline.Reconciling;
using DataMaintenance.Pipeline.Tasks;
using DataMaintenance.Provider;
using DataMaintenance.Schedule;
using DataMaintenance.Settings;
using DataMaintenance.Store;
using DataMaintenance.Telemetry;
using DataMaintenance.Values;
using Market;

namespace DataMaintenance;

/// <summary>Everything of one process, put together once: the store it owns, the Redis it leads, the source it asks, the runner.</summary>
public sealed class Wiring : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> owned = new();

    public required ServiceSettings Settings { get; init; }
    public required TimeProvider Clock { get; init; }
    public required TradingCalendar Calendar { get; init; }
    public required IStore Store { get; init; }
    public required IMarketSource Source { get; init; }
    public required DerivedValues Values { get; init; }
    public required RedisConnection Redis { get; init; }
    public required Reader Cache { get; init; }
    public required Presence Presence { get; init; }
    public required Publisher Publisher { get; init; }
    public required FamilyRefresh Families { get; init; }
    public required RunState State { get; init; }
    public required Runner Runner { get; init; }

    /// <summary>What goes on in the run in progress, for whoever follows.</summary>
    public required RunFeed Feed { get; init; }
    public required Rebuild Rebuild { get; init; }
    public required RedisWatch RedisWatch { get; init; }
    public required BackgroundRuns Runs { get; init; }
    public required DryRun DryRun { get; init; }
    public required Timetable Timetable { get; init; }

    /// <summary>Every plan that can be asked for by name.</summary>
    public IReadOnlyList<Plan> Plans => StandardPlans.All(Settings.Plans);
    public required Pause Pause { get; init; }
    public required Scheduler Scheduler { get; init; }
    public required SessionMonitor SessionMonitor { get; init; }
    public required CalendarDoubt CalendarDoubt { get; init; }

    /// <summary>What goes on by itself while the process serves.</summary>
    public required IReadOnlyList<Loop> Loops { get; init; }
    public required Watch Watch { get; init; }
    public required ServiceMetrics Metrics { get; init; }
    public Verification Verification => new(Families, Cache, Redis, Store, State, Calendar, Clock);

    public static string Instance => $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>Opens the store, connects to Redis, and takes the lead.</summary>
    /// <param name="needsProvider">False for commands that only look: without a usable provider they still work, and say so.</param>
    /// <param name="mayBeAway">For a process that stays: Redis may come later; the watch then fills it.</param>
    /// <param name="source">Asked instead of the configured provider; disposed of with the rest.</param>
    /// <exception cref="SettingsException">The provider's settings make no sense.</exception>
    /// <exception cref="StoreOwnedException">Another process owns the embedded store.</exception>
    public static async Task<Wiring> OpenAsync(ServiceSettings settings, TimeProvider clock, ILoggerFactory logs, CancellationToken ct, bool needsProvider = true, bool mayBeAway = false, IMarketSource? source = null)
    {
        var owned = new Stack<IAsyncDisposable>();
        try
        {
            return await OpenAsync(settings, clock, logs, owned, needsProvider, mayBeAway, source, ct);
        }
        catch
        {
            foreach (var part in owned) await part.DisposeAsync();
            throw;
        }
    }

    private static async Task<Wiring> OpenAsync(ServiceSettings settings, TimeProvider clock, ILoggerFactory logs, Stack<IAsyncDisposable> owned, bool needsProvider, bool mayBeAway, IMarketSource? given, CancellationToken ct)
    {
        var calendar = settings.Calendar();
        var store = Own(await StoreSetup.OpenAsync(settings.Store with { Grid = settings.Values.Grid }, clock, Instance, logs.CreateLogger("DataMaintenance.Store"), ct));
        await CalendarDoubt.RecallAsync(store, calendar, ct);
        // After the store, so that a service which owns it is found first and answers with its own settings.
        if (needsProvider && SimulatedProvider.Mistakes(settings.Provider) is { Count: > 0 } mistakes) throw new SettingsException(mistakes);
        var redis = Own(await RedisConnection.OpenAsync(settings.Redis, ct));
        var keys = new Keys(settings.Redis);
        var fence = new Fence(redis, keys, logs.CreateLogger<Fence>());
        await fence.BeginAsync(store.Epoch, mayBeAway, ct);
        var (source, simulator) = given is not null ? (given, null) : await SimulatedProvider.SourceAsync(settings.Provider, clock, logs, ct);
        if (simulator is not null) Own(simulator);
        Own(source);

        var timetable = new Timetable(StandardPlans.InForce(settings.Plans), calendar);
        var ttl = new TimeToLive(settings.Redis, clock, calendar, () => timetable.NextOf(timetable.Main, clock.GetUtcNow()).At);
        var values = new DerivedValues(store, calendar, settings.Values);
        var cache = new Reader(redis, keys);
        var publisher = new Publisher(redis, keys, fence, ttl, cache, clock);
        var events = new Events(redis, keys, settings.Notify.Enabled);
        var stateKeys = new StateKeys(redis, keys, fence, ttl);
        var state = new RunState(store, stateKeys, logs.CreateLogger<RunState>());
        var freshness = new Freshness(store, calendar, settings.Checks);
        var bounds = new Bounds(calendar, settings.Checks);
        var families = new FamilyRefresh(store, values, publisher, cache, calendar, settings.Checks, settings.Values);
        var http = new HttpClient();
        var (checks, options, revisions) = (settings.Checks, settings.Tasks, new RevisionTally());
        IMaintenanceTask[] tasks =
        [
            new ClearCaches(events, new CacheCleaner(redis, settings.Redis, keys, fence, settings.ClearCaches.Patterns), store, calendar, settings.Notify, http, clock, logs.CreateLogger<ClearCaches>()),
            new LoadOhlc(source, store, calendar, freshness, bounds, checks, options, clock),
            new AutoRecoverMissingTickers(source, store, cache, calendar, checks, clock),
            new LoadVolumeSlots(source, store, calendar, freshness, bounds, checks, options, settings.Values.Grid, clock),
            new ReconcileSplits(source, store, calendar, options, clock),
            new CalculateAtr(families, checks),
            new CalculateRvol(families, store, bounds),
            new EnrichMetadata(source, store, cache, calendar, checks, options, clock),
            new SyncRedis(families, publisher, cache, checks),
            new NotifyServices(events, settings.Notify, http, clock),
            new ReconcileSessions(source, store, calendar, revisions, settings.Reconcile, settings.Values.Grid, clock),
            new CleanupOldData(store, calendar, settings.Values, options),
        ];
        var feed = new RunFeed(TimeProvider.System, clock);
        var metrics = new ServiceMetrics(store, cache, source, revisions, calendar, now => ExpectedRuns.Of(timetable, now), clock, settings.Telemetry.ReadEvery);
        var runner = new Runner(tasks, store, state, events, [feed, metrics.Runs], calendar, clock, Instance, logs.CreateLogger<Runner>());
        var agenda = new Agenda(timetable, store, runner);
        var pause = new Pause(store, clock, Instance);
        var presence = new Presence(redis, keys, cache);
        var rebuild = new Rebuild(families, cache, state, calendar, clock, logs.CreateLogger<Rebuild>());
        var redisWatch = new RedisWatch(presence, families, values, fence, rebuild, runner, store, clock, Instance, logs.CreateLogger<RedisWatch>());
        metrics.Lacking = () => redisWatch.Lacking;
        var scheduler = new Scheduler(timetable, agenda, new(timetable, calendar, store, state, redisWatch, settings.Recovery), store, pause, runner, redisWatch, clock, logs.CreateLogger<Scheduler>());
        var doubt = new CalendarDoubt(calendar, source, store, clock, Instance, logs.CreateLogger<CalendarDoubt>());
        var monitor = new SessionMonitor(stateKeys, events, calendar, clock, logs.CreateLogger<SessionMonitor>());
        var reach = new Reachability(source);
        var alerts = AlertsSetup.Http();
        var watch = new Watch(settings.Alerts with { PublicUrl = settings.Alerts.PublicUrl ?? settings.Api.PublicUrl }, store, now => ExpectedRuns.Of(timetable, now),
            [new("redis", Answers(redis.PingAsync)), new(Watch.Database, Answers(store.PingAsync)), new("provider", reach.AskAsync)],
            AlertsSetup.Channels(settings.Alerts, alerts, settings.Clock.InForce), alerts, clock, Instance, logs.CreateLogger<Watch>());
        return new()
        {
            Settings = settings,
            Clock = clock,
            Calendar = calendar,
            Store = store,
            Source = source,
            Values = values,
            Redis = redis,
            Cache = cache,
            Presence = presence,
            Publisher = publisher,
            Families = families,
            State = state,
            Runner = runner,
            Feed = feed,
            Runs = Own(new BackgroundRuns(runner)),
            DryRun = new(source, store, calendar, freshness, new(store, tasks.ToDictionary(t => t.Name, t => t.After)), options, settings.Reconcile, settings.Provider, clock),
            Rebuild = rebuild,
            RedisWatch = redisWatch,
            Timetable = timetable,
            Pause = pause,
            Scheduler = scheduler,
            SessionMonitor = monitor,
            CalendarDoubt = doubt,
            Loops =
            [
                .. new Loop[]
                {
                    new("redis_watch", ct => redisWatch.RunAsync(settings.Redis.WatchEvery, ct)), new("scheduler", scheduler.RunAsync), new("calendar", doubt.RunAsync),
                    new("market_session", monitor.RunAsync), new("alerts", watch.RunAsync), new("metrics", metrics.RunAsync),
                }.Select(metrics.Counted),
            ],
            Metrics = metrics,
            Watch = watch,
            Owned = owned,
        };

        // Disposed in the reverse of this order.
        T Own<T>(T part) where T : IAsyncDisposable
        {
            owned.Push(part);
            return part;
        }
    }

    /// <summary>Null when it answers, else why not.</summary>
    private static Func<CancellationToken, Task<string?>> Answers(Func<CancellationToken, Task> ping) => async ct =>
    {
        try
        {
            await ping(ct);
            return null;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            return e.Message.ReplaceLineEndings(" ");
        }
    };

    private Stack<IAsyncDisposable> Owned { init => owned = value; }

    public async ValueTask DisposeAsync()
    {
        Metrics.Dispose();
        State.Dispose();
        foreach (var part in owned) await part.DisposeAsync();
    }
}
