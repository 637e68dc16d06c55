using System.Text.Json;
using DataMaintenance.Logs;

namespace DataMaintenance.Dashboard;

/// <summary>One line of the log. <paramref name="At"/> is the machine's clock, also during a drill.</summary>
/// <param name="Rest">Every other field, as <c>name=value</c>.</param>
public sealed record LogLine(DateTimeOffset At, string Level, string Event, string Rest);

/// <summary>What was logged from the start of a run to its end.</summary>
internal static class RunLog
{
    public const int Most = 400;
    private const string Started = "maintenance_cycle_started", Finished = "maintenance_cycle_finished";

    /// <returns>The run's lines, oldest first, at most <see cref="Most"/>; empty when the files no longer hold its beginning.</returns>
    /// <exception cref="IOException">The files cannot be read.</exception>
    public static async Task<IReadOnlyList<LogLine>> ReadAsync(LogsOptions options, long runId, DateOnly session, CancellationToken ct)
    {
        var active = Path.Combine(options.Directory, "maintenance.log");
        var files = Enumerable.Range(1, options.KeptFiles - 1).Reverse().Select(i => $"{active}.{i}").Append(active).Where(File.Exists);
        List<LogLine>? lines = null;
        var open = false;
        foreach (var file in files)
        {
            // The service goes on writing, and may roll the file meanwhile.
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            while (await reader.ReadLineAsync(ct) is { } text)
            {
                if (!open && !text.Contains(Started, StringComparison.Ordinal)) continue;
                if (Parse(text) is not { } parsed) continue;
                var (line, json) = parsed;
                if (line.Event == Started)
                {
                    // Stores come and go, and each counts its runs from 1: the newest that fits is meant.
                    open = Is(json, "run_id", runId) && json.TryGetProperty("date", out var date) && date.GetString() == Text.Day(session);
                    if (open) lines = [];
                }

                if (open && lines!.Count < Most) lines.Add(line);
                if (line.Event == Finished) open = false;
            }
        }

        return lines ?? [];
    }

    private static bool Is(JsonElement json, string name, long value) => json.TryGetProperty(name, out var field) && field.ValueKind == JsonValueKind.Number && field.TryGetInt64(out var found) && found == value;

    private static (LogLine Line, JsonElement Json)? Parse(string text)
    {
        try
        {
            var json = JsonDocument.Parse(text).RootElement;
            var rest = json.EnumerateObject().Where(p => p.Name is not ("event" or "timestamp" or "level" or "stack")).Select(p => $"{p.Name}={p.Value}");
            return (new(json.GetProperty("timestamp").GetDateTimeOffset(), json.GetProperty("level").GetString()!, json.GetProperty("event").GetString()!, string.Join("  ", rest)), json);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            // The last line of a file may be half written.
            return null;
        }
    }
}
