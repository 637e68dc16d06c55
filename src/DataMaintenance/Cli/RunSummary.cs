using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace DataMaintenance.Cli;

/// <summary>The table at the end of a run, from the run's JSON, so that a run elsewhere looks the same.</summary>
internal static class RunSummary
{
    public static void Write(JsonObject run)
    {
        var tasks = run["tasks"]!.AsArray().Select(t => t!.AsObject()).ToArray();
        var table = new Table().Border(Console.IsOutputRedirected ? TableBorder.None : TableBorder.Rounded)
            .AddColumn("task").AddColumn("state").AddColumn(new TableColumn("seconds").RightAligned()).AddColumn(new TableColumn("symbols").RightAligned()).AddColumn(new TableColumn("rows").RightAligned());
        foreach (var task in tasks)
            table.AddRow(new Markup(Text(task["task"])), State(Text(task["state"])), new Text(Seconds(task["seconds"])), new Text(Number(task["counts"]?["symbols"])), new Text(Number(task["counts"]?["rows"])));
        AnsiConsole.Write(table);

        foreach (var remark in tasks.SelectMany(Remarks)) Console.Out.WriteLine(remark);

        var success = run["success"]?.GetValue<bool>() == true;
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Text(run["date"])} {Text(run["plan"])}: {(success ? "complete" : "NOT complete")}, {tasks.Count(t => Text(t["state"]) is "completed" or "skipped")} of {tasks.Length} tasks, {Seconds(run["duration_seconds"])} s (run {Number(run["run_id"])})"));
    }

    /// <summary>Of one task, in a summary.</summary>
    private const int WarningsShown = 4;

    /// <summary>What is worth reading of a task: what failed, why it was skipped, its first warnings.</summary>
    internal static IEnumerable<string> Remarks(JsonObject task)
    {
        var name = Text(task["task"]);
        var checks = (task["checks"]?.AsArray() ?? []).Select(c => c!.GetValue<string>()).Where(c => IsNotable(c) || Text(task["state"]) == "skipped").ToArray();
        var warnings = checks.Where(c => c.StartsWith("warning:", StringComparison.Ordinal)).ToArray();
        foreach (var text in checks.Except(warnings.Skip(WarningsShown))) yield return $"{name}: {text}";
        if (warnings.Length > WarningsShown) yield return $"{name}: and {warnings.Length - WarningsShown} more warnings; `data-maintenance findings --all` lists them";
        if (task["error"] is { } error && !checks.Any(c => c.EndsWith(error.GetValue<string>(), StringComparison.Ordinal))) yield return $"{name}: {(Text(task["state"]) == "failed" ? "failed: " : "")}{error.GetValue<string>()}";
    }

    private static bool IsNotable(string check) => !check.StartsWith("ok:", StringComparison.Ordinal) && !check.StartsWith("not learned:", StringComparison.Ordinal);

    public static Markup State(string state) => new(state switch
    {
        "completed" => "[green]completed[/]",
        "failed" => "[red]failed[/]",
        _ => state,
    });

    public static string Seconds(JsonNode? node) => node is null ? "" : double.Parse(node.ToString(), CultureInfo.InvariantCulture).ToString("#,0.00", CultureInfo.InvariantCulture);

    public static string Text(JsonNode? node) => node?.ToString() ?? "";

    public static string Number(JsonNode? node) =>
        node is null ? "" : double.Parse(node.ToString(), CultureInfo.InvariantCulture).ToString("#,0.##", CultureInfo.InvariantCulture);
}
