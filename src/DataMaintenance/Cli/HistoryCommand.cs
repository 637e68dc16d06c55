using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace DataMaintenance.Cli;

/// <summary><c>history</c>: runs, newest first, from the journal.</summary>
internal static class HistoryCommand
{
    private static readonly Option<int> Limit = Commands.Number("--limit", "how many runs", 20, 1, 10_000);

    public static Command Build()
    {
        var command = new Command("history", "The runs so far, newest first.") { Limit };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async host =>
        {
            var limit = parsed.GetValue(Limit);
            var history = (await host.AskAsync(async answers => await answers.HistoryAsync(limit, ct), string.Create(CultureInfo.InvariantCulture, $"/history?limit={limit}"), new JsonArray(), ct))!.AsArray();
            if (host.Json)
            {
                host.Write(history);
                return Exit.Done;
            }

            Console.Out.WriteLine(history.Count == 0 ? "No run yet." : $"{"run",4} {"session",-10} {"plan",-11} {"by",-8} {"state",-11} {"started, UTC",-16} {"seconds",8} tasks");
            foreach (var run in history) Console.Out.WriteLine(Line(run!));
            return Exit.Done;
        }));
        return command;
    }

    /// <summary>80 columns, and what failed behind them.</summary>
    private static string Line(JsonNode run)
    {
        var failed = run["failed"]!.AsArray();
        return $"{run["run_id"],4} {run["date"],-10} {run["plan"],-11} {run["trigger"],-8} {run["state"],-11} {run["started_at"]!.GetValue<string>()[..16].Replace('T', ' ')} {RunSummary.Seconds(run["duration_seconds"]),8} {run["completed"]}/{run["total"]}{(failed.Count > 0 ? $"  failed: {string.Join(", ", failed)}" : "")}";
    }
}
