using System.Text.Json;
using System.Text.Json.Nodes;
using DataMaintenance.Logs;
using Microsoft.Extensions.Logging;

namespace DataMaintenance.Tests.House;

public sealed partial class LogsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("logs").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void An_event_is_one_flat_line_under_its_name()
    {
        using (var logs = Open())
            TaskCompleted(Own(logs), "load_ohlc", new DateOnly(2025, 12, 1), 1.25, 11_689, null);
        var line = Assert.Single(Lines("maintenance.log"));
        Assert.Equal(["event", "timestamp", "level", "task", "date", "duration_seconds", "symbols_processed", "note"], line.Select(f => f.Key));
        Assert.Equal("task_completed|info|load_ohlc|2025-12-01|1.25|11689|", string.Join('|', line.Where(f => f.Key != "timestamp").Select(f => f.Value?.ToString())));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", line["timestamp"]!.GetValue<string>());
        Assert.Equal(JsonValueKind.Number, line["symbols_processed"]!.GetValueKind());
    }

    [Fact]
    public void In_a_drill_every_line_also_shows_its_clock()
    {
        var drill = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new DateTimeOffset(2025, 12, 2, 8, 0, 0, TimeSpan.Zero));
        using (var logs = ServiceLogs.Create(new() { Directory = folder }, [], toConsole: false, drill))
            Own(logs).LogInformation("something");
        var line = Assert.Single(Lines("maintenance.log"));
        Assert.Equal("2025-12-02T08:00:00.000Z", line["drill_time"]!.GetValue<string>());
        Assert.NotEqual(line["drill_time"]!.GetValue<string>(), line["timestamp"]!.GetValue<string>());
    }

    [Fact]
    public void An_event_without_a_name_says_its_message()
    {
        using (var logs = Open())
            Own(logs).LogWarning("{Count} {What} on {Day:O}", 3, "things", new DateOnly(2025, 12, 1));
        var line = Assert.Single(Lines("maintenance.log"));
        Assert.Equal(("3 things on 2025-12-01", 3, "warning"), (line["event"]!.GetValue<string>(), line["count"]!.GetValue<int>(), line["level"]!.GetValue<string>()));
    }

    [Fact]
    public void Errors_are_in_both_files_with_their_cause()
    {
        using (var logs = Open())
        {
            Own(logs).LogInformation("fine");
            Own(logs).LogError(new InvalidOperationException("no such day"), "broken");
        }

        Assert.Equal(2, Lines("maintenance.log").Count);
        var line = Assert.Single(Lines("maintenance_errors.log"));
        Assert.Equal("InvalidOperationException: no such day", line["error"]!.GetValue<string>());
        Assert.Contains(nameof(InvalidOperationException), line["stack"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_is_blotted_out_wherever_it_stands()
    {
        using (var logs = ServiceLogs.Create(new() { Directory = folder }, ["p;w\"d/1", "abcd1234", "no"], toConsole: false))
        {
            Own(logs).LogError(new HttpRequestException("GET https://x/?apiKey=abcd1234 failed"), "asked {Url} as {Who}, no luck", "https://x/?k=p%3Bw%22d%2F1", new[] { "p;w\"d/1", "abcd1234" });
            using (Own(logs).BeginScope(new Dictionary<string, object> { ["token"] = "abcd1234" })) Own(logs).LogInformation("abcd1234");
        }

        var text = File.ReadAllText(Path.Combine(folder, "maintenance.log"));
        Assert.DoesNotContain("abcd1234", text, StringComparison.Ordinal);
        Assert.DoesNotContain("p;w", text, StringComparison.Ordinal);
        Assert.DoesNotContain("p%3Bw", text, StringComparison.Ordinal);
        Assert.Contains("no luck", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_level_changes_while_running()
    {
        using (var logs = Open())
        {
            Own(logs).LogDebug("unheard");
            logs.Level = LogLevel.Debug;
            Own(logs).LogDebug("heard");
            logs.Level = LogLevel.Warning;
            Own(logs).LogInformation("unheard");
        }

        Assert.Equal(["heard"], Lines("maintenance.log").Select(l => l["event"]!.GetValue<string>()));
    }

    [Fact]
    public void The_framework_is_heard_when_it_warns_and_says_who_it_is()
    {
        using (var logs = Open())
        {
            var kestrel = logs.Factory.CreateLogger("Microsoft.AspNetCore.Server.Kestrel");
            kestrel.LogInformation("chatter");
            kestrel.LogWarning(new EventId(7, "HeartbeatSlow"), "slow by {Seconds} s", 3);
        }

        var line = Assert.Single(Lines("maintenance.log"));
        Assert.Equal("heartbeat_slow|slow by 3 s|Microsoft.AspNetCore.Server.Kestrel", $"{line["event"]}|{line["message"]}|{line["source"]}");
    }

    [Fact]
    public void A_full_file_is_rolled_the_newest_are_kept_and_no_line_is_lost_or_broken()
    {
        var path = Path.Combine(folder, "x.log");
        using (var logger = new Serilog.LoggerConfiguration().WriteTo.Sink(new RollingFile(path, limit: 2_000, kept: 3, new JsonLine(new Redaction([])))).CreateLogger())
            Parallel.For(0, 100, new ParallelOptions { CancellationToken = TestContext.Current.CancellationToken }, i => logger.Information("line {Number}", i));
        Assert.Equal(["x.log", "x.log.1", "x.log.2"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        Assert.InRange(new FileInfo(path + ".1").Length, 2_000, 2_200);
        Assert.InRange(Lines("x.log").Count + Lines("x.log.1").Count + Lines("x.log.2").Count, 30, 99);
    }

    [Fact]
    public void A_file_taken_away_is_begun_again()
    {
        using var logs = Open();
        Own(logs).LogInformation("one");
        File.Delete(Path.Combine(folder, "maintenance.log"));
        Own(logs).LogInformation("two");
        Assert.Equal("two", Assert.Single(Lines("maintenance.log"))["event"]!.GetValue<string>());
    }

    private ServiceLogs Open() => ServiceLogs.Create(new() { Directory = folder }, [], toConsole: false);

    private static ILogger Own(ServiceLogs logs) => logs.Factory.CreateLogger("DataMaintenance.Pipeline.Runner");

    private List<JsonObject> Lines(string file) => [.. File.ReadLines(Path.Combine(folder, file)).Select(l => JsonNode.Parse(l)!.AsObject())];

    [LoggerMessage(EventName = "task_completed", Level = LogLevel.Information, Message = "{task} of {date:O}: {duration_seconds} s, {SymbolsProcessed} symbols, {note}")]
    private static partial void TaskCompleted(ILogger logger, string task, DateOnly date, double duration_seconds, int symbolsProcessed, string? note);
}
