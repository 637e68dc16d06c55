using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using DataMaintenance.Api;
using DataMaintenance.Store;

namespace DataMaintenance.Cli;

/// <summary><c>findings</c>: what the checks found; <c>findings accept</c>: a person says that one is as it should be.</summary>
internal static class FindingsCommand
{
    private static readonly Option<bool> All = new("--all") { Description = "healed and accepted ones as well" };
    private static readonly Option<int> Limit = Commands.Number("--limit", "how many, newest first", 100, 1, 10_000);
    private static readonly Argument<long> Id = new("id") { Description = "the finding's id, as findings shows it" };
    private static readonly Option<string> By = new("--by") { Description = "who accepts it", HelpName = "NAME", DefaultValueFactory = _ => Environment.UserName };
    private static readonly Option<string?> Why = new("--why") { Description = "for people", HelpName = "TEXT" };

    public static Command Build()
    {
        var command = new Command("findings", "What the checks found and is not settled, newest first.") { All, Limit, Accept() };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async host =>
        {
            var (open, limit) = (!parsed.GetValue(All), parsed.GetValue(Limit));
            var found = (await host.AskStoreAsync(async store => ApiJson.ToNode((await store.FindingsAsync(open, limit, ct)).Select(FindingAnswer.Of).ToArray()),
                string.Create(CultureInfo.InvariantCulture, $"/api/findings?open={(open ? "true" : "false")}&limit={limit}"), new JsonArray(), ct))!.AsArray();
            if (host.Json)
            {
                host.Write(found);
                return Exit.Done;
            }

            if (!host.HasStore) Console.Out.WriteLine($"There is no store at {Path.GetFullPath(host.Settings.Store.Path)} (Store:Path): nothing was ever checked.");
            else if (found.Count == 0) Console.Out.WriteLine(open ? "No finding is open." : "No finding yet.");
            foreach (var finding in found) Console.Out.WriteLine(Line(finding!.AsObject()));
            return Exit.Done;
        }));
        return command;
    }

    private static Command Accept()
    {
        var command = new Command("accept", "Say that a finding is as it should be; it is not raised again while its value is the same.") { Id, By, Why };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async host =>
        {
            host.NeedStore();
            var accepted = await AcceptAsync(host, parsed.GetValue(Id), parsed.GetValue(By)!, parsed.GetValue(Why), ct);
            if (host.Json) host.Write(accepted);
            else Console.Out.WriteLine(Line(accepted));
            return Exit.Done;
        }));
        return command;
    }

    private static async Task<JsonObject> AcceptAsync(CommandHost host, long id, string by, string? why, CancellationToken ct)
    {
        try
        {
            await using var store = await StoreSetup.OpenAsync(host.Settings.Store, host.Clock, Wiring.Instance, ct);
            return ApiJson.ToNode(FindingAnswer.Of(await FindingsApi.AcceptAsync(store, id, by, why, host.Clock, ct))).AsObject();
        }
        catch (NotNowException e)
        {
            throw new InvalidOperationException(e.Message, e);
        }
        catch (StoreOwnedException e) when (e.Url is not null)
        {
            using var service = new ServiceClient(e.Url, host.Settings.Api.Key);
            return (await service.PostAsync(string.Create(CultureInfo.InvariantCulture, $"/api/findings/{id}/accept"), new JsonObject { ["by"] = by, ["why"] = why }, ct))!.AsObject();
        }
    }

    private static string Line(JsonObject f)
    {
        var closed = f["closed_at"] is { } at ? $"  {f["state"]} {at} by {f["closed_by"]}{(f["why"] is { } why ? $": {why}" : "")}" : "";
        return $"{f["id"],6}  {f["date"]}  {f["severity"],-7}  {f["rule"],-26}  {f["symbol"]?.ToString() ?? "the day",-9}  {f["value"]}; expected {f["expectation"]}{closed}";
    }
}
