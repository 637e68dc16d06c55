using System.Globalization;
using DataMaintenance.Store;

namespace DataMaintenance.Alerts;

/// <summary>
/// What was opened, closed and sent, as recorded in the store: the reason an incident is told once, whatever restarts meanwhile.
/// Read once a term of leadership, since only the leader writes.
/// </summary>
internal sealed class AlertBook(IStore store, string instance)
{
    public const string Opened = "alert_opened", Closed = "alert_closed", Sent = "alert_sent", HeartbeatSent = "heartbeat_sent";

    private const int Remembered = 2000;

    private readonly Dictionary<string, MaintenanceEvent> open = new(StringComparer.Ordinal);
    private readonly Dictionary<long, MaintenanceEvent> untold = [];
    private readonly HashSet<(long Id, string Channel)> sent = [];
    private readonly List<MaintenanceEvent> unrecorded = [];
    private long epoch = -1;
    private string? lastHeartbeat;

    /// <summary>Incidents that stand, by key.</summary>
    public IReadOnlyDictionary<string, MaintenanceEvent> Open => open;

    /// <summary>Incidents told to nobody or not to everybody yet, oldest first.</summary>
    public IReadOnlyList<MaintenanceEvent> Untold => [.. untold.Values.OrderBy(e => e.Id)];

    /// <summary>The newest session whose heartbeat was sent, as text; null before the first.</summary>
    public string? LastHeartbeat => lastHeartbeat;

    /// <summary>Reads the record, unless this term has done so, and writes what could not be written before.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        if (epoch != store.Epoch)
        {
            var opened = await store.EventsAsync(Opened, Remembered, ct);
            var closed = (await store.EventsAsync(Closed, Remembered, ct)).GroupBy(e => e.Subject).ToDictionary(g => g.Key, g => g.Max(e => e.Id), StringComparer.Ordinal);
            open.Clear();
            untold.Clear();
            foreach (var e in opened.OrderBy(e => e.Id))
            {
                if (closed.GetValueOrDefault(e.Subject) < e.Id) open[e.Subject] = e;
                untold[e.Id] = e;
            }

            foreach (var e in await store.EventsAsync(Sent, Remembered, ct)) sent.Add(Delivery(e.Subject));
            foreach (var e in opened) Settle(e.Id);
            lastHeartbeat = (await store.EventsAsync(HeartbeatSent, 1, ct)) is [var last] ? last.Subject : null;
            epoch = store.Epoch;
        }

        foreach (var late in unrecorded.ToArray())
        {
            await store.RecordEventAsync(late, ct);
            unrecorded.Remove(late);
        }
    }

    /// <summary>The record is read again before it is used next.</summary>
    public void Forget() => epoch = -1;

    public async Task OpenAsync(Incident incident, IEnumerable<string> channels, DateTimeOffset at, CancellationToken ct)
    {
        var happened = new MaintenanceEvent(Opened, incident.Key, incident.Date, AlertMessage.Recorded(incident, channels), at, instance);
        happened = happened with { Id = await store.RecordEventAsync(happened, ct) };
        open[incident.Key] = happened;
        untold[happened.Id] = happened;
        Settle(happened.Id);
    }

    public async Task CloseAsync(MaintenanceEvent opened, DateTimeOffset at, CancellationToken ct)
    {
        await store.RecordEventAsync(new(Closed, opened.Subject, opened.Date, $"no longer so; opened at {opened.At:u}", at, instance), ct);
        open.Remove(opened.Subject);
    }

    public bool IsSent(long id, string channel) => sent.Contains((id, channel));

    /// <summary>Whether another process was to send it, and may have without recording it.</summary>
    public bool MayRepeat(MaintenanceEvent opened) => opened.Instance != instance;

    public async Task SentAsync(MaintenanceEvent opened, string channel, DateTimeOffset at, CancellationToken ct)
    {
        sent.Add((opened.Id, channel));
        Settle(opened.Id);
        await RecordAsync(new(Sent, string.Create(CultureInfo.InvariantCulture, $"{opened.Id}:{channel}"), opened.Date, opened.Subject, at, instance), ct);
    }

    public async Task HeartbeatAsync(string session, DateTimeOffset at, CancellationToken ct)
    {
        lastHeartbeat = session;
        await RecordAsync(new(HeartbeatSent, session, null, "Alerts:HeartbeatUrl was called", at, instance), ct);
    }

    /// <summary>What has happened outside is kept until it is recorded, also when the store is away at that moment.</summary>
    private async Task RecordAsync(MaintenanceEvent happened, CancellationToken ct)
    {
        unrecorded.Add(happened);
        await store.RecordEventAsync(happened, ct);
        unrecorded.Remove(happened);
    }

    /// <summary>Everybody who was to be told has been.</summary>
    private void Settle(long id)
    {
        if (AlertMessage.Of(untold[id], null, false).Channels.All(c => sent.Contains((id, c)))) untold.Remove(id);
    }

    private static (long, string) Delivery(string subject)
    {
        var colon = subject.IndexOf(':', StringComparison.Ordinal);
        return (long.Parse(subject.AsSpan(0, colon), CultureInfo.InvariantCulture), subject[(colon + 1)..]);
    }
}
