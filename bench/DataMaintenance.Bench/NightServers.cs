using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Market;

namespace DataMaintenance.Bench;

/// <summary>
/// Nights on servers, as whole processes: the built service against a private PostgreSQL and a private Redis, the simulated provider of 12,000 securities in a
/// process of its own. 20 sessions of bars and 10 of slots are there; then night after night is run and what each process spent is counted.
/// </summary>
internal static class NightServers
{
    private static readonly DateOnly Prepared = new(2025, 12, 2);

    public static async Task<int> RunAsync(int nights)
    {
        var root = Night.Root();
        using (var build = Process.Start(Path.Combine(root, "data-maintenance"), ["--version"])) await build.WaitForExitAsync();
        var executable = Path.Combine(root, "artifacts", "run", "current", "data-maintenance");
        await using var servers = await BenchServers.StartAsync();
        var logs = Directory.CreateTempSubdirectory("data-maintenance-bench-logs-").FullName;
        var port = BenchServers.FreePort();
        using var simulator = Process.Start(new ProcessStartInfo(executable, ["simulate", "--port", port.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true })!;
        try
        {
            await simulator.StandardOutput.ReadLineAsync();
            using var control = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}/") };
            Console.WriteLine($"first load of {Prepared:yyyy-MM-dd}");
            await OneAsync(Prepared);
            Console.WriteLine("session     wall s | CPU s: service  postgres   redis  service+postgres  simulator | peak MB  exit");
            var session = Prepared;
            var walls = new List<double>();
            for (var i = 0; i < nights; i++)
            {
                session = TradingCalendar.Nyse.NextSession(session);
                walls.Add(await OneAsync(session));
            }

            walls.Sort();
            Console.WriteLine(FormattableString.Invariant($"median {walls[walls.Count / 2]:0.0} s of {nights} nights on {Environment.ProcessorCount} cores"));

            async Task<double> OneAsync(DateOnly day)
            {
                var now = TradingCalendar.At(TradingCalendar.Nyse.NextSession(day), new(3, 0)).UtcDateTime;
                (await control.PostAsJsonAsync("_control/clock", new { now })).EnsureSuccessStatusCode();
                var start = new ProcessStartInfo(executable, ["run", "--date", $"{day:yyyy-MM-dd}"]) { RedirectStandardOutput = true };
                foreach (var (name, value) in Settings(servers, port, logs, now)) start.Environment[name] = value;
                return await MeasureAsync(day, start, servers, simulator.Id);
            }
        }
        finally
        {
            simulator.Kill();
            Directory.Delete(logs, recursive: true);
        }

        return 0;
    }

    private static Dictionary<string, string> Settings(BenchServers servers, int simulator, string logs, DateTime now) => new()
    {
        ["Provider__Kind"] = "Simulator",
        ["Provider__BaseUrl"] = $"http://127.0.0.1:{simulator}/",
        ["Provider__ApiKey"] = "bench",
        ["Provider__CallsPerSecond"] = "0",
        ["Provider__DetailsPause"] = "00:00:00",
        ["Store__Kind"] = "Postgres",
        ["Store__ConnectionString"] = servers.Postgres,
        ["Redis__Kind"] = "Server",
        ["Redis__ConnectionString"] = $"127.0.0.1:{servers.RedisPort}",
        ["Tasks__DailySessions"] = "20",
        ["Logs__Directory"] = logs,
        ["Clock__Start"] = now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
    };

    private static async Task<double> MeasureAsync(DateOnly day, ProcessStartInfo start, BenchServers servers, int simulator)
    {
        (double Postgres, double Redis, double Simulator) Now() => (CpuTime.OfTree(servers.PostgresPid), CpuTime.OfTree(servers.RedisPid), CpuTime.OfTree(simulator));
        var before = Now();
        var watch = Stopwatch.StartNew();
        using var service = Process.Start(start)!;
        var output = service.StandardOutput.ReadToEndAsync();
        var (cpu, peak) = (0.0, 0.0);
        while (!service.HasExited)
        {
            (cpu, peak) = (Math.Max(cpu, CpuTime.OfTree(service.Id)), Math.Max(peak, CpuTime.PeakMegabytes(service.Id)));
            await Task.Delay(10);
        }

        var wall = watch.Elapsed.TotalSeconds;
        var after = Now();
        var said = await output;
        var cycle = said.Split('\n').FirstOrDefault(l => l.Contains("complete,", StringComparison.Ordinal))?.Trim() ?? "";
        Console.WriteLine(FormattableString.Invariant(
            $"{day:yyyy-MM-dd} {wall,7:0.0} |        {cpu,7:0.0}   {after.Postgres - before.Postgres,7:0.0} {after.Redis - before.Redis,7:0.0}  {cpu + after.Postgres - before.Postgres,16:0.0}  {after.Simulator - before.Simulator,9:0.0} | {peak,7:0} {service.ExitCode,5}"));
        Console.WriteLine($"  {cycle}");
        if (service.ExitCode != 0 || Environment.GetEnvironmentVariable("BENCH_VERBOSE") is not null) Console.WriteLine(said);
        return wall;
    }
}
