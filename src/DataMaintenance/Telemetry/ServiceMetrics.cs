using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using DataMaintenance.Alerts;
using DataMaintenance.Cache;
using DataMaintenance.Pipeline;
using DataMaintenance.Pipeline.Reconciling;
using DataMaintenance.Provider;
using DataMaintenance.Store;
using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Telemetry;

/// <summary>
/// Every figure of <c>GET /metrics</c>. What is counted here is counted as it happens; what store and Redis know is read for each scrape,
/// which waits only so long for it, and now and then besides.
/// </summary>
public sealed class ServiceMetrics : IDisposable
{
    /// <summary>A scraper gives up after 10 s, so it hears before that what does not answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5), Fresh = TimeSpan.FromSeconds(1);

    private static int made;

    private readonly IStore store;
    private readonly Reader cache;
    private readonly TradingCalendar calendar;
    private readonly Func<DateTimeOffset, IReadOnlyList<ExpectedRun>> expected;
    private readonly TimeProvider clock;
    private readonly TimeSpan every;
    private readonly Meter meter;
    private readonly ConcurrentDictionary<string, int> loops = new(StringComparer.Ordinal);
    private readonly RunMetrics runs;
    private readonly Counter<long> loopStarts;
    private readonly CancellationTokenSource ending = new();
    private readonly Lock gate = new();
    private Task reading = Task.CompletedTask;
    private long readAt;
    private volatile Readings? readings;
    private volatile bool storeAnswers = true;

    public ServiceMetrics(
        IStore store, Reader cache, IMarketSource source, RevisionTally revisions, TradingCalendar calendar, Func<DateTimeOffset, IReadOnlyList<ExpectedRun>> expected, TimeProvider clock, TimeSpan every)
    {
        (this.store, this.cache, this.calendar, this.expected, this.clock, this.every) = (store, cache, calendar, expected, clock, every);
        // A name of its own, since listeners choose by name: two services in one process do not count each other's.
        meter = new Meter($"data_maintenance.{Interlocked.Increment(ref made)}");
        runs = new RunMetrics(meter);
        loopStarts = meter.CreateCounter<long>("data_maintenance.loop.starts", null, "Times a loop was started; more than one means that it ended by itself.");
        Provider(source);
        RevisionMetrics.Add(meter, revisions, Age);
        Standing();
        Redis();
    }

    /// <summary>For whoever listens.</summary>
    public string MeterName => meter.Name;

    /// <summary>Families that Redis was found to lack, in whole or in part.</summary>
    public Func<IReadOnlyCollection<Family>> Lacking { get; set; } = () => [];

    public IRunObserver Runs => runs;

    /// <summary>The same loop, with its life counted.</summary>
    public Loop Counted(Loop loop) => loop with
    {
        RunAsync = async ct =>
        {
            loopStarts.Add(1, new KeyValuePair<string, object?>("loop", loop.Name));
            loops[loop.Name] = 1;
            try
            {
                await loop.RunAsync(ct);
            }
            finally
            {
                loops[loop.Name] = 0;
            }
        },
    };

