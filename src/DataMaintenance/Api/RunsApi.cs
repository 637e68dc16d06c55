using System.Globalization;
using System.Text.Json.Nodes;
using DataMaintenance.Pipeline;
using Market;

namespace DataMaintenance.Api;

/// <summary>What ran, and running more: <c>/status</c>, <c>/history</c>, <c>/runs/{id}</c>, <c>/trigger</c>, <c>/backfill</c>.</summary>
internal static class RunsApi
{
    public const int MostRuns = 1_000;

    public static void MapRuns(this WebApplication app, Wiring wiring)
    {
        var answers = new Answers(wiring.Store);
        app.MapGet("/status", async (string? date, CancellationToken ct) => Json(await answers.StatusAsync(date is null ? null : Date("date", date), ct), $"nothing ever ran for {date}; GET /history shows what did"))
            .Tells<StatusShape>("Runs", "The state of the newest session processed", 400, 404);
        app.MapGet("/status/{date}", async (string date, CancellationToken ct) => Json(await answers.StatusAsync(Date("date", date), ct), $"nothing ever ran for {date}; GET /history shows what did"))
            .Tells<StatusShape>("Runs", "The state of one session", 400, 404);
        app.MapGet("/history", async (int? limit, CancellationToken ct) => Json(await answers.HistoryAsync(Limit(limit, 20, MostRuns), ct)))
            .Tells<IReadOnlyList<RunShape>>("Runs", "Runs, newest first, from the durable history", 400);
        app.MapGet("/runs/{id:long}", async (long id, CancellationToken ct) => Json(await answers.RunAsync(id, ct), $"there is no run {id}; `data-maintenance history`, or GET /history, shows those there are"))
            .Tells<RunWithTasksShape>("Runs", "One run with its tasks, counts and checks", 404);
        app.MapPost("/trigger", async (HttpRequest request, CancellationToken ct) => await StartAsync(wiring, Trigger(wiring, await Body.ReadAsync(request, new TriggerBody(), ct)), "Maintenance cycle started", ct))
            .Changes<StartedShape>("Runs", "Run a plan, or some tasks, over one session; dry_run answers the plan instead", 202, 400, 409).Takes<TriggerBody>(optional: true).Produces<DryRunShape>();
        app.MapPost("/backfill", async (HttpRequest request, CancellationToken ct) => await StartAsync(wiring, Backfill(wiring, await Body.ReadAsync<BackfillBody>(request, new(null, null), ct)), "Backfill started", ct))
            .Changes<StartedShape>("Runs", "Load the facts of a range of sessions; dry_run answers the plan instead", 202, 400, 409).Takes<BackfillBody>(optional: false).Produces<DryRunShape>();
    }

    private static (RunRequest Request, bool DryRun) Trigger(Wiring wiring, TriggerBody body)
    {
        var session = Sessions.Of(Date("target_date", body.TargetDate), wiring.Calendar, wiring.Clock.GetUtcNow());
        return (new(session, Plan.Get(body.Plan ?? wiring.Timetable.Main.Name, wiring.Plans), "trigger", RunRequest.Selection(Tasks(body.Tasks), session, wiring.Calendar.NewestEnded(wiring.Clock.GetUtcNow())), body.Force), body.DryRun);
    }

    private static (RunRequest Request, bool DryRun) Backfill(Wiring wiring, BackfillBody body)
    {
        var from = Date("from", body.From) ?? throw new BadRequestException("from: expected a date like 2025-12-01, got nothing");
        var to = Date("to", body.To) ?? throw new BadRequestException("to: expected a date like 2025-12-01, got nothing");
        return (RunRequest.Backfill(Sessions.Range(from, to, wiring.Calendar, wiring.Clock.GetUtcNow()), "trigger", Tasks(body.Tasks), body.Force), body.DryRun);
    }

    internal static async Task<IResult> StartAsync(Wiring wiring, (RunRequest Request, bool DryRun) asked, string message, CancellationToken ct)
    {
        if (asked.DryRun) return Json(await wiring.DryRun.OfAsync(asked.Request, ct));
        var id = await wiring.Runs.StartAsync(asked.Request);
        return Results.Text(new JsonObject
        {
            ["status"] = "triggered",
            ["message"] = message,
            ["target_date"] = StatusDocument.Day(asked.Request.Session),
            ["run_id"] = id,
        }.ToJsonString(), "application/json", statusCode: 202);
    }

    private static IReadOnlyList<string>? Tasks(IReadOnlyList<string>? names) => names switch
    {
        null => null,
        [] => throw new BadRequestException("tasks: expected a list of task names, got an empty one"),
        _ => [.. names.Select(n => TaskNames.Get(n ?? throw new BadRequestException("tasks: expected task names, got null among them")))],
    };

    internal static DateOnly? Date(string name, string? text) => text is null ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date
        : throw new BadRequestException($"{name}: expected a date like 2025-12-01, got '{text}'");

    internal static int Limit(int? limit, int otherwise, int most) => limit is null ? otherwise
        : limit >= 1 && limit <= most ? limit.Value
        : throw new BadRequestException($"limit: expected a whole number from 1 to {most}, got {limit}");

    internal static Symbol Symbol(string text) =>
        Market.Symbol.IsValid(text) ? new(text) : throw new BadRequestException($"symbol: '{text}' is no symbol; expected 1 to {Market.Symbol.MaxLength} printable characters without blanks");

    /// <param name="absent">What a 404 says when there is no answer.</param>
    internal static IResult Json(JsonNode? node, string absent = "there is nothing here") =>
        node is null ? throw new NotHereException(absent) : Results.Text(ApiJson.Text(node), "application/json");
}

/// <summary>The body of <c>POST /trigger</c>.</summary>
/// <param name="TargetDate">The session; absent for the newest that has ended.</param>
/// <param name="Plan">nightly, after_close, or another; absent for the one of the timetable.</param>
/// <param name="Tasks">Only these; absent for the whole plan.</param>
/// <param name="Force">Fetch and compute again what is complete.</param>
/// <param name="DryRun">Answer what would be done, and do nothing.</param>
public sealed record TriggerBody(string? TargetDate = null, string? Plan = null, IReadOnlyList<string>? Tasks = null, bool Force = false, bool DryRun = false);

/// <summary>The body of <c>POST /backfill</c>.</summary>
/// <param name="From">The first date.</param>
/// <param name="To">The last date, inclusive.</param>
/// <param name="Tasks">load_ohlc, load_volume_slots; absent for both.</param>
/// <param name="Force">Fetch again what is complete.</param>
/// <param name="DryRun">Answer what would be done, and do nothing.</param>
public sealed record BackfillBody(string? From, string? To, IReadOnlyList<string>? Tasks = null, bool Force = false, bool DryRun = false);
