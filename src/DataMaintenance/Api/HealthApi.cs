using System.Text.Json.Nodes;
using DataMaintenance.Pipeline;
using DataMaintenance.Store;

namespace DataMaintenance.Api;

/// <summary><c>/health</c> and <c>/health/live</c>.</summary>
internal static class HealthApi
{
    public static void MapHealth(this WebApplication app, Wiring wiring)
    {
        app.MapGet("/health/live", () => new LiveShape("alive")).Tells<LiveShape>("Health", "200 while the process runs");
        app.MapGet("/health", async (CancellationToken ct) =>
        {
            var (health, healthy) = await OfAsync(wiring, ct);
            return Results.Text(health.ToJsonString(), "application/json", statusCode: healthy ? 200 : 503);
        }).Tells<HealthShape>("Health", "200 while Redis and the store answer, else 503 with the same shape").Produces<HealthShape>(503);
    }

    public static async Task<(JsonObject Json, bool Healthy)> OfAsync(Wiring wiring, CancellationToken ct)
    {
        var redis = await TryAsync(() => wiring.Redis.PingAsync(ct));
        var store = await TryAsync(() => wiring.Store.PingAsync(ct));
        var healthy = redis is null && store is null;
        string? last = null;
        if (store is null)
            last = (await wiring.Store.RunsAsync(200, ct)).Where(r => r.Full && r.EndedAt is not null).Select(r => (DateOnly?)r.Date).Max() is { } date ? StatusDocument.Day(date) : null;
        var json = new JsonObject
        {
            ["status"] = healthy ? "healthy" : "unhealthy",
            ["service"] = "data_maintenance",
            ["version"] = typeof(HealthApi).Assembly.GetName().Version?.ToString(3),
            ["timestamp"] = StatusDocument.Instant(wiring.Clock.GetUtcNow()),
            ["redis"] = redis ?? "connected",
            ["timescaledb"] = store ?? "connected",
            ["store"] = wiring.Store.Description,
            ["last_maintenance"] = last,
            ["scheduler_running"] = wiring.Scheduler.Running,
            ["schedule"] = await ScheduleAsync(wiring, store is null, ct),
            ["run_in_progress"] = wiring.Runner.Current?.RunId,
            ["clock"] = Clock(wiring.Settings),
            ["role"] = "leader",
            ["leader"] = Of(wiring.Store.Leader),
            ["epoch"] = wiring.Store.Epoch,
            ["instance"] = Wiring.Instance,
        };
        return (json, healthy);
    }

    internal static string Clock(Settings.ServiceSettings settings) =>
        settings.Clock.InForce ? FormattableString.Invariant($"DRILL: started at {settings.Clock.Start?.ToString("u", System.Globalization.CultureInfo.InvariantCulture) ?? "the real time"}, speed {settings.Clock.Speed}") : "real";

    /// <summary>Who leads; null when nobody does.</summary>
    internal static JsonObject? Of(Leader? leader) => leader is null ? null : new()
    {
        ["holder"] = leader.Holder,
        ["epoch"] = leader.Epoch,
        ["since"] = leader.Since is { } since ? StatusDocument.Instant(since) : null,
        ["url"] = leader.Url?.ToString(),
    };

    private static async Task<string> ScheduleAsync(Wiring wiring, bool storeAnswers, CancellationToken ct)
    {
        var plans = string.Join(", ", wiring.Timetable.Plans.Select(p => $"{p.Name} {p.At}"));
        var paused = storeAnswers ? await wiring.Pause.FindAsync(ct) : null;
        return paused is null ? $"{plans} (New York)" : $"PAUSED since {StatusDocument.Instant(paused.Since)} by {paused.By}: {paused.Why}";
    }

    /// <returns>Null when it answered, else why not.</returns>
    internal static async Task<string?> TryAsync(Func<Task> ping)
    {
        try
        {
            await ping();
            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return $"disconnected: {e.Message.ReplaceLineEndings(" ")}";
        }
    }
}
