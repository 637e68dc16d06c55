namespace DataMaintenance.Alerts;

/// <summary>Sends what is untold, oldest first, a channel by itself: one that fails is tried again after a pause that grows, and holds up no other.</summary>
internal sealed partial class Deliveries(IReadOnlyList<IAlertChannel> channels, Uri? docs, ILogger logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30), LongestPause = TimeSpan.FromMinutes(15);

    private readonly Dictionary<string, (int Failures, DateTimeOffset At, DateTimeOffset Next)> failing = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => channels.Select(c => c.Name);

    public async Task SendAsync(AlertBook book, DateTimeOffset now, CancellationToken ct)
    {
        var untold = book.Untold.Select(o => (Opened: o, Told: AlertMessage.Of(o, docs, book.MayRepeat(o)))).ToArray();
        foreach (var channel in channels)
        {
            var due = untold.Where(u => u.Told.Channels.Contains(channel.Name) && !book.IsSent(u.Opened.Id, channel.Name));
            foreach (var together in due.GroupBy(u => channel.OneByOne ? (object)u.Opened.Id : u.Told.Message.Together))
            {
                if (!await TrySendAsync(channel, AlertMessage.Of([.. together.Select(t => t.Told.Message)]), now, ct)) continue;
                foreach (var (opened, _) in together)
                {
                    await book.SentAsync(opened, channel.Name, now, ct);
                    AlertSent(opened.Subject, channel.Name);
                }
            }
        }
    }

    /// <summary>Tells of something that cannot be recorded now.</summary>
    /// <returns>The channels that took it.</returns>
    public async Task<IReadOnlyList<string>> SendUnrecordedAsync(AlertMessage message, IReadOnlySet<string> had, DateTimeOffset now, CancellationToken ct)
    {
        var took = new List<string>();
        foreach (var channel in channels.Where(c => !had.Contains(c.Name)))
        {
            if (!await TrySendAsync(channel, message, now, ct)) continue;
            took.Add(channel.Name);
            AlertSent(message.Key, channel.Name);
        }

        return took;
    }

    private async Task<bool> TrySendAsync(IAlertChannel channel, AlertMessage message, DateTimeOffset now, CancellationToken ct)
    {
        if (failing.TryGetValue(channel.Name, out var state) && now >= state.At && now < state.Next) return false;
        try
        {
            await channel.SendAsync(message, ct);
            failing.Remove(channel.Name);
            return true;
        }
        catch (AlertException e)
        {
            var pause = FirstPause * Math.Pow(2, Math.Min(state.Failures, 10));
            pause = pause < LongestPause ? pause : LongestPause;
            failing[channel.Name] = (state.Failures + 1, now, now + pause);
            DeliveryFailed(message.Key, channel.Name, e.Message, pause);
            return false;
        }
    }

    [LoggerMessage(EventId = 501, EventName = "alert_sent", Level = LogLevel.Information, Message = "{key} was told by {channel}")]
    private partial void AlertSent(string key, string channel);

    [LoggerMessage(EventId = 502, EventName = "alert_delivery_failed", Level = LogLevel.Error, Message = "{key} was not taken by {channel}: {reason}; again in {pause}")]
    private partial void DeliveryFailed(string key, string channel, string reason, TimeSpan pause);
}
