using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Market;
using Simulator;
using Simulator.S3;

namespace DataMaintenance.Bench;

/// <summary>
/// A year of the full simulated market backfilled from flat files over S3 by the built service, as a whole process, beside the limit: unpacking the same files and
/// nothing else. The files are made once and kept for the next time; the simulated provider, in this process, only serves them.
/// </summary>
internal static class Year
{
    private static readonly DateTimeOffset Now = new(2025, 12, 2, 17, 0, 0, TimeSpan.Zero);

    /// <summary>What a session takes on the disk at most, MB: its files, and its rows in a store.</summary>
    private const int FileMegabytes = 32, EmbeddedMegabytes = 40, PostgresMegabytes = 130;

    public static async Task<int> RunAsync(int sessions, bool postgres)
    {
        var root = Night.Root();
        using (var build = Process.Start(Path.Combine(root, "data-maintenance"), ["--version"])) await build.WaitForExitAsync();
        var files = YearFiles.Folder;
        var range = TradingCalendar.Nyse.LastSessions(sessions, FullMarket.Session);
        RequireDisk(files, range.Count * (FileMegabytes + (postgres ? PostgresMegabytes : EmbeddedMegabytes)));
        await YearFiles.MakeAsync(files, range);
        var (unpacking, packed, rows) = await YearFiles.UnpackAsync(files, range);
        Say($"GZipStream alone, one thread: {unpacking:0.0} s for {range.Count} minute files, {packed / 1e6:N0} MB packed, {rows:N0} rows");

        var folder = Directory.CreateTempSubdirectory("data-maintenance-bench-").FullName;
        await using var servers = postgres ? await BenchServers.StartAsync() : null;
        try
        {
            await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions { Now = Now, Files = new() { Folder = files } }, TimeProvider.System, CancellationToken.None);
            string[] command = ["backfill", "--json", "--from", Day(range[0]), "--to", Day(range[^1])];
            var start = new ProcessStartInfo(Path.Combine(root, "artifacts", "run", "current", "data-maintenance"), command) { RedirectStandardOutput = true };
            foreach (var (name, value) in Settings(simulator, folder, servers)) start.Environment[name] = value;
            var (mine, database) = (Environment.CpuUsage.TotalTime, servers is null ? 0 : CpuTime.OfTree(servers.PostgresPid));
            var (said, service) = await WatchAsync(start);
            Tell(range.Count, unpacking, said, service, servers is null ? null : CpuTime.OfTree(servers.PostgresPid) - database, (Environment.CpuUsage.TotalTime - mine).TotalSeconds);
            return service.Exit;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void RequireDisk(string folder, long megabytes)
    {
        Directory.CreateDirectory(folder);
        var free = new DriveInfo(folder).AvailableFreeSpace / 1_000_000;
        if (free < megabytes) throw new InvalidOperationException($"about {megabytes:N0} MB on the disk of {folder} expected, {free:N0} MB are free; take fewer sessions");
    }

    private static Dictionary<string, string> Settings(SimulatorHost simulator, string folder, BenchServers? servers)
    {
        var settings = new Dictionary<string, string>
        {
            ["Provider__Kind"] = "Simulator",
            ["Provider__BaseUrl"] = simulator.BaseUrl.ToString(),
            ["Provider__CallsPerSecond"] = "0",
            ["Provider__FlatFiles__AccessKey"] = new FilesOptions().AccessKey,
            ["Provider__FlatFiles__SecretKey"] = new FilesOptions().SecretKey,
            ["Store__Path"] = Path.Combine(folder, "store"),
            ["Logs__Directory"] = Path.Combine(folder, "logs"),
            ["Clock__Start"] = Now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        };
        if (servers is not null)
            (settings["Store__Kind"], settings["Store__ConnectionString"], settings["Redis__Kind"], settings["Redis__ConnectionString"]) = ("Postgres", servers.Postgres, "Server", $"127.0.0.1:{servers.RedisPort}");
        return settings;
    }

    private static async Task<(JsonNode Said, Spent Service)> WatchAsync(ProcessStartInfo start)
    {
        var watch = Stopwatch.StartNew();
        using var service = Process.Start(start)!;
        var output = service.StandardOutput.ReadToEndAsync();
        var (cpu, peak) = (0.0, 0.0);
        while (!service.HasExited)
        {
            (cpu, peak) = (Math.Max(cpu, CpuTime.OfTree(service.Id)), Math.Max(peak, CpuTime.PeakMegabytes(service.Id)));
            await Task.Delay(50);
        }

        var text = await output;
        return (text.Length > 0 ? JsonNode.Parse(text)! : throw new InvalidOperationException($"the service ended with {service.ExitCode} and said nothing"), new(watch.Elapsed.TotalSeconds, cpu, peak, service.ExitCode));
    }

    private static void Tell(int sessions, double unpacking, JsonNode said, Spent service, double? database, double provider)
    {
        var slots = said["tasks"]!.AsArray().Single(t => t!["task"]!.GetValue<string>() == "load_volume_slots")!;
        var seconds = slots["seconds"]!.GetValue<double>();
        Say($"| {sessions} sessions, {(database is null ? "embedded store" : "PostgreSQL")} | |");
        Say($"|---|---|");
        Say($"| unpacking alone, one thread, s | {unpacking:0.0} |");
        Say($"| slots of all sessions, from looking for the files to the checks afterwards, s | {seconds:0.0} |");
        Say($"| sessions a minute | {sessions / seconds * 60:0} |");
        Say($"| times the limit | {seconds / unpacking:0.0} |");
        Say($"| rows stored | {slots["counts"]!["rows"]?.GetValue<double>() ?? 0:N0} |");
        Say($"| whole backfill, bars, universe and splits included, s | {service.Wall:0.0} |");
        Say($"| CPU of the service, s | {service.Cpu:0.0} |");
        if (database is { } spent) Say($"| CPU of PostgreSQL, s | {spent:0.0} |");
        Say($"| CPU of the simulated provider, s | {provider:0.0} |");
        Say($"| peak memory of the service, MB | {service.Peak:0} |");
        foreach (var task in said["tasks"]!.AsArray()) Console.WriteLine($"{task!["task"]} {task["state"]} {task["seconds"]} s {task["error"]}");
    }

    private static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private sealed record Spent(double Wall, double Cpu, double Peak, int Exit);
}
