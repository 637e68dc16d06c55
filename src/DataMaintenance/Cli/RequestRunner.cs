using System.Text.Json.Nodes;
using DataMaintenance.Api;
using DataMaintenance.Pipeline;
using DataMaintenance.Store;

namespace DataMaintenance.Cli;

/// <summary>Carries out a run request: in this process, or by the service that owns the store; the same output either way.</summary>
internal static class RequestRunner
{
    public static async Task<int> RunAsync(CommandHost host, Asked asked, bool dryRun, CancellationToken ct)
    {
        // Before a store is made for it: there is nothing yet that could know better than the rules.
        if (!host.HasStore) asked.Request(host.Settings.Calendar());
        Outcome outcome;
        try
        {
            using var logs = host.Settings.CreateLogs(toConsole: false);
            await using var wiring = await Wiring.OpenAsync(host.Settings, host.Clock, logs.Factory, ct);
            outcome = await HereAsync(host, wiring, asked.Request(wiring.Calendar), dryRun, ct);
        }
        catch (StoreOwnedException e) when (e.Url is not null)
        {
            using var service = new ServiceClient(e.Url, host.Settings.Api.Key);
            outcome = await ThereAsync(host, service, asked, dryRun, ct);
        }

        return dryRun ? SayDryRun(host, outcome.Answer) : SayRun(host, outcome);
    }

    /// <param name="Unreachable">Whether a task failed because an outside system did not answer.</param>
    private readonly record struct Outcome(JsonObject Answer, bool Unreachable);

    private static async Task<Outcome> HereAsync(CommandHost host, Wiring wiring, RunRequest request, bool dryRun, CancellationToken ct)
    {
        if (dryRun) return new(await wiring.DryRun.OfAsync(request, ct), false);
        if (host.Settings.Redis.Kind == Cache.RedisKind.Embedded)
            foreach (var line in await wiring.Rebuild.MissingAsync(ct))
                if (!host.Json) Console.Out.WriteLine($"embedded Redis filled from the store: {line}");
        var result = await RunView.ShowAsync(host.Json, observer => wiring.Runner.RunAsync(request, observer, ct));
        return new((await new Answers(wiring.Store).RunAsync(result.RunId, ct))!, result.Tasks.Any(t => t.Unreachable));
    }

    private static async Task<Outcome> ThereAsync(CommandHost host, ServiceClient service, Asked asked, bool dryRun, CancellationToken ct)
    {
        var (path, body) = (asked.Path, asked.Body);
        body["dry_run"] = dryRun;
        if (dryRun) return new((await service.PostAsync(path, body, ct))!.AsObject(), false);
        if (!host.Json) Console.Out.WriteLine("the service on this store is asked to run it");
        return await RunView.ShowAsync(host.Json, async observer =>
        {
            var remote = new RemoteRun(service, observer);
            return new Outcome(await remote.RunAsync(path, body, ct), remote.Unreachable);
        });
    }

    private static int SayRun(CommandHost host, Outcome outcome)
    {
        if (host.Json) host.Write(outcome.Answer);
        else RunSummary.Write(outcome.Answer);
        return outcome.Answer["success"]?.GetValue<bool>() == true ? Exit.Done : outcome.Unreachable ? Exit.Unreachable : Exit.Failed;
    }

    private static int SayDryRun(CommandHost host, JsonObject plan)
    {
        if (host.Json)
        {
            host.Write(plan);
            return Exit.Done;
        }

        foreach (var gap in plan["gaps"]!.AsArray()) Console.Out.WriteLine($"{gap!["date"]} {gap["dataset"]}: {gap["why"]}{HowToFill(gap)}");
        Console.Out.WriteLine($"{plan["plan"]} of {plan["date"]}: {plan["gaps"]!.AsArray().Count} gaps, {RunSummary.Number(plan["calls"])} calls{Files(plan["file_bytes"])} and at most {RunSummary.Number(plan["details_at_most"])} for details; {HowLong(plan)}. Nothing was done");
        return Exit.Done;
    }

    private static string HowLong(JsonObject plan) =>
        plan["expected_seconds"] is { } seconds ? $"about {RunSummary.Number(seconds)} s, by {plan["expected_by"]}" : $"how long is not known, {plan["expected_by"]}";

    private static string HowToFill(JsonNode gap) =>
        gap["symbols"] is not { } symbols ? ""
        : gap["bytes"] is { } bytes ? $", from its minute file{Files(bytes)}"
        : $", {RunSummary.Number(symbols)} symbols to ask{(gap["no_file"] is { } why ? $" ({why})" : "")}";

    private static string Files(JsonNode? bytes) =>
        bytes?.GetValue<long>() is > 0 and var count ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $", {count / 1e6:N1} MB packed") : "";
}
