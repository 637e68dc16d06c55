using System.CommandLine;
using System.Text.Json.Nodes;
using DataMaintenance.Api;
using DataMaintenance.Pipeline;
using DataMaintenance.Schedule;
using Market;

namespace DataMaintenance.Cli;

/// <summary><c>calendar</c>: the sessions of a range, as CSV; with what the store, or the service on it, has learned of single days.</summary>
internal static class CalendarCommand
{
    private static readonly Option<DateOnly?> From = Commands.Date("--from", "the first date");
    private static readonly Option<DateOnly?> To = Commands.Date("--to", "the last date, inclusive");
    private static readonly Option<FileInfo?> Out = new("--out") { Description = "write here instead of to the terminal", HelpName = "FILE.csv" };

    public static Command Build()
    {
        From.Required = To.Required = true;
        var command = new Command("calendar", "The exchange's sessions: date, open and close (UTC), early closes.") { From, To, Out };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async host =>
        {
            if (parsed.GetValue(Out)?.Directory is { Exists: false } folder) throw new RequestException($"--out: there is no folder {folder.FullName}");
            var sessions = await SessionsAsync(host, parsed.GetValue(From)!.Value, parsed.GetValue(To)!.Value, ct);
            if (host.Json && parsed.GetValue(Out) is null)
            {
                host.Write(sessions);
                return Exit.Done;
            }

            await using var writer = parsed.GetValue(Out) is { } file ? new StreamWriter(file.FullName) { NewLine = "\n" } : null;
            var output = writer ?? Console.Out;
            await output.WriteLineAsync("date,open_utc,close_utc,early_close,close_et");
            foreach (var s in sessions) await output.WriteLineAsync($"{s!["date"]},{s["open_utc"]},{s["close_utc"]},{s["early_close"]},{s["close_et"]}");
            if (parsed.GetValue(Out) is { } written)
            {
                if (host.Json) host.Write(new JsonObject { ["sessions"] = sessions.Count, ["file"] = written.FullName });
                else Console.Out.WriteLine($"{sessions.Count:N0} sessions written to {written.FullName}");
            }

            return Exit.Done;
        }));
        return command;
    }

    private static async Task<JsonArray> SessionsAsync(CommandHost host, DateOnly from, DateOnly to, CancellationToken ct)
    {
        JsonNode Of(TradingCalendar calendar) => ApiJson.ToNode(CalendarApi.Of(calendar, from, to));
        var byRule = Of(host.Settings.Calendar());
        var sessions = await host.AskStoreAsync(async store => Of(await CalendarDoubt.RecalledAsync(host.Settings.Calendar(), store, ct)), $"/api/calendar?from={from:yyyy-MM-dd}&to={to:yyyy-MM-dd}", byRule, ct)
            ?? throw new InvalidOperationException("the service on this store tells no calendar; it is of an older version, restart it");
        return sessions.AsArray();
    }
}
