using System.Text.Json.Nodes;
using DataMaintenance.Api;
using DataMaintenance.Pipeline;
using DataMaintenance.Store;

namespace DataMaintenance.Cli;

/// <summary>Carries out a run request: in this process, or by the service that owns the store; the same output either way.</summary>
internal static class RequestRunner
{
    public static async Task<int> RunAsync(CommandHost host, RunRequest request, bool dryRun, CancellationToken ct)
    {
        JsonObject answer;
        try
        {
            using var logs = host.Settings.CreateLogs(toConsole: false);
            await using var wiring = await Wiring.OpenAsync(host.Settings, host.Clock, logs.Factory, ct);
            answer = await HereAsync(host, wiring, request, dryRun, ct);
        }
        catch (StoreOwnedException e) when (e.Url is not null)
        {
            using var service = new ServiceClient(e.Url, host.Settings.Api.Key);
            answer = await ThereAsync(host, service, request, dryRun, ct);
        }

        return dryRun ? SayDryRun(host, answer) : SayRun(host, answer);
    }

    public static async Task<JsonObject> HereAsync(CommandHost host, Wiring wiring, RunRequest request, bool dryRun, CancellationToken ct)
    {
        if (dryRun) return await wiring.DryRun.OfAsync(request, ct);
        if (host.Settings.Redis.Kind == Cache.RedisKind.Embedded)
            foreach (var line in await wiring.Rebuild.MissingAsync(ct))
                if (!host.Json) Console.Out.WriteLine($"embedded Redis filled from the store: {line}");
        var result = await RunView.ShowAsync(host.Json, observer => wiring.Runner.RunAsync(request, observer, ct));
        return (await new Answers(wiring.Store).RunAsync(result.RunId, ct))!;
    }

    private static async Task<JsonObject> ThereAsync(CommandHost host, ServiceClient service, RunRequest request, bool dryRun, CancellationToken ct)
    {
        var body = new JsonObject { ["force"] = request.Force, ["dry_run"] = dryRun };
        if (request.Tasks is { } tasks) body["tasks"] = new JsonArray([.. tasks.Select(t => (JsonNode)t)]);
        if (request.Range is { } range) (body["from"], body["to"]) = (StatusDocument.Day(range[0]), StatusDocument.Day(range[^1]));
        else (body["target_date"], body["plan"]) = (StatusDocument.Day(request.Session), request.Plan.Name);
        var answer = (await service.PostAsync(request.Range is null ? "/trigger" : "/backfill", body, ct))!.AsObject();
        if (dryRun) return answer;
        var id = answer["run_id"]!.GetValue<long>();
        if (!host.Json) Console.Out.WriteLine($"the service on this store runs it as run {id}");
        while (true)
        {
            var run = await FollowAsync(service, id, ct);
            if (run["state"]!.GetValue<string>() != "in_progress") return run;
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, ct);
        }
    }

    private static async Task<JsonObject> FollowAsync(ServiceClient service, long id, CancellationToken ct)
    {
        try
        {
            return (await service.GetAsync($"/runs/{id}", ct))!.AsObject();
        }
        catch (HttpRequestException e)
        {
            throw new InvalidOperationException($"the service stopped while run {id} was going on; give the same command again, it goes on from what is committed ({e.Message})", e);
        }
    }

    private static int SayRun(CommandHost host, JsonObject run)
    {
        if (host.Json) host.Write(run);
        else RunSummary.Write(run, verbose: false);
        return run["success"]?.GetValue<bool>() == true ? Exit.Done : Exit.Failed;
    }

    private static int SayDryRun(CommandHost host, JsonObject plan)
    {
        if (host.Json)
        {
            host.Write(plan);
            return Exit.Done;
        }

        foreach (var gap in plan["gaps"]!.AsArray()) Console.Out.WriteLine($"{gap!["date"]} {gap["dataset"]}: {gap["why"]}{HowToFill(gap)}");
        Console.Out.WriteLine($"{plan["plan"]} of {plan["date"]}: {plan["gaps"]!.AsArray().Count} gaps, {RunSummary.Number(plan["calls"])} calls{Files(plan["file_bytes"])} and at most {RunSummary.Number(plan["details_at_most"])} for details, at least {RunSummary.Number(plan["expected_seconds"])} s by the configured limits; nothing was done");
        return Exit.Done;
    }

    private static string HowToFill(JsonNode gap) =>
        gap["symbols"] is not { } symbols ? ""
        : gap["bytes"] is { } bytes ? $", from its minute file{Files(bytes)}"
        : $", {RunSummary.Number(symbols)} symbols to ask{(gap["no_file"] is { } why ? $" ({why})" : "")}";

    private static string Files(JsonNode? bytes) =>
        bytes?.GetValue<long>() is > 0 and var count ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $", {count / 1e6:N1} MB packed") : "";
}
