using System.CommandLine;
using System.Globalization;
using DataMaintenance.Api;
using DataMaintenance.Pipeline;
using DataMaintenance.Settings;

namespace DataMaintenance.Cli;

/// <summary><c>demo</c>: the whole thing on this machine alone: a simulated market, the first load, one nightly cycle, and where to look next.</summary>
internal static class DemoCommand
{
    private static readonly Option<bool> Once = new("--once") { Description = "end after the cycle instead of going on as a service" };

    public static Command Build()
    {
        var command = new Command("demo", "A full-size simulated market, the first load and one nightly cycle; no key, no server needed.") { Once };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, host => RunAsync(host, parsed.GetValue(Once), ct), Overrides));
        return command;
    }

    /// <summary>The simulated provider without the pauses a real one needs, and, unless the user names others, a store and logs of the demo's own.</summary>
    private static Dictionary<string, string?> Overrides(ServiceSettings given)
    {
        var overrides = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Provider:Kind"] = "Simulator",
            ["Provider:CallsPerSecond"] = "0",
            ["Provider:DetailsPause"] = "00:00:00",
        };
        if (IsDefault("Store:Path")) overrides["Store:Path"] = DemoFolder.Default;
        if (IsDefault("Logs:Directory")) overrides["Logs:Directory"] = Path.Combine(DemoFolder.Default, "logs");
        return overrides;

        bool IsDefault(string name) => given.Describe().Single(s => s.Name == name).Origin == "default";
    }

    private static async Task<int> RunAsync(CommandHost host, bool once, CancellationToken ct)
    {
        var started = TimeProvider.System.GetTimestamp();
        var folder = new DemoFolder(host.Settings.Store.Path);
        var resumed = folder.Prepare();
        using var logs = host.Settings.CreateLogs(toConsole: false);
        await using var wiring = await Wiring.OpenAsync(host.Settings, host.Clock, logs.Factory, ct);
        var newest = wiring.Calendar.NewestEnded(host.Clock.GetUtcNow());
        var before = wiring.Calendar.PreviousSession(newest);
        if (!host.Json)
        {
            Console.Out.WriteLine($"A simulated provider with 12,000 securities, over HTTP in this process; the pauses a real one asks for are lifted.");
            Console.Out.WriteLine(resumed ? "An earlier demo was cut off; this one goes on from what it committed." : "An empty store: first the history, then one night.");
        }

        var first = await StepAsync(host, wiring, before, $"First load, as of {before:yyyy-MM-dd}: 30 sessions of bars, 10 of slots", ct);
        var night = await StepAsync(host, wiring, newest, $"One nightly cycle, {newest:yyyy-MM-dd}", ct);
        var success = first && night;
        if (success) folder.Complete();
        if (!host.Json) Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nAll of it took {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s."));
        if (!host.Json) WhereNext(wiring, once);
        if (once) return success ? Exit.Done : Exit.Failed;

        await using var server = await ApiServer.StartAsync(wiring, logs, ct);
        Console.Out.WriteLine($"\nThe service goes on at {server.Url}; end it with Ctrl-C.");
        await server.WaitAsync(ct);
        return success ? Exit.Done : Exit.Failed;
    }

    private static async Task<bool> StepAsync(CommandHost host, Wiring wiring, DateOnly session, string title, CancellationToken ct)
    {
        if (!host.Json) Console.Out.WriteLine($"\n{title}");
        var result = await RunView.ShowAsync(host.Json, observer => wiring.Runner.RunAsync(new(session, Plan.Nightly, "demo"), observer, ct));
        var run = (await new Answers(wiring.Store).RunAsync(result.RunId, ct))!;
        if (host.Json) host.Write(run);
        else RunSummary.Write(run, verbose: false);
        return result.Success;
    }

    private static void WhereNext(Wiring wiring, bool once)
    {
        var path = wiring.Settings.Store.Path;
        Console.Out.WriteLine("\nWhere to look next");
        if (!once) Console.Out.WriteLine($"  redis-cli -p {wiring.Redis.Address.Split(':')[^1]} hgetall atr:data:AAPL");
        Console.Out.WriteLine($"  Store__Path={path} ./data-maintenance status");
        Console.Out.WriteLine($"  Store__Path={path} ./data-maintenance export rvol --symbols AAPL --out aapl-rvol.csv");
        if (once) Console.Out.WriteLine("  ./data-maintenance demo      (goes on as a service, with Redis and the HTTP API to look into)");
    }
}

/// <summary>The demo's store: fresh every time, unless the last demo was cut off.</summary>
internal sealed class DemoFolder(string path)
{
    public static string Default => Path.Combine(Path.GetTempPath(), "data-maintenance-demo");

    private string Marker => Path.Combine(path, "demo-complete");

    /// <summary>Empties the default folder after a demo that completed; a folder the user named is never emptied.</summary>
    /// <returns>Whether there is something to go on from.</returns>
    public bool Prepare()
    {
        if (Path.GetFullPath(path) == Path.GetFullPath(Default) && File.Exists(Marker)) Directory.Delete(path, recursive: true);
        return Directory.Exists(path) && Directory.EnumerateFiles(path, "*.duckdb").Any();
    }

    public void Complete() => File.WriteAllText(Marker, "");
}
