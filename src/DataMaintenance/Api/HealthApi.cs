using System.Text.Json.Nodes;
using DataMaintenance.Pipeline;
using DataMaintenance.Schedule;

namespace DataMaintenance.Api;

/// <summary><c>/health</c> and <c>/health/live</c>.</summary>
internal static class HealthApi
{
    public const string Service = "data_maintenance";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.7);

    public static void MapHealth(this WebApplication app, Wiring wiring)
    {
        app.MapGet("/health/live", () => new LiveShape("alive")).Tells<LiveShape>("Health", "200 while the process runs");
        app.MapGet("/health", async (CancellationToken ct) =>
        {
            var (health, healthy) = await OfAsync(wiring, ct);
            return Results.Text(ApiJson.Text(health), "application/json", statusCode: healthy ? 200 : 503);
        }).Tells<HealthShape>("Health", "200 while Redis and the store answer, else 503 with the same shape").Produces<HealthShape>(503);
    }

    public static async Task<(JsonObject Json, bool Healthy)> OfAsync(Wiring wiring, CancellationToken ct)
    {
        (DateOnly? Last, PauseInForce? Pause) read = default;
        var asking = TryAsync(async token => read = await ReadAsync(wiring, token), ct);
        var redis = await TryAsync(wiring.Redis.AnswersAsync, ct);
        var store = await asking;
        var healthy = redis is null && store is null;
        var (last, paused) = store is null ? read : default;
        var health = new Health(healthy, redis ?? "connected", store ?? "connected", wiring.Store.Description, "leader")
        {
            LastMaintenance = last,
            SchedulerRunning = wiring.Scheduler.Running,
            Schedule = Schedule(wiring, paused),
            RunInProgress = wiring.Runner.Current?.RunId,
            Leader = wiring.Store.Leader,
            Epoch = wiring.Store.Epoch,
        };
        return (health.ToJson(wiring.Settings, wiring.Clock), healthy);
    }

    internal static string Clock(Settings.ServiceSettings settings) =>
        settings.Clock.InForce ? FormattableString.Invariant($"DRILL: started at {settings.Clock.Start?.ToString("u", System.Globalization.CultureInfo.InvariantCulture) ?? "the real time"}, speed {settings.Clock.Speed}") : "real";

    /// <summary>The newest session whose whole run ended, and the pause in force.</summary>
    private static async Task<(DateOnly? Last, PauseInForce? Pause)> ReadAsync(Wiring wiring, CancellationToken ct)
    {
        await wiring.Store.PingAsync(ct);
        var last = (await wiring.Store.RunsAsync(200, ct)).Where(r => r.Full && r.EndedAt is not null).Select(r => (DateOnly?)r.Date).Max();
        return (last, await wiring.Pause.FindAsync(ct));
    }

    private static string Schedule(Wiring wiring, PauseInForce? paused)
    {
        var plans = string.Join(", ", wiring.Timetable.Plans.Select(p => $"{p.Name} {p.At}"));
        return paused is null ? $"{plans} (New York)" : $"PAUSED since {StatusDocument.Instant(paused.Since)} by {paused.By}: {paused.Why}";
    }

    /// <summary>Asks, and waits no longer than a probe does; what is frozen may go on with its answer, which nobody reads.</summary>
    /// <param name="longest">Other than a probe's patience: a person who asked for a look waits until it is known why.</param>
    /// <returns>Null when it answered, else why not.</returns>
    internal static async Task<string?> TryAsync(Func<CancellationToken, Task> ask, CancellationToken ct, TimeSpan? longest = null)
    {
        var patience = longest ?? Patience;
        var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(patience);
        try
        {
            var answer = ask(limit.Token);
            _ = answer.ContinueWith(_ => limit.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            await answer.WaitAsync(patience, ct);
            return null;
        }
        catch (Exception e) when (e is TimeoutException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return $"disconnected: no answer within {patience.TotalSeconds:0.0} s";
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return $"disconnected: {e.Message.ReplaceLineEndings(" ")}";
        }
    }
}
