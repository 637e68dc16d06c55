using System.CommandLine;
using System.Text.Json.Nodes;
using DataMaintenance.Store;

namespace DataMaintenance.Cli;

/// <summary><c>verify</c>: computes every derived value again from the store and compares it with Redis.</summary>
internal static class VerifyCommand
{
    public static Command Build()
    {
        var command = new Command("verify", "Compute every derived value again from the store, read Redis back, and name what differs.");
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async host =>
        {
            var answer = await AnswerAsync(host, ct);
            if (host.Json) host.Write(answer);
            else Write(answer);
            return answer["verified"]!.GetValue<bool>() ? Exit.Done : Exit.Failed;
        }));
        return command;
    }

    private static async Task<JsonObject> AnswerAsync(CommandHost host, CancellationToken ct)
    {
        host.NeedStore();
        try
        {
            using var logs = host.Settings.CreateLogs(toConsole: false);
            await using var wiring = await Wiring.OpenAsync(host.Settings, host.Clock, logs.Factory, ct, needsProvider: false);
            if (host.Settings.Redis.Kind == Cache.RedisKind.Server) return await wiring.Verification.RunAsync(ct);
            await wiring.Rebuild.MissingAsync(ct);
            var answer = await wiring.Verification.RunAsync(ct);
            answer["note"] = "no service runs on this store, so its embedded Redis was filled from the store just now: this verifies what would be published";
            return answer;
        }
        catch (StoreOwnedException e) when (e.Url is not null)
        {
            using var service = new ServiceClient(e.Url, host.Settings.Api.Key);
            return (await service.GetAsync("/api/verify", ct))!.AsObject();
        }
    }

    private static void Write(JsonObject answer)
    {
        foreach (var (family, node) in answer["families"]!.AsObject())
        {
            Console.Out.WriteLine($"{family,-11} {node!["session"],-10} {RunSummary.Number(node["keys"]),9} keys  {node["state"]}");
            foreach (var difference in node["differences"]!.AsArray().Take(20))
                Console.Out.WriteLine($"  {difference!["key"]}: Redis holds {difference["found"] ?? "nothing"}, the store gives {difference["expected"]}");
        }

        if (answer["note"] is { } note) Console.Out.WriteLine(note);
        Console.Out.WriteLine(answer["verified"]!.GetValue<bool>() ? "verified" : "NOT verified");
    }
}
