using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using DataMaintenance.Api;
using DataMaintenance.Pipeline;
using DataMaintenance.Provider;
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
            ["Provider:BaseUrl"] = new ProviderOptions().BaseUrl.ToString(),
            ["Provider:ApiKey"] = "simulated",
            ["Provider:CallsPerSecond"] = "0",
            ["Provider:DetailsPause"] = "00:00:00",
        };
        if (IsDefault("Store:Path")) overrides["Store:Path"] = DemoFolder.Default;
        if (IsDefault("Logs:Directory")) overrides["Logs:Directory"] = Path.Combine(IsDefault("Store:Path") ? DemoFolder.Default : given.Store.Path, "logs");
        return overrides;

        bool IsDefault(string name) => given.Describe().Single(s => s.Name == name).Origin == "default";
    }

    private static async Task<int> RunAsync(CommandHost host, bool once, CancellationToken ct)
    {
        var started = TimeProvider.System.GetTimestamp();
        var folder = new DemoFolder(host.Settings, host.Clock);
        var resumed = await folder.PrepareAsync(ct);
        using var logs = host.Settings.CreateLogs(toConsole: false);
        await using var wiring = await Wiring.OpenAsync(host.Settings, host.Clock, logs.Factory, ct);
        // Before the work, so that a taken port is told at once and the load can be watched.
        await using var server = once ? null : await ApiServer.StartAsync(wiring, logs, ct);
        Say(host, "A simulated provider with 12,000 securities over HTTP, in this process;");
        Say(host, "the pauses a real provider asks for are lifted.");
        Say(host, resumed ? "An earlier demo was cut off; this one goes on from what it committed." : "An empty store: first the history, then one night.");
        if (server is not null) Say(host, $"The service answers at {server.Url} meanwhile; in another terminal: {OnStore(wiring)} ./data-maintenance status");

        var newest = wiring.Calendar.NewestEnded(host.Clock.GetUtcNow());
        var before = wiring.Calendar.PreviousSession(newest);
        var first = await StepAsync(host, wiring, before, $"First load, as of {before:yyyy-MM-dd}: 30 sessions of bars, 10 of slots", ct);
        var night = Succeeded(first) ? await StepAsync(host, wiring, newest, $"One nightly cycle, {newest:yyyy-MM-dd}", ct) : null;
        var success = Succeeded(first) && Succeeded(night);
        if (success) folder.Complete();
        if (host.Json) host.Write(new JsonObject { ["success"] = success, ["first_load"] = first, ["night"] = night });
        Say(host, string.Create(CultureInfo.InvariantCulture, $"\nAll of it took {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s."));
        WhereNext(host, wiring, server?.Url);
        if (server is not null)
        {
            Say(host, $"\nThe service goes on, first with the sessions before; end it with Ctrl-C.{(folder.IsDefault ? " The next demo begins with an empty store." : "")}");
            await new Loops(wiring.Loops, logs.Factory.CreateLogger("DataMaintenance.Loops")).RunAsync(ct);
            await server.WaitAsync(ct);
        }

        return success ? Exit.Done : Exit.Failed;
    }

    private static bool Succeeded(JsonObject? run) => run?["success"]?.GetValue<bool>() == true;

    private static void Say(CommandHost host, string line)
    {
        if (!host.Json) Console.Out.WriteLine(line);
    }

    private static async Task<JsonObject> StepAsync(CommandHost host, Wiring wiring, DateOnly session, string title, CancellationToken ct)
    {
        Say(host, $"\n{title}");
        var result = await RunView.ShowAsync(host.Json, observer => wiring.Runner.RunAsync(new(session, Plan.Nightly, "demo"), observer, ct));
        var run = (await new Answers(wiring.Store).RunAsync(result.RunId, ct))!;
        if (!host.Json) RunSummary.Write(run);
        return run;
    }

    private static string OnStore(Wiring wiring) => $"Store__Path={wiring.Settings.Store.Path}";

    private static void WhereNext(CommandHost host, Wiring wiring, Uri? url)
    {
        var store = OnStore(wiring);
        Say(host, "\nWhere to look next");
        if (url is not null)
        {
            Say(host, $"  curl {url}health");
            Say(host, $"  redis-cli -p {wiring.Redis.Address.Split(':')[^1]} hgetall atr:data:AAPL");
        }

        Say(host, $"  {store} ./data-maintenance status");
        Say(host, $"  {store} ./data-maintenance explain AAPL");
        Say(host, $"  {store} ./data-maintenance verify");
        Say(host, $"  {store} ./data-maintenance export rvol --symbols AAPL --out aapl.csv");
        if (url is null) Say(host, "  ./data-maintenance demo     (from an empty store again, and stays as a service: HTTP and Redis to look into)");
    }
}
