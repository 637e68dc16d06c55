using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using DataMaintenance.Api;
using DataMaintenance.Cache;
using DataMaintenance.Pipeline;
using DataMaintenance.Store;

namespace DataMaintenance.Cli;

/// <summary><c>verify</c>: computes every derived value again from the store and compares it with Redis.</summary>
internal static class VerifyCommand
{
    private static readonly Option<string?> AgainstPrefix = new("--against-prefix")
    {
        Description = "compare our published keys with those of another service, which have this prefix (\"\" for none), instead of with the store",
        HelpName = "PREFIX",
    };
    private static readonly Option<double> Tolerance = new("--tolerance")
    {
        Description = "with --against-prefix: numbers differing by no more, relative, are equal; so are whole shares one apart, and prices 0.0001",
        HelpName = "R",
        DefaultValueFactory = _ => ShadowComparison.UsualTolerance,
    };

    private static readonly Option<DateOnly?> Date = Commands.Date("--date", "a past session: its facts, its state, and its values where Redis still holds them; default what Redis should hold now");

    public static Command Build()
    {
        var command = new Command("verify", "Compute every derived value again from the store, read Redis back, and name what differs.") { Date, AgainstPrefix, Tolerance };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async host =>
        {
            if (parsed.GetValue(AgainstPrefix) is { } prefix) return await AgainstAsync(host, prefix, parsed.GetValue(Tolerance), ct);
            var answer = await AnswerAsync(host, parsed.GetValue(Date), ct);
            if (host.Json) host.Write(answer);
            else Write(answer);
            return answer["verified"]!.GetValue<bool>() ? Exit.Done : Exit.Failed;
        }));
        return command;
    }

    /// <summary>Reads Redis alone, so it works beside a service that runs.</summary>
    private static async Task<int> AgainstAsync(CommandHost host, string prefix, double tolerance, CancellationToken ct)
    {
        if (host.Settings.Redis.Kind != RedisKind.Server) throw new RequestException("--against-prefix: Redis:Kind is Embedded, which holds no other service's keys; expected Server");
        await using var redis = await RedisConnection.OpenAsync(host.Settings.Redis, ct);
        await redis.PingAsync(ct);
        var answer = await Verification.AgainstAsync(redis, host.Settings.Redis, prefix, tolerance, ct);
        if (host.Json) host.Write(answer);
        else WriteAgainst(answer);
        return answer["agrees"]!.GetValue<bool>() ? Exit.Done : Exit.Failed;
    }

    private static void WriteAgainst(JsonObject answer)
    {
        foreach (var (family, node) in answer["families"]!.AsObject())
        {
            Console.Out.WriteLine($"{family,-11} {RunSummary.Number(node!["equal"]),9} equal {RunSummary.Number(node["different"]),9} different {RunSummary.Number(node["only_ours"]),9} only ours {RunSummary.Number(node["only_theirs"]),9} only theirs");
            foreach (var example in node["examples"]!.AsArray()) Console.Out.WriteLine($"  {example}");
            Fields("only here", node["fields_only_ours"]!);
            Fields("only there", node["fields_only_theirs"]!);
        }

        Console.Out.WriteLine(answer["agrees"]!.GetValue<bool>() ? "both agree" : "they do NOT agree");

        static void Fields(string where, JsonNode fields)
        {
            if (fields.AsObject() is { Count: > 0 } named) Console.Out.WriteLine($"  fields {where}: {string.Join(", ", named.Select(f => $"{f.Key} ({RunSummary.Number(f.Value)})"))}");
        }
    }

    private static async Task<JsonObject> AnswerAsync(CommandHost host, DateOnly? date, CancellationToken ct)
    {
        host.NeedStore();
        try
        {
            using var logs = host.Settings.CreateLogs(toConsole: false);
            await using var wiring = await Wiring.OpenAsync(host.Settings, host.Clock, logs.Factory, ct, needsProvider: false);
            if (host.Settings.Redis.Kind == Cache.RedisKind.Server) return await wiring.Verification.RunAsync(date, ct);
            await wiring.Rebuild.MissingAsync(ct);
            var answer = await wiring.Verification.RunAsync(date, ct);
            answer["note"] = "no service runs on this store, so its embedded Redis was filled from the store just now: this verifies what would be published";
            return answer;
        }
        catch (StoreOwnedException e) when (e.Url is not null)
        {
            using var service = new ServiceClient(e.Url, host.Settings.Api.Key);
            return (await service.GetAsync(date is { } day ? string.Create(CultureInfo.InvariantCulture, $"/api/verify?date={day:yyyy-MM-dd}") : "/api/verify", ct))!.AsObject();
        }
    }

    private static void Write(JsonObject answer)
    {
        if (answer["session"] is JsonObject looked && Datasets.All(d => looked[d]!["state"]!.GetValue<string>() == SessionVerification.NeverLoaded))
        {
            Console.Out.WriteLine($"nothing of {answer["date"]} was ever loaded; `data-maintenance run --date {answer["date"]}` loads it\nNOT verified");
            return;
        }

        foreach (var (family, node) in answer["families"]!.AsObject())
        {
            Console.Out.WriteLine($"{family,-11} {node!["session"],-10} {RunSummary.Number(node["keys"]),9} keys  {(node["state"]!.ToString() == FamilyVerification.NotHeld ? "not compared, see below" : node["state"])}");
            foreach (var difference in node["differences"]!.AsArray().Take(MostShown))
                Console.Out.WriteLine($"  {difference!["key"]}: Redis holds {difference["found"] ?? "nothing"}, the store gives {difference["expected"] ?? "nothing"}");
            if (node["held_back"]!.AsArray() is { Count: > 0 } held)
                Console.Out.WriteLine($"  {held.Count:N0} more keep older values while a finding on their inputs is open: {Names.List(held.Select(h => h!.GetValue<string>()))}");
            if (node["differing"]!.GetValue<int>() > MostShown) Console.Out.WriteLine($"  and {node["differing"]!.GetValue<int>() - MostShown:N0} more; --json names the first {Verification.MostNamed}");
        }

        if (answer["session"] is JsonObject session)
        {
            foreach (var dataset in Datasets)
                Console.Out.WriteLine($"{dataset,-11} {answer["date"],-10} {RunSummary.Number(session[dataset]!["rows"]),9} rows  {session[dataset]!["state"]}{Symbols(session[dataset]!["symbols"]!.AsArray())}");
            Console.Out.WriteLine($"{"state keys",-11} {answer["date"],-10} {"",14}  {session["state"]!["state"]}");
        }

        foreach (var cannot in answer["cannot"]!.AsArray()) Console.Out.WriteLine($"not compared: {cannot}");
        if (answer["note"] is { } note) Console.Out.WriteLine(note);
        Console.Out.WriteLine(!answer["verified"]!.GetValue<bool>() ? "NOT verified" : answer["cannot"]!.AsArray().Count == 0 ? "verified" : "verified, all that can be compared");

        static string Symbols(JsonArray symbols) => symbols.Count == 0 ? "" : $": {Names.List(symbols.Select(s => s!.GetValue<string>()))}";
    }

    private static readonly string[] Datasets = ["daily", "slots"];
    private const int MostShown = 20;
}
