using System.Globalization;
using Market;

namespace DataMaintenance.Cache;

/// <summary>
/// The state of each session as other programs read it: <c>maintenance:status:{date}</c>, <c>maintenance:executed:{date}</c>,
/// <c>maintenance:last_run</c>, <c>market:session:current</c>. Writes go through the fence. Nothing here waits for a server that is away:
/// a run goes on without, and the journal, from which all of this is written, knows it.
/// </summary>
public sealed class StateKeys(RedisConnection redis, Keys keys, Fence fence, TimeToLive ttl)
{
    /// <param name="document">The JSON of the contract.</param>
    public Task WriteStatusAsync(DateOnly session, string document, CancellationToken ct) =>
        fence.WriteOnceAsync(t => [t.StringSetAsync(keys.Status(session), document, ttl.OfState(session))], ct);

    /// <summary>The JSON document; null when absent.</summary>
    public async Task<string?> StatusAsync(DateOnly session, CancellationToken ct) => await redis.AskOnceAsync(db => db.StringGetAsync(keys.Status(session)), ct);

    public Task<bool> HasStatusAsync(DateOnly session, CancellationToken ct) => redis.AskOnceAsync(db => db.KeyExistsAsync(keys.Status(session)), ct);

    /// <summary>Says that every task of the session succeeded.</summary>
    public Task MarkExecutedAsync(DateOnly session, CancellationToken ct) =>
        fence.WriteOnceAsync(t => [t.StringSetAsync(keys.Executed(session), "1", ttl.OfState(session))], ct);

    public async Task<bool> IsExecutedAsync(DateOnly session, CancellationToken ct) =>
        await redis.AskOnceAsync(db => db.StringGetAsync(keys.Executed(session)), ct) == "1";

    /// <summary>Takes the mark back: the session turned out incomplete.</summary>
    public Task ClearExecutedAsync(DateOnly session, CancellationToken ct) => fence.WriteOnceAsync(t => [t.KeyDeleteAsync(keys.Executed(session))], ct);

    /// <summary>The newest session whose run ended; null before the first.</summary>
    public async Task<DateOnly?> LastRunAsync(CancellationToken ct)
    {
        var text = await redis.AskOnceAsync(db => db.StringGetAsync(keys.LastRun), ct);
        return DateOnly.TryParseExact((string?)text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;
    }

    /// <summary>Moves <c>maintenance:last_run</c> to the session unless it is further on.</summary>
    public async Task AdvanceLastRunAsync(DateOnly session, CancellationToken ct)
    {
        if (await LastRunAsync(ct) is { } newest && newest >= session) return;
        await fence.WriteOnceAsync(t => [t.StringSetAsync(keys.LastRun, Keys.Text(session))], ct);
    }

    /// <summary>The market's session as published; null when absent, or when something else is there.</summary>
    public async Task<MarketSession?> SessionAsync(CancellationToken ct) =>
        MarketSession.Parse(await redis.AskOnceAsync(db => db.StringGetAsync(keys.Session), ct));

    public Task WriteSessionAsync(MarketSession session, CancellationToken ct) =>
        fence.WriteOnceAsync(t => [t.StringSetAsync(keys.Session, session.Json)], ct);
}

/// <summary>Where the market is in its day, as published.</summary>
/// <param name="TradingDate">The session the phase belongs to; when closed, the next one.</param>
public sealed record MarketSession(MarketPhase Phase, DateOnly TradingDate, DateTimeOffset Since, MarketPhase Next, DateTimeOffset NextAt)
{
    /// <summary>Null when the text is no such document.</summary>
    internal static MarketSession? Parse(string? text)
    {
        if (text is null) return null;
        try
        {
            using var json = System.Text.Json.JsonDocument.Parse(text);
            string Text(string name) => json.RootElement.GetProperty(name).GetString()!;
            return new(
                MarketPhaseNames.Parse(Text("session")), DateOnly.ParseExact(Text("trading_date"), "yyyy-MM-dd", CultureInfo.InvariantCulture),
                json.RootElement.GetProperty("since").GetDateTimeOffset(), MarketPhaseNames.Parse(Text("next")), json.RootElement.GetProperty("next_at").GetDateTimeOffset());
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or KeyNotFoundException or FormatException or InvalidOperationException or ArgumentNullException)
        {
            return null;
        }
    }

    public string Json => Documents.Write(w =>
    {
        w.WriteString("session", Phase.Text());
        w.WriteString("trading_date", Keys.Text(TradingDate));
        w.WriteString("since", Documents.Instant(Since));
        w.WriteString("next", Next.Text());
        w.WriteString("next_at", Documents.Instant(NextAt));
    });
}

public static class MarketPhaseNames
{
    /// <summary><c>PRE_MARKET</c>, <c>MARKET_OPEN</c>, <c>POST_MARKET</c>, <c>CLOSED</c>, as other programs compare them.</summary>
    public static string Text(this MarketPhase phase) => phase switch
    {
        MarketPhase.PreMarket => "PRE_MARKET",
        MarketPhase.Open => "MARKET_OPEN",
        MarketPhase.PostMarket => "POST_MARKET",
        MarketPhase.Closed => "CLOSED",
        _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, "not a part of a trading day"),
    };

    internal static MarketPhase Parse(string text) => Enum.GetValues<MarketPhase>().FirstOrDefault(p => p.Text() == text, (MarketPhase)(-1)) is var phase && Enum.IsDefined(phase)
        ? phase
        : throw new FormatException($"A market session is PRE_MARKET, MARKET_OPEN, POST_MARKET or CLOSED; got '{text}'.");
}
