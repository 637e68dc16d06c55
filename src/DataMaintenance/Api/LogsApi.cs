using System.Text.Json;
using System.Text.Json.Nodes;
using DataMaintenance.Logs;

namespace DataMaintenance.Api;

/// <summary><c>/api/logs/level</c>: the least level written, read and changed while the service runs; a restart brings back <c>Logs:Level</c>.</summary>
internal static partial class LogsApi
{
    public static void MapLogs(this WebApplication app, ServiceLogs logs)
    {
        app.MapGet("/api/logs/level", () => Answer(logs.Level)).Tells<LevelShape>("Health", "The least level written to the logs");
        app.MapPost("/api/logs/level", async (HttpRequest request, CancellationToken ct) =>
        {
            var before = logs.Level;
            logs.Level = await LevelAsync(request, ct);
            LevelChanged(logs.Factory.CreateLogger("DataMaintenance.Api"), before, logs.Level);
            return Answer(logs.Level);
        }).Changes<LevelShape>("Health", "Change the least level written, until the process ends", 200, 400).Takes<LevelShape>(optional: false);
    }

    private static IResult Answer(LogLevel level) => Results.Text(new JsonObject { ["level"] = level.ToString() }.ToJsonString(), "application/json");

    private static async Task<LogLevel> LevelAsync(HttpRequest request, CancellationToken ct)
    {
        string? text;
        try
        {
            text = (await JsonNode.ParseAsync(request.Body, cancellationToken: ct))?["level"]?.GetValue<string>();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            text = null;
        }

        return Enum.GetValues<LogLevel>().Cast<LogLevel?>().FirstOrDefault(l => l != LogLevel.None && l.ToString()!.Equals(text, StringComparison.OrdinalIgnoreCase))
            ?? throw new BadRequestException($"level: expected one of {string.Join(", ", Enum.GetNames<LogLevel>()[..^1])} in a body like {{\"level\":\"Debug\"}}, got '{text}'");
    }

    [LoggerMessage(EventId = 430, EventName = "log_level_changed", Level = LogLevel.Warning, Message = "from {before} to {after}")]
    private static partial void LevelChanged(ILogger logger, LogLevel before, LogLevel after);
}
