using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using DataMaintenance.Pipeline;
using Market;

namespace DataMaintenance.Cli;

/// <summary><c>calendar</c>: the sessions of a range, as CSV.</summary>
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
            var (from, to) = (parsed.GetValue(From)!.Value, parsed.GetValue(To)!.Value);
            if (to < from) throw new RequestException($"--to {to:yyyy-MM-dd} lies before --from {from:yyyy-MM-dd}");
            IReadOnlyList<SessionHours> sessions;
            try
            {
                var calendar = host.Settings.Calendar();
                sessions = [.. calendar.Sessions(from, to).Select(calendar.Hours)];
            }
            catch (ArgumentOutOfRangeException e)
            {
                throw new RequestException(RequestException.Plain(e));
            }

            if (host.Json && parsed.GetValue(Out) is null)
            {
                host.Write(new JsonArray([.. sessions.Select(s => (JsonNode)new JsonObject
                {
                    ["date"] = Day(s.Date), ["open_utc"] = Instant(s.Open), ["close_utc"] = Instant(s.Close), ["early_close"] = s.EarlyClose ? 1 : 0, ["close_et"] = Et(s),
                })]));
                return Exit.Done;
            }

            if (parsed.GetValue(Out)?.Directory is { Exists: false } folder) throw new RequestException($"--out: there is no folder {folder.FullName}");
            await using var writer = parsed.GetValue(Out) is { } file ? new StreamWriter(file.FullName) { NewLine = "\n" } : null;
            var output = writer ?? Console.Out;
            await output.WriteLineAsync("date,open_utc,close_utc,early_close,close_et");
            foreach (var s in sessions) await output.WriteLineAsync($"{Day(s.Date)},{Instant(s.Open)},{Instant(s.Close)},{(s.EarlyClose ? 1 : 0)},{Et(s)}");
            if (parsed.GetValue(Out) is { } written)
            {
                if (host.Json) host.Write(new JsonObject { ["sessions"] = sessions.Count, ["file"] = written.FullName });
                else Console.Out.WriteLine($"{sessions.Count:N0} sessions written to {written.FullName}");
            }

            return Exit.Done;
        }));
        return command;
    }

    private static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    private static string Et(SessionHours hours) => TradingCalendar.NewYorkTime(hours.Close).ToString("HH:mm", CultureInfo.InvariantCulture);
}
