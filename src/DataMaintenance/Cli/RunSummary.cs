using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace DataMaintenance.Cli;

/// <summary>The table at the end of a run, from the run's JSON, so that a run elsewhere looks the same.</summary>
internal static class RunSummary
{
    public static void Write(JsonObject run, bool verbose)
    {
        var tasks = run["tasks"]!.AsArray().Select(t => t!.AsObject()).ToArray();
        var table = new Table().Border(Console.IsOutputRedirected ? TableBorder.None : TableBorder.Rounded)
            .AddColumn("task").AddColumn("state").AddColumn(new TableColumn("seconds").RightAligned()).AddColumn(new TableColumn("symbols").RightAligned()).AddColumn(new TableColumn("rows").RightAligned());
        foreach (var task in tasks)
            table.AddRow(new Markup(Text(task["task"])), State(Text(task["state"])), new Text(Seconds(task["seconds"])), new Text(Number(task["counts"]?["symbols"])), new Text(Number(task["counts"]?["rows"])));
        AnsiConsole.Write(table);

        foreach (var task in tasks)
        {
            foreach (var check in task["checks"]?.AsArray() ?? [])
            {
                var text = check!.GetValue<string>();
                var notable = !text.StartsWith("ok:", StringComparison.Ordinal) && !text.StartsWith("not learned:", StringComparison.Ordinal);
                if (!notable && !verbose && Text(task["state"]) != "skipped") continue;
                Console.Out.WriteLine($"{Text(task["task"])}: {text}");
            }

            if (task["error"] is { } error && !(task["checks"]?.AsArray().Any(c => c!.GetValue<string>().EndsWith(error.GetValue<string>(), StringComparison.Ordinal)) ?? false))
                Console.Out.WriteLine($"{Text(task["task"])}: failed: {error.GetValue<string>()}");
        }

        var success = run["success"]?.GetValue<bool>() == true;
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Text(run["date"])} {Text(run["plan"])}: {(success ? "complete" : "NOT complete")}, {tasks.Count(t => Text(t["state"]) is "completed" or "skipped")} of {tasks.Length} tasks, {Seconds(run["duration_seconds"])} s (run {Number(run["run_id"])})"));
    }

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
