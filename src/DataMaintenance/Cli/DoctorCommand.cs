using System.CommandLine;
using System.Text.Json.Nodes;
using DataMaintenance.Api;
using DataMaintenance.Store;

namespace DataMaintenance.Cli;

/// <summary><c>doctor</c>: settings, servers, disk, the provider's entitlements one by one, the grid in force, what is stale.</summary>
internal static class DoctorCommand
{
    public static Command Build()
    {
        var command = new Command("doctor", "Look at settings, store, Redis, disk, the provider's entitlements and what is stale.");
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async host =>
        {
            var report = await AnswerAsync(host, ct);
            if (host.Json) host.Write(report);
            else
            {
                foreach (var line in report["checks"]!.AsArray())
                    Console.Out.WriteLine($"{(line!["ok"]!.GetValue<bool>() ? "ok     " : "PROBLEM")} {line["what"],-28} {line["said"]}");
                Console.Out.WriteLine("\nSettings that differ from their defaults");
                foreach (var (name, setting) in report["settings"]!.AsObject()) Console.Out.WriteLine($"  {name} = {setting!["value"]}, from {setting["from"]}");
            }

            if (report["healthy"]!.GetValue<bool>()) return Exit.Done;
            return report["checks"]!.AsArray().Any(c => c!["what"]!.GetValue<string>() is "store" or "redis" && !c["ok"]!.GetValue<bool>()) ? Exit.Unreachable : Exit.Failed;
        }));
        return command;
    }

    private static async Task<JsonObject> AnswerAsync(CommandHost host, CancellationToken ct)
    {
        using var logs = host.Settings.CreateLogs(toConsole: false);
        if (!host.HasStore) return await StorelessCheckup.RunAsync(host.Settings, host.Clock, isProblem: false, $"none yet at {Path.GetFullPath(host.Settings.Store.Path)}; `data-maintenance run` makes one", logs.Factory, ct);
        try
        {
            await using var wiring = await Wiring.OpenAsync(host.Settings, host.Clock, logs.Factory, ct, needsProvider: false, mayBeAway: true);
            if (host.Settings.Redis.Kind == Cache.RedisKind.Embedded) await wiring.Rebuild.MissingAsync(ct);
            return await new Checkup(wiring).RunAsync(ct);
        }
        catch (StoreUnreachableException e)
        {
            return await StorelessCheckup.RunAsync(host.Settings, host.Clock, isProblem: true, e.Message, logs.Factory, ct);
        }
        catch (StoreOwnedException e) when (e.Url is not null)
        {
            using var service = new ServiceClient(e.Url, host.Settings.Api.Key);
            return (await service.GetAsync("/api/doctor", ct))!.AsObject();
        }
    }
}
