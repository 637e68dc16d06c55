using System.Text.Json.Nodes;
using DataMaintenance.Api;
using DataMaintenance.Cache;
using DataMaintenance.Dashboard;
using DataMaintenance.Logs;
using DataMaintenance.Settings;
using DataMaintenance.Store;
using DataMaintenance.Telemetry;

namespace DataMaintenance.Serving;

/// <summary>An instance that waits for the lead: it watches who has it, only reads, and answers <c>/health</c> and <c>/health/live</c>; everything else is the leader's.</summary>
internal sealed partial class Standby : IAsyncDisposable
{
    private static readonly TimeSpan LooksEvery = TimeSpan.FromSeconds(1);
    private readonly ServiceSettings settings;
    private readonly LeaderWatch watch;
    // Of its own, since a leader's goes with its term. An embedded server begins with the term.
    private readonly Task<RedisConnection>? redis;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly StandbyMetrics metrics = new();
    private WebApplication? app;
    private volatile Leader? leader;
    private volatile string? problem;

    private Standby(ServiceSettings settings, TimeProvider clock, ILogger logger)
    {
        (this.settings, this.clock, this.logger, watch) = (settings, clock, logger, new(settings.Store));
        redis = settings.Redis.Kind == RedisKind.Embedded ? null : RedisConnection.OpenAsync(settings.Redis, CancellationToken.None);
    }

    /// <summary>The store waited for.</summary>
    public string Place => watch.Place;

    public static async Task<Standby> StartAsync(ServiceSettings settings, TimeProvider clock, ServiceLogs logs, Listener listener, CancellationToken ct)
    {
        var standby = new Standby(settings, clock, logs.Factory.CreateLogger<Standby>());
        await standby.LookAsync(ct);
        var builder = listener.Application();
        builder.AddMetrics(standby.metrics.MeterName);
        builder.AddStandbyPage();
        standby.app = builder.Build();
        standby.app.MapStandbyPage();
        standby.app.MapMetrics();
        standby.app.MapGet("/health/live", () => Results.Text("{\"status\":\"alive\"}", "application/json"));
        standby.app.MapGet("/health", async (CancellationToken ct) =>
        {
            var (health, healthy) = await standby.HealthAsync(ct);
            return Results.Text(ApiJson.Text(health), "application/json", statusCode: healthy ? 200 : 503);
        });
        standby.app.MapFallback("{*path}", context => Visitor.WantsPage(context.Request) ? StandbyPage.WriteAsync(context) : Problems.WriteAsync(context, 503, "This instance stands by", standby.Detail()));
        await standby.app.StartAsync(ct);
        return standby;
    }

    /// <summary>Returns when nobody's lease lasts. A server that does not answer is waited for.</summary>
    public async Task UntilFreeAsync(CancellationToken ct)
    {
        while (!await LookAsync(ct)) await Task.Delay(LooksEvery, TimeProvider.System, ct);
    }

    /// <summary>The lead was free but could not be taken.</summary>
    public void Failed(string reason) => problem = reason;

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await app.StopAsync(patience.Token);
            await app.DisposeAsync();
        }

        metrics.Dispose();
        if (redis is not null && await Task.WhenAny(redis) is { IsCompletedSuccessfully: true }) await (await redis).DisposeAsync();
        await watch.DisposeAsync();
    }

    /// <returns>Whether the lead is free.</returns>
    private async Task<bool> LookAsync(CancellationToken ct)
    {
        try
        {
            var found = await watch.FindAsync(ct);
            if (found is not null && found.Epoch != leader?.Epoch) Seen(found.Holder, found.Epoch, found.Url?.ToString() ?? "no address");
            leader = found;
            if (found is not null) problem = null;
            return found is null;
        }
        catch (StoreException e)
        {
            if (problem != e.Message) Unreachable(e.Message);
            problem = e.Message;
            return false;
        }
    }

    private string Detail() => leader switch
    {
        { Url: { } url } => $"{leader.Holder} leads since {leader.Since:u}, and answers at {url}; ask there",
        { } => $"{leader.Holder} leads since {leader.Since:u}, and answers nowhere; ask again later",
        null => $"nobody leads at the moment; ask again in a few seconds{(problem is null ? "" : $" ({problem})")}",
    };

    /// <summary>The shape of the leader's, from what the leader wrote.</summary>
    private async Task<(JsonObject Json, bool Healthy)> HealthAsync(CancellationToken ct)
    {
        WatchedStore? read = null;
        var asking = HealthApi.TryAsync(async token => read = await watch.ReadAsync(token), ct);
        var cache = redis is null ? "embedded, begins when this instance leads" : await HealthApi.TryAsync(async token => await (await redis.WaitAsync(token)).AnswersAsync(token), ct) ?? "connected";
        var store = await asking ?? (problem is { } known ? $"disconnected: {known}" : "connected");
        var healthy = store == "connected" && !cache.StartsWith("disconnected", StringComparison.Ordinal);
        var health = new Health(healthy, cache, store, read?.Description ?? watch.Place, "standby")
        {
            LastMaintenance = read?.LastMaintenance,
            Schedule = "none while another instance leads",
            RunInProgress = read?.Run,
            Leader = leader,
            Epoch = read?.Epoch ?? leader?.Epoch ?? 0,
        };
        return (health.ToJson(settings, clock), healthy);
    }

    [LoggerMessage(EventId = 417, EventName = "leader_seen", Level = LogLevel.Information, Message = "{holder} leads, epoch {epoch}, and answers at {url}")]
    private partial void Seen(string holder, long epoch, string url);

    [LoggerMessage(EventId = 418, EventName = "leader_unknown", Level = LogLevel.Warning, Message = "who leads cannot be seen: {reason}")]
    private partial void Unreachable(string reason);
}
