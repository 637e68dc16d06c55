using DataMaintenance.Cache;
using Market;

namespace DataMaintenance.Schedule;

/// <summary>
/// Keeps <c>market:session:current</c> true and tells when the market's session changes. What was told last is read from the key
/// itself, so a change that came while the process was down, or slept, is told once it is back.
/// </summary>
public sealed partial class SessionMonitor(StateKeys keys, Events events, TradingCalendar calendar, TimeProvider clock, ILogger<SessionMonitor> logger)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    /// <summary>How soon a key that somebody deleted is there again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private MarketSession? told;
    private DateTimeOffset checkedAt = DateTimeOffset.MinValue;

    public async Task RunAsync(CancellationToken ct)
    {
        told = null;
        while (true)
        {
            try
            {
                await StepAsync(ct);
            }
            catch (Exception e) when (e is RedisUnavailableException or RedisRefusedException)
            {
                if (told is not null) NotTold(e.Message);
                told = null;
            }

            // Of real time: a drill whose clock runs a thousand times faster must not ask Redis as often.
            await Task.Delay(Tick, TimeProvider.System, ct);
        }
    }

    /// <summary>Writes the key and tells the change where the session is not the one told last.</summary>
    public async Task StepAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var session = At(now);
        if (session == told && now - checkedAt < Patience && now >= checkedAt) return;
        var there = await keys.SessionAsync(ct);
        checkedAt = now;
        if (there?.Json != session.Json) await keys.WriteSessionAsync(session, ct);
        var before = there?.Phase ?? told?.Phase;
        told = session;
        if (before is not { } phase || phase == session.Phase) return;
        await events.SessionChangedAsync(session.Phase, phase, session.TradingDate, now, ct);
        Changed(session.Phase.Text(), phase.Text(), session.TradingDate);
    }

    /// <summary>The session at an instant, as published.</summary>
    public MarketSession At(DateTimeOffset instant)
    {
        var (at, next) = calendar.NextChange(instant);
        var phase = calendar.PhaseAt(instant);
        var day = phase == MarketPhase.Closed ? TradingCalendar.NewYorkDate(at) : TradingCalendar.NewYorkDate(instant);
        return new(phase, day, calendar.LastChange(instant), next, at);
    }

    [LoggerMessage(EventId = 320, EventName = "market_session_changed", Level = LogLevel.Information, Message = "{session} after {previous}, trading date {date:O}")]
    private partial void Changed(string session, string previous, DateOnly date);

    [LoggerMessage(EventId = 321, EventName = "market_session_not_told", Level = LogLevel.Warning, Message = "the market's session did not reach Redis: {reason}")]
    private partial void NotTold(string reason);
}
