using DataMaintenance.Store;

namespace DataMaintenance.Alerts;

/// <summary>
/// Looks at what is recorded, opens and closes incidents, and tells people of each once. It stands outside the runs, so that it
/// also notices the one that never began.
/// </summary>
public sealed partial class Watch
{
    public const string Database = "database";

    private readonly AlertsOptions options;
    private readonly IStore store;
    private readonly Func<DateTimeOffset, IReadOnlyList<ExpectedRun>> expected;
    private readonly TimeProvider clock;
    private readonly ILogger<Watch> logger;
    private readonly Incidents incidents;
    private readonly AlertBook book;
    private readonly Deliveries deliveries;
    private readonly Outages outages;
    private readonly Heartbeat heartbeat;
    private readonly DateTimeOffset began;
    private readonly HashSet<string> toldOfDatabase = new(StringComparer.Ordinal);

    /// <param name="expected">What the timetable calls for within <see cref="Snapshot.Reach"/> before an instant, and next.</param>
    /// <param name="systems">Asked at every step; the one named <see cref="Database"/> is the store.</param>
    public Watch(
        AlertsOptions options, IStore store, Func<DateTimeOffset, IReadOnlyList<ExpectedRun>> expected, IReadOnlyList<Outside> systems,
        IReadOnlyList<IAlertChannel> channels, HttpClient http, TimeProvider clock, string instance, ILogger<Watch> logger)
    {
        (this.options, this.store, this.expected, this.clock, this.logger) = (options, store, expected, clock, logger);
        (incidents, book, outages) = (new(options), new(store, instance), new(systems));
        (deliveries, heartbeat, began) = (new(channels, options.DocsUrl, logger), new(options.HeartbeatUrl, http, logger), clock.GetUtcNow());
    }

    /// <summary>Steps until told to end.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(options.Every, clock);
        do await StepAsync(clock.GetUtcNow(), ct);
        while (await timer.WaitForNextTickAsync(ct));
    }

    /// <summary>Looks once, as of an instant. Steps must not overlap.</summary>
    public async Task StepAsync(DateTimeOffset now, CancellationToken ct)
    {
        var down = await outages.LookAsync(now, ct);
        if (down.FirstOrDefault(o => o.Name == Database) is { } outage)
        {
            await TellOfDatabaseAsync(outage, now, ct);
            return;
        }

        try
        {
            await book.LoadAsync(ct);
            var snapshot = await Snapshot.ReadAsync(store, now, began, expected(now), [.. down.Select(SinceTold)], ct);
            await DiffAsync([.. incidents.Of(snapshot).Select(AsTold)], now, ct);
            await deliveries.SendAsync(book, now, ct);
            await heartbeat.SendAsync(snapshot, book, now, ct);
            toldOfDatabase.Clear();
        }
        catch
        {
            book.Forget();
            throw;
        }
    }

    /// <summary>An outage that was told by a process before this one has lasted for long already, although this one has only just seen it.</summary>
    private Outage SinceTold(Outage outage) =>
        book.Open.TryGetValue(incidents.Unreachable(outage).Key, out var opened) && opened.At < outage.Since + options.UnreachableAfter ? outage with { Since = opened.At - options.UnreachableAfter } : outage;

    /// <summary>A session that was told as failed stays that until it succeeds: one half mended by a later attempt is no second incident.</summary>
    private Incident AsTold(Incident incident) =>
        incident.Kind == IncidentKind.PartialSuccess && incident with { Kind = IncidentKind.RunFailed } is var failed && book.Open.ContainsKey(failed.Key) ? failed : incident;

    private async Task DiffAsync(IReadOnlyList<Incident> standing, DateTimeOffset now, CancellationToken ct)
    {
        foreach (var incident in standing.Where(i => !book.Open.ContainsKey(i.Key)))
        {
            await book.OpenAsync(incident, deliveries.Names, now, ct);
            if (incident.Kind.Urgency() == Urgency.Info) AlertTold(incident.Key, incident.Title);
            else AlertOpened(incident.Key, incident.Title);
        }

        var keys = standing.Select(i => i.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in book.Open.Values.Where(o => !keys.Contains(o.Subject)).ToArray())
        {
            await book.CloseAsync(gone, now, ct);
            AlertClosed(gone.Subject);
        }
    }

    /// <summary>Without the store nothing can be recorded: this one incident is told from memory, once a channel and outage.</summary>
    private async Task TellOfDatabaseAsync(Outage outage, DateTimeOffset now, CancellationToken ct)
    {
        if (now - outage.Since < options.UnreachableAfter) return;
        var incident = incidents.Unreachable(outage);
        var (message, _) = AlertMessage.Of(new(AlertBook.Opened, incident.Key, null, AlertMessage.Recorded(incident, []), outage.Since, ""), options.DocsUrl, mayRepeat: false);
        foreach (var channel in await deliveries.SendUnrecordedAsync(message, toldOfDatabase, now, ct)) toldOfDatabase.Add(channel);
    }

    [LoggerMessage(EventId = 500, EventName = "alert_opened", Level = LogLevel.Warning, Message = "{key}: {title}")]
    private partial void AlertOpened(string key, string title);

    [LoggerMessage(EventId = 504, EventName = "alert_told", Level = LogLevel.Information, Message = "{key}: {title}")]
    private partial void AlertTold(string key, string title);

    [LoggerMessage(EventId = 503, EventName = "alert_closed", Level = LogLevel.Information, Message = "{key} no longer stands")]
    private partial void AlertClosed(string key);
}
