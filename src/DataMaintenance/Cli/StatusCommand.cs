using System.CommandLine;
using System.Text.Json.Nodes;
using DataMaintenance.Pipeline;

namespace DataMaintenance.Cli;

/// <summary><c>status</c>: the state document of a session.</summary>
internal static class StatusCommand
{
    private static readonly Option<DateOnly?> Date = Commands.Date("--date", "the session; default the newest that was processed");

    public static Command Build()
    {
        var command = new Command("status", "How the newest session, or the one named, stands.") { Date };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async host =>
        {
            var date = parsed.GetValue(Date);
            var day = date?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
            var status = await host.AskAsync(async answers => await answers.StatusAsync(date, ct), day is null ? "/status" : $"/status/{day}", day is null ? Api.Answers.NoRunYet() : null, ct);
            // A day on which nothing can have run is told as that.
            if (status is null && date is not null) _ = Sessions.Of(date, host.Settings.Calendar(), host.Clock.GetUtcNow());
            if (status is null) throw new InvalidOperationException($"nothing ever ran for {day}; `data-maintenance history` shows what did");
            if (host.Json) host.Write(status);
            else
            {
                Write(status.AsObject());
                OtherRun(status, await host.AskAsync(async answers => await answers.HistoryAsync(RunsLookedAt, ct), $"/history?limit={RunsLookedAt}", null, ct));
            }

            return status["details"]?["all_success"]?.GetValue<bool>() == true ? Exit.Done : Exit.Failed;
        }));
        return command;
    }

    private const int RunsLookedAt = 5;

    /// <summary>Names a run of another session that goes on meanwhile.</summary>
    private static void OtherRun(JsonNode status, JsonNode? runs)
    {
        var shown = status["details"]?["date"]?.ToString();
        if (runs?.AsArray().FirstOrDefault(r => r!["state"]!.ToString() == "in_progress" && r["date"]!.ToString() != shown) is { } other)
            Console.Out.WriteLine($"Meanwhile {other["plan"]} of {other["date"]} runs, since {Second(other["started_at"])}; `data-maintenance status --date {other["date"]}` follows it");
    }

    /// <summary>Of an instant in JSON all but its fraction.</summary>
    private static string Second(JsonNode? instant) => $"{instant!.GetValue<string>()[..19].Replace('T', ' ')}Z";

    private static void Write(JsonObject status)
    {
        if (status["details"] is not JsonObject details)
        {
            Console.Out.WriteLine("No maintenance has run on the store of these settings (Store:Path) yet; `data-maintenance run` runs the newest session.");
            return;
        }

        Console.Out.WriteLine($"{details["date"]} {details["plan"]}: {(details["all_success"]!.GetValue<bool>() ? "complete" : "NOT complete")}, {Second(details["started_at"])} to {(details["completed_at"] is { } end ? Second(end) : "now")}");
        foreach (var (task, state) in details["tasks"]!.AsObject())
        {
            var result = details["results"]?[task];
            Console.Out.WriteLine($"  {task,-30} {state,-12} {(result?["seconds"] is { } seconds ? RunSummary.Seconds(seconds) + " s" : ""),10}{(result?["error"] is { } error ? $"  {error}" : "")}");
        }

        // A run of some tasks makes no session complete, however well it went.
        var whole = details["all_success"]!.GetValue<bool>() || details["tasks"]!.AsObject().Any(t => !TaskStates.Parse(t.Value!.GetValue<string>()).IsSuccess());
        if (!whole && details["completed_at"] is not null)
            Console.Out.WriteLine($"Only these tasks ran: the whole plan has not, and is due; `data-maintenance run --date {details["date"]}` runs it now");
    }
}
