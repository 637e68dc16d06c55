namespace DataMaintenance.Alerts;

/// <summary>Calls a watch elsewhere after every completed session. Its silence, when this service cannot speak at all, is the alert.</summary>
internal sealed partial class Heartbeat(string? url, HttpClient http, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private DateTimeOffset next;

    public async Task SendAsync(Snapshot snapshot, AlertBook book, DateTimeOffset now, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(url) || (now < next && now >= next - Pause)) return;
        if (snapshot.Runs.Where(r => r is { Full: true, Success: true }).MaxBy(r => r.Date) is not { } newest) return;
        var session = Incidents.Day(newest.Date);
        if (string.CompareOrdinal(book.LastHeartbeat, session) >= 0) return;
        try
        {
            await WebhookPost.SendAsync(http, HttpMethod.Get, url, json: null, token: null, ct);
            await book.HeartbeatAsync(session, now, ct);
            HeartbeatSent(session);
        }
        catch (AlertException e)
        {
            next = now + Pause;
            HeartbeatFailed(session, e.Message);
        }
    }

    [LoggerMessage(EventId = 505, EventName = "heartbeat_sent", Level = LogLevel.Information, Message = "{date} is complete, and the watch elsewhere was told")]
    private partial void HeartbeatSent(string date);

    [LoggerMessage(EventId = 506, EventName = "heartbeat_failed", Level = LogLevel.Warning, Message = "the watch elsewhere was not told of {date}: {reason}")]
    private partial void HeartbeatFailed(string date, string reason);
}
