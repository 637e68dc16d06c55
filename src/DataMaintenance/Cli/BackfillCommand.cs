using System.CommandLine;
using System.Text.Json.Nodes;
using DataMaintenance.Pipeline;

namespace DataMaintenance.Cli;

/// <summary><c>backfill</c>: facts of a range of sessions.</summary>
internal static class BackfillCommand
{
    private static readonly Option<DateOnly?> From = Commands.Date("--from", "the first date");
    private static readonly Option<DateOnly?> To = Commands.Date("--to", "the last date, inclusive");
    private static readonly Option<string[]?> Tasks = Commands.Names("--tasks", "only these: load_ohlc, load_volume_slots; splits, and Redis where it is stale by it, come along", "a,b");
    private static readonly Option<bool> Force = new("--force") { Description = "fetch again what is complete" };
    private static readonly Option<bool> DryRunOnly = new("--dry-run") { Description = "say what would be done: gaps, calls, expected time" };

    public static Command Build()
    {
        From.Required = To.Required = true;
        var command = new Command("backfill", "Load the facts of a range of sessions; what is complete is skipped.") { From, To, Tasks, Force, DryRunOnly };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, host => RequestRunner.RunAsync(host, Ask(parsed, host), parsed.GetValue(DryRunOnly), ct)));
        return command;
    }

    private static Asked Ask(ParseResult parsed, CommandHost host)
    {
        var (from, to, force, tasks) = (parsed.GetValue(From)!.Value, parsed.GetValue(To)!.Value, parsed.GetValue(Force), Commands.Given(parsed, Tasks));
        var body = new JsonObject { ["from"] = StatusDocument.Day(from), ["to"] = StatusDocument.Day(to), ["force"] = force };
        if (tasks is not null) body["tasks"] = Asked.Names(tasks);
        return new(calendar => RunRequest.Backfill(Sessions.Range(from, to, calendar, host.Clock.GetUtcNow()), "cli", tasks, force), "/backfill", body);
    }
}
