using System.CommandLine;
using System.Globalization;

namespace DataMaintenance.Cli;

/// <summary><c>history</c>: runs, newest first, from the journal.</summary>
internal static class HistoryCommand
{
    private static readonly Option<int> Limit = new("--limit") { Description = "how many runs", DefaultValueFactory = _ => 20, HelpName = "N" };

    public static Command Build()
    {
        Limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 10_000) result.AddError("--limit: expected 1 to 10000");
        });
        var command = new Command("history", "The runs so far, newest first.") { Limit };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async host =>
        {
            var limit = parsed.GetValue(Limit);
            var history = (await host.AskAsync(async answers => await answers.HistoryAsync(limit, ct), string.Create(CultureInfo.InvariantCulture, $"/history?limit={limit}"), ct))!.AsArray();
            if (host.Json)
            {
                host.Write(history);
                return Exit.Done;
            }

            if (history.Count == 0) Console.Out.WriteLine("No run yet.");
            foreach (var run in history)
                Console.Out.WriteLine($"{run!["run_id"],5}  {run["date"]}  {run["plan"],-11} {run["trigger"],-9} {run["state"],-11} {run["started_at"],-24} {RunSummary.Number(run["duration_seconds"]),8} s  {run["completed"]}/{run["total"]}{(run["failed"]!.AsArray().Count > 0 ? "  failed: " + string.Join(", ", run["failed"]!.AsArray()) : "")}");
            return Exit.Done;
        }));
        return command;
    }
}
