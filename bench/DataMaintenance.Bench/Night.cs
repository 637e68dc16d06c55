using System.Diagnostics;
using System.Globalization;

namespace DataMaintenance.Bench;

/// <summary>The demo as users run it, as a whole process, several times: first load and one night over 12,000 symbols, provider and Redis included.</summary>
internal static class Night
{
    public static async Task<int> RunAsync(int runs)
    {
        var root = Root();
        using (var build = Process.Start(Path.Combine(root, "data-maintenance"), ["--version"])) await build.WaitForExitAsync();
        var builds = Path.Combine(root, "artifacts", "run");
        Console.WriteLine("run  wall s   user s    sys s   peak MB  exit");
        var walls = new List<double>();
        for (var i = 1; i <= runs; i++)
        {
            var start = new ProcessStartInfo(Path.Combine(builds, "current", "data-maintenance"), ["demo", "--once"]) { RedirectStandardOutput = true };
            start.Environment["Store__Path"] = Directory.CreateTempSubdirectory("data-maintenance-bench-").FullName;
            start.Environment["Logs__Directory"] = start.Environment["Store__Path"] + "/logs";
            var watch = Stopwatch.StartNew();
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var (user, system, peak) = await WatchAsync(process);
            walls.Add(watch.Elapsed.TotalSeconds);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{i,3} {watch.Elapsed.TotalSeconds,7:0.0} {user,8:0.0} {system,8:0.0} {peak / 1048576.0,9:0} {process.ExitCode,5}"));
            foreach (var line in (await output).Split('\n').Where(l => l.Contains("complete,", StringComparison.Ordinal))) Console.WriteLine($"     {line}");
            Directory.Delete(start.Environment["Store__Path"]!, recursive: true);
        }

        walls.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median {walls[walls.Count / 2]:0.0} s of {runs} runs on {Environment.ProcessorCount} cores"));
        return 0;
    }

    public static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "DataMaintenance.slnx"))) folder = folder.Parent ?? throw new InvalidOperationException("run this from a checkout");
        return folder.FullName;
    }

    /// <summary>What the system counted last before the process ended, at most 20 ms before.</summary>
    private static async Task<(double User, double System, long Peak)> WatchAsync(Process process)
    {
        var (user, system, peak) = (0.0, 0.0, 0L);
        while (!process.HasExited)
        {
            try
            {
                process.Refresh();
                (user, system, peak) = (process.UserProcessorTime.TotalSeconds, process.PrivilegedProcessorTime.TotalSeconds, Math.Max(peak, process.WorkingSet64));
            }
            catch (InvalidOperationException)
            {
                break;
            }

            await Task.Delay(20);
        }

        return (user, system, peak);
    }
}
