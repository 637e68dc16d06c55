using System.CommandLine;
using System.Globalization;

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
            var history = (await host.AskAsync(async answers => await answers.HistoryAsync(limit, ct), string.Create(CultureInfo.InvariantCulture, $"/history?limit={limit}"), new System.Text.Json.Nodes.JsonArray(), ct))!.AsArray();
            if (host.Json)
            {
                host.Write(history);
                return Exit.Done;
            }

            if (history.Count == 0) Console.Out.WriteLine("No run yet.");
            foreach (var run in history)
                Console.Out.WriteLine($"{run!["run_id"],5}  {run["date"]}  {run["plan"],-11} {run["trigger"],-9} {run["state"],-11} {run["started_at"],-24} {(run["duration_seconds"] is { } seconds ? RunSummary.Seconds(seconds) + " s" : ""),10}  {run["completed"]}/{run["total"]}{(run["failed"]!.AsArray().Count > 0 ? "  failed: " + string.Join(", ", run["failed"]!.AsArray()) : "")}");
            return Exit.Done;
        }));
        return command;
    }
}
