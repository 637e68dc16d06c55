using Market;

namespace DataMaintenance.Cache;

/// <summary>Messages to other programs. Every member returns how many subscribers received it; 0 while events are silenced.</summary>
/// <param name="enabled">False silences all of them, for a service in the shadow of another.</param>
public sealed class Events(RedisConnection redis, Keys keys, bool enabled)
{
    public bool Enabled => enabled;

    /// <summary><c>trading:new_day</c>: a trading day begins, drop what you cached of the last one.</summary>
    /// <param name="day">The New York date of the day that begins.</param>
    public Task<long> NewDayAsync(DateOnly day, CancellationToken ct) => PublishAsync("trading:new_day", Documents.Write(w =>
    {
        w.WriteString("event", "new_trading_day");
        w.WriteString("date", Keys.Text(day));
        w.WriteString("action", "clear_caches");
    }), ct);

    /// <summary><c>maintenance:completed</c>: derived data can be read again.</summary>
    /// <param name="message">The JSON of the contract.</param>
    public Task<long> CompletedAsync(string message, CancellationToken ct) => PublishAsync("maintenance:completed", message, ct);

    /// <summary><c>maintenance:progress</c>: a task changed its state.</summary>
    /// <param name="message">A small JSON object.</param>
    public Task<long> ProgressAsync(string message, CancellationToken ct) => PublishAsync("maintenance:progress", message, ct);

    /// <summary><c>events:session:changed</c>.</summary>
    /// <param name="at">When it changed.</param>
    public Task<long> SessionChangedAsync(MarketPhase now, MarketPhase before, DateOnly tradingDate, DateTimeOffset at, CancellationToken ct) =>
        PublishAsync("events:session:changed", Documents.Write(w =>
        {
            w.WriteString("event_type", "session:changed");
            w.WriteStartObject("data");
            w.WriteString("new_session", now.Text());
            w.WriteString("previous_session", before.Text());
            w.WriteString("trading_date", Keys.Text(tradingDate));
            w.WriteEndObject();
            w.WriteString("timestamp", Documents.Instant(at));
        }), ct);

    private Task<long> PublishAsync(string channel, string message, CancellationToken ct) =>
        enabled ? redis.AskOnceAsync(db => db.PublishAsync(keys.Channel(channel), message), ct) : Task.FromResult(0L);
}
