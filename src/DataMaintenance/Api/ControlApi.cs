using DataMaintenance.Pipeline;
using DataMaintenance.Schedule;

namespace DataMaintenance.Api;

/// <summary>What goes on by itself, and its control: <c>/next-run</c>, <c>/runs/{id}/cancel</c>, <c>/pause</c>, <c>/resume</c>, <c>/clear-caches</c>, <c>/api/warmup</c>.</summary>
internal static class ControlApi
{
    public static void MapControl(this WebApplication app, Wiring wiring)
    {
        app.MapPost("/runs/{id:long}/cancel", async (long id, CancellationToken ct) => await CancelAsync(wiring, id, ct))
            .Changes<CancelAnswer>("Control", "Stop a run at its next safe point; what is committed stays", 202, 404, 409);
        app.MapGet("/next-run", async (CancellationToken ct) => RunsApi.Json(NextRun.Of(wiring.Timetable, wiring.Calendar, wiring.Clock.GetUtcNow(), HealthApi.Clock(wiring.Settings), await wiring.Pause.FindAsync(ct))))
            .Tells<NextRunShape>("Control", "Now in New York, the market session, and for every plan its next time");
        app.MapPost("/pause", async (HttpRequest request, CancellationToken ct) => await SetAsync(wiring, true, await Body.ReadAsync(request, new PauseBody(), ct), ct))
            .Changes<PauseAnswer>("Control", "No scheduled run starts until resumed", 200, 400).Takes<PauseBody>(optional: true);
        app.MapPost("/resume", async (HttpRequest request, CancellationToken ct) => await SetAsync(wiring, false, await Body.ReadAsync(request, new PauseBody(), ct), ct))
            .Changes<PauseAnswer>("Control", "Scheduled runs start again", 200, 400).Takes<PauseBody>(optional: true);
        app.MapPost("/clear-caches", async (CancellationToken ct) =>
                await RunsApi.StartAsync(wiring, (new(wiring.Calendar.NewestEnded(wiring.Clock.GetUtcNow()), Plan.CacheClear, "trigger", [TaskNames.ClearCaches]), false), "Cache clearing started", ct))
            .Changes<StartedShape>("Control", "Tell other programs to drop what they cached: runs clear_caches alone", 202, 409);
        app.MapPost("/api/warmup", async (CancellationToken ct) =>
                await RunsApi.StartAsync(wiring, (new(wiring.Calendar.NewestEnded(wiring.Clock.GetUtcNow()), Plan.Nightly, "trigger", [TaskNames.CalculateAtr, TaskNames.CalculateRvol, TaskNames.SyncRedis], Force: true), false), "Redis is being rebuilt from the store", ct))
            .Changes<StartedShape>("Control", "Rebuild Redis from the store, without the provider", 202, 409);
    }

    private static async Task<IResult> CancelAsync(Wiring wiring, long id, CancellationToken ct)
    {
        if (await wiring.Runner.CancelAsync(id, "cancelled over HTTP", ct))
            return Results.Json(new CancelAnswer("cancelling", id, "The run stops at its next safe point; what is committed stays, and the next run goes on from it"), statusCode: 202);
        if (await wiring.Store.FindRunAsync(id, ct) is null) throw new NotHereException($"there is no run {id}; `data-maintenance history`, or GET /history, shows those there are");
        throw new NotNowException($"run {id} has ended; {(wiring.Runner.Current is { } current ? $"run {current.RunId} is going on" : "no run is going on")}");
    }

    private static Task<PauseAnswer> SetAsync(Wiring wiring, bool paused, PauseBody body, CancellationToken ct) =>
        SetAsync(wiring.Pause, paused, string.IsNullOrWhiteSpace(body.By) ? "HTTP" : body.By.Trim(), body.Why?.Trim() ?? "", ct);

    /// <summary>Pauses or resumes; the command line does the same where no service runs.</summary>
    public static async Task<PauseAnswer> SetAsync(Pause pausing, bool paused, string by, string why, CancellationToken ct)
    {
        if (paused) await pausing.BeginAsync(by, why, ct);
        else await pausing.EndAsync(by, why, ct);
        var pause = await pausing.FindAsync(ct);
        return new(pause is not null, pause?.Since, pause?.By, pause?.Why);
    }
}

/// <summary>The body of <c>POST /pause</c> and <c>POST /resume</c>.</summary>
/// <param name="By">Who asks; for people.</param>
/// <param name="Why">For people.</param>
public sealed record PauseBody(string? By = null, string? Why = null);

/// <param name="Since">Since when it is paused; null, as the others, when it is not.</param>
public sealed record PauseAnswer(bool Paused, DateTimeOffset? Since, string? By, string? Why);

/// <param name="Status">cancelling.</param>
public sealed record CancelAnswer(string Status, long RunId, string Message);
