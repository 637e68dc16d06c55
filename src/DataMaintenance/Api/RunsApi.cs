using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataMaintenance.Pipeline;

namespace DataMaintenance.Api;

/// <summary>What ran, and running more: <c>/status</c>, <c>/history</c>, <c>/runs/{id}</c>, <c>/trigger</c>, <c>/backfill</c>, <c>/clear-caches</c>.</summary>
internal static class RunsApi
{
    public static void MapRuns(this WebApplication app, Wiring wiring)
    {
        var answers = new Answers(wiring.Store);
        app.MapGet("/status", async (string? date, CancellationToken ct) => Json(await answers.StatusAsync(date is null ? null : Date("date", date), ct), $"nothing ever ran for {date}; GET /history shows what did"));
        app.MapGet("/status/{date}", async (string date, CancellationToken ct) => Json(await answers.StatusAsync(Date("date", date), ct), $"nothing ever ran for {date}; GET /history shows what did"));
        app.MapGet("/history", async (string? limit, CancellationToken ct) => Json(await answers.HistoryAsync(Limit(limit), ct)));
        app.MapGet("/runs/{id:long}", async (long id, CancellationToken ct) => Json(await answers.RunAsync(id, ct), $"there is no run {id}; GET /history shows those there are"));
        app.MapPost("/trigger", async (HttpRequest request, CancellationToken ct) => await StartAsync(wiring, Trigger(wiring, await BodyAsync(request, ct)), "Maintenance cycle started", ct));
        app.MapPost("/backfill", async (HttpRequest request, CancellationToken ct) => await StartAsync(wiring, Backfill(wiring, await BodyAsync(request, ct)), "Backfill started", ct));
        app.MapPost("/clear-caches", async (CancellationToken ct) =>
            await StartAsync(wiring, (new(wiring.Calendar.NewestEnded(wiring.Clock.GetUtcNow()), Plan.CacheClear, "trigger", [TaskNames.ClearCaches]), false), "Cache clearing started", ct));
    }

    private static (RunRequest Request, bool DryRun) Trigger(Wiring wiring, JsonObject body)
    {
        Known(body, "target_date", "tasks", "force", "dry_run", "plan");
        var session = Sessions.Of(Value<string>(body, "target_date") is { } date ? Date("target_date", date) : null, wiring.Calendar, wiring.Clock.GetUtcNow());
        var plan = Plan.Get(Value<string>(body, "plan") ?? wiring.Timetable.Main.Name, wiring.Plans);
        return (new(session, plan, "trigger", Tasks(body), Value<bool?>(body, "force") ?? false), Value<bool?>(body, "dry_run") ?? false);
    }

    private static (RunRequest Request, bool DryRun) Backfill(Wiring wiring, JsonObject body)
    {
        Known(body, "from", "to", "tasks", "force", "dry_run");
        var from = Date("from", Value<string>(body, "from") ?? throw new BadRequestException("from: expected a date like 2025-12-01, got nothing"));
        var to = Date("to", Value<string>(body, "to") ?? throw new BadRequestException("to: expected a date like 2025-12-01, got nothing"));
        var sessions = Sessions.Range(from, to, wiring.Calendar, wiring.Clock.GetUtcNow());
        return (RunRequest.Backfill(sessions, "trigger", Tasks(body), Value<bool?>(body, "force") ?? false), Value<bool?>(body, "dry_run") ?? false);
    }

    private static async Task<IResult> StartAsync(Wiring wiring, (RunRequest Request, bool DryRun) asked, string message, CancellationToken ct)
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

    private static async Task<JsonObject> BodyAsync(HttpRequest request, CancellationToken ct)
    {
        using var reader = new StreamReader(request.Body);
        var text = await reader.ReadToEndAsync(ct);
        if (string.IsNullOrWhiteSpace(text)) return [];
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw new BadRequestException("the body: expected a JSON object");
        }
        catch (JsonException e)
        {
            throw new BadRequestException($"the body is no JSON: {e.Message}");
        }
    }

    private static void Known(JsonObject body, params string[] names)
    {
        if (body.Select(p => p.Key).FirstOrDefault(k => !names.Contains(k)) is { } odd) throw new BadRequestException($"{odd}: unknown; the fields are {string.Join(", ", names)}");
    }

    private static IReadOnlyList<string>? Tasks(JsonObject body)
    {
        if (body["tasks"] is not { } node) return null;
        if (node is not JsonArray array || array.Count == 0 || array.Any(n => n is null || n.GetValueKind() != JsonValueKind.String)) throw new BadRequestException("tasks: expected a list of task names");
        return [.. array.Select(n => TaskNames.Get(n!.GetValue<string>()))];
    }

    private static T? Value<T>(JsonObject body, string name)
    {
        if (body[name] is not { } node) return default;
        try
        {
            return node.GetValue<T>();
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            throw new BadRequestException($"{name}: expected {(typeof(T) == typeof(string) ? "text" : "true or false")}, got {node.ToJsonString()}");
        }
    }

    internal static DateOnly Date(string name, string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : throw new BadRequestException($"{name}: expected a date like 2025-12-01, got '{text}'");

    private static int Limit(string? text) => text is null ? 20
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= 10_000 ? limit
        : throw new BadRequestException($"limit: expected a whole number from 1 to 10000, got '{text}'");

    /// <param name="absent">What a 404 says when there is no answer.</param>
    internal static IResult Json(JsonNode? node, string absent = "there is nothing here") =>
        node is null ? Results.Problem(absent, statusCode: 404, title: "Not found") : Results.Text(node.ToJsonString(), "application/json");
}