    /// <summary>Reads store and Redis at its pace until told to end.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        runs.Begin();
        using var timer = new PeriodicTimer(every, TimeProvider.System);
        do await FreshenAsync(ct);
        while (await timer.WaitForNextTickAsync(ct));
    }

    /// <summary>Reads store and Redis unless that was done a moment ago; several at a time read once. A store that does not answer in time counts as away.</summary>
    public async Task FreshenAsync(CancellationToken ct)
    {
        Task now;
        lock (gate)
        {
            if (reading.IsCompleted && (readAt == 0 || Stopwatch.GetElapsedTime(readAt) > Fresh)) reading = Task.Run(() => ReadAsync(ending.Token), CancellationToken.None);
            now = reading;
        }

        if (await Task.WhenAny(now, Task.Delay(Patience, TimeProvider.System, ct)) == now) await now;
        else if (!ct.IsCancellationRequested) storeAnswers = false;
    }

    /// <summary>Reads once.</summary>
    public async Task ReadAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        try
        {
            readings = await Readings.ReadAsync(store, cache, calendar, expected(now), now, ct);
            storeAnswers = true;
        }
        catch (StoreException)
        {
            // The last readings stay; that they are old is a figure of its own.
            storeAnswers = false;
        }
        finally
        {
            readAt = Stopwatch.GetTimestamp();
        }
    }

    public void Dispose()
    {
        ending.Cancel();
        ending.Dispose();
        meter.Dispose();
    }

    private void Provider(IMarketSource source)
    {
        meter.CreateObservableCounter("data_maintenance.provider.calls", () => source.Usage.Calls.Select(c => new Measurement<long>(c.Value, new("route", c.Key.Route), new("result", c.Key.Result))), null, "Calls to the provider, by route and result.");
        meter.CreateObservableCounter("data_maintenance.provider.retries", () => source.Usage.Retries, null, "Attempts beyond the first.");
        meter.CreateObservableCounter("data_maintenance.provider.budget_wait", () => source.Usage.BudgetWait.TotalSeconds, "s", "Time spent waiting for the budget of calls per second.");
    }

    private void Standing()
    {
        var version = typeof(ServiceMetrics).Assembly.GetName().Version?.ToString(3);
        meter.CreateObservableGauge("data_maintenance.build_info", () => new Measurement<int>(1, [new("version", version), new("clock", clock == TimeProvider.System ? "real" : "drill")]), null, "Which build this is, and whether a drill's clock is in force.");
        meter.CreateObservableGauge("data_maintenance.leader", () => store.LeadLost.IsCancellationRequested ? 0 : 1, null, "1 while this instance leads.");
        meter.CreateObservableGauge("data_maintenance.epoch", () => store.Epoch, null, "The term of leadership.");
        meter.CreateObservableGauge("data_maintenance.loop.alive", () => loops.Select(l => new Measurement<int>(l.Value, new KeyValuePair<string, object?>("loop", l.Key))), null, "1 while a loop goes on.");
        meter.CreateObservableGauge("data_maintenance.store.up", () => storeAnswers ? 1 : 0, null, "1 while the store answers.");
        Gauge("data_maintenance.readings.age", "s", "How old the figures read from store and Redis are.", r => Age(r.At));
        Gauge("data_maintenance.lag.sessions", null, "Sessions that were due and have no complete run.", r => r.LagSessions);
        Gauge("data_maintenance.lag", "s", "Time since the oldest of those sessions was due; 0 when there is none.", r => r.LagSince is { } since ? Age(since) : 0);
        Gauge("data_maintenance.paused", null, "1 while no scheduled run starts.", r => r.Paused ? 1 : 0);
        Gauges("data_maintenance.ready_by.timestamp", "s", "The hour by which the newest due session must be complete.", r => r.ReadyBy is { } by ? [new(Unix(by))] : []);
        Gauges("data_maintenance.next_due.timestamp", "s", "When a plan is due next.", r => r.NextDue.Select(d => Of(Unix(d.Value), "plan", d.Key)));
        Gauges("data_maintenance.last_success.timestamp", "s", "When the newest successful run of a plan ended.", r => r.LastSuccess.Select(d => Of(Unix(d.Value), "plan", d.Key)));
        Gauges("data_maintenance.findings.open", null, "Open findings, by rule.", r => r.Findings.Select(f => Of(f.Value, "rule", f.Key)));
        Gauges("data_maintenance.alerts.open", null, "Incidents that stand, by kind.", r => r.Alerts.Select(a => Of(a.Value, "kind", a.Key)));
    }

    private void Redis()
    {
        Gauge("data_maintenance.redis.up", null, "1 while Redis answers.", r => r.Families is null ? 0 : 1);
        Gauges("data_maintenance.redis.family.age", "s", "Time since a family of derived keys was published; absent when Redis does not hold it.", r => Families(r, f => Age(f.PublishedAt)));
        Gauges("data_maintenance.redis.family.keys", null, "Keys of a family when it was published.", r => Families(r, f => f.Count));
        Gauges("data_maintenance.redis.family.present", null, "1 when Redis holds the family, whole as far as the last look tells.", r =>
            r.Families is not { } held ? [] : Enum.GetValues<Family>().Select(f => Of(held.ContainsKey(f) && !Lacking().Contains(f) ? 1 : 0, "family", f.Text())));
    }

    private static IEnumerable<Measurement<double>> Families(Readings readings, Func<DerivedState, double> value) =>
        readings.Families is not { } held ? [] : held.Select(f => Of(value(f.Value), "family", f.Key.Text()));

    private void Gauge(string name, string? unit, string description, Func<Readings, double> value) => Gauges(name, unit, description, r => [new(value(r))]);

    private void Gauges(string name, string? unit, string description, Func<Readings, IEnumerable<Measurement<double>>> values) =>
        meter.CreateObservableGauge(name, () => readings is { } r ? values(r) : [], unit, description);

    private static Measurement<double> Of(double value, string label, string of) => new(value, new KeyValuePair<string, object?>(label, of));

    private double Age(DateTimeOffset at) => (clock.GetUtcNow() - at).TotalSeconds;

    private static double Unix(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / 1000.0;
}
