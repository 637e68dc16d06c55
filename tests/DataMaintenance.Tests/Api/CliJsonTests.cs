using System.Text.Json.Nodes;
using DataMaintenance.Tests.EndToEnd;
using DataMaintenance.Tests.House;

namespace DataMaintenance.Tests.Api;

/// <summary>docs/cli.md against the executable, beside a service and alone: every answer has the shape the page gives it.</summary>
public sealed class CliJsonTests(Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task Beside_a_service_every_answer_is_of_the_shape_on_the_page()
    {
        await HoldsAsync(Beside, "status");
        await HoldsAsync(Beside, "history");
        await HoldsAsync(Beside, "next");
        await HoldsAsync(Beside, "findings", "--all");
        await HoldsAsync(Beside, "explain", "AAPL");
        await HoldsAsync(Beside, "verify");
        await HoldsAsync(Beside, "doctor");
        await HoldsAsync(Beside, "pause", "--why", "a test");
        await HoldsAsync(Beside, "resume");
        await HoldsAsync(Beside, "export", "atr", "--out", service.World.Folder.File("atr.csv"));
        await HoldsAsync(Beside, "run", "--date", "2025-12-01", "--tasks", "calculate_atr");
        await HoldsAsync(Beside, "run", "--date", "2025-12-01", "--force", "--dry-run");
        await HoldsAsync([.. Beside, ("Api__Urls", service.Http.BaseAddress!.ToString())], "health");
    }

    [Fact]
    public async Task Alone_the_same_commands_answer_in_the_same_shapes()
    {
        using var folder = new TemporaryFolder();
        (string, string)[] alone = [.. Beside, ("Store__Path", folder.File("store"))];
        await HoldsAsync(alone, "status");
        await HoldsAsync(alone, "history");
        await HoldsAsync(alone, "next");
        await HoldsAsync(alone, "migrate");
        await HoldsAsync(alone, "verify");
        await HoldsAsync(alone, "calendar", "--from", "2025-12-20", "--to", "2025-12-31");
        await HoldsAsync(alone, "calendar", "--from", "2025-12-20", "--to", "2025-12-31", "--out", folder.File("sessions.csv"));
        await HoldsAsync(alone, "simulate", "--files", folder.File("files"), "--days", "1", "--symbols", "50");
        await HoldsAsync([.. alone, ("Alerts__WebhookUrl", "http://127.0.0.1:9/")], "alerts", "test");
    }

    private (string, string)[] Beside =>
    [
        ("Store__Path", service.World.Folder.File("store")), ("Logs__Directory", service.World.Folder.File("logs-of-commands")), ("Provider__Kind", "Simulator"), ("Provider__ApiKey", "test"), ("Clock__Start", "2025-12-02T08:00:00Z"),
    ];

    private static async Task HoldsAsync((string Name, string Value)[] settings, params string[] arguments)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in settings) environment[name] = value;
        var outcome = await Executable.RunAsync(environment, [.. arguments, "--json"]);
        var command = arguments[0] == "alerts" ? "alerts test" : arguments[0];
        var shapes = CliShapes.All[command];
        var shape = arguments.Contains("--dry-run") || arguments.Contains("--files") || (command == "calendar" && arguments.Contains("--out")) ? shapes[1] : shapes[0];
        var schema = CliShapes.Schema(shape.Shape);
        Assert.True(JsonNode.Parse(outcome.Output) is { } answer && JsonShape.Differences(schema, schema, answer) is { Count: 0 }, $"{string.Join(' ', arguments)}: {Why(schema, outcome)}");
    }

    private static string Why(JsonNode schema, Executable.Outcome outcome) => $"{string.Join('\n', JsonShape.Differences(schema, schema, JsonNode.Parse(outcome.Output)))}\n{outcome}";
}
