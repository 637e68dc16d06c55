using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using DataMaintenance.Api;
using DataMaintenance.Store;
using Symbol = Market.Symbol;

namespace DataMaintenance.Cli;

/// <summary><c>revisions</c>: what the provider told otherwise later, from the ledger.</summary>
internal static class RevisionsCommand
{
    private static readonly Option<DateOnly?> From = Commands.Date("--from", "of sessions from this one on");
    private static readonly Option<DateOnly?> To = Commands.Date("--to", "of sessions up to this one");
    private static readonly Option<string?> Of = new("--symbol") { Description = "of this symbol only, case-sensitive", HelpName = "SYMBOL" };
    private static readonly Option<int> Limit = Commands.Number("--limit", "how many", 40, 1, RevisionsApi.Most);

    public static Command Build()
    {
        var command = new Command("revisions", "What the provider told otherwise later, newest first: old and new value of every figure healed.") { From, To, Of, Limit };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async host =>
        {
            if (parsed.GetValue(Of) is { } text && !Symbol.IsValid(text)) throw new Pipeline.RequestException($"'{text}' is no symbol");
            var answer = await AnswerAsync(host, parsed.GetValue(From), parsed.GetValue(To), parsed.GetValue(Of), parsed.GetValue(Limit), ct);
            if (host.Json) host.Write(ApiJson.ToNode(answer));
            else Write(answer);
            return Exit.Done;
        }));
        return command;
    }

    private static void Write(RevisionsAnswer answer)
    {
        if (answer.Count == 0) Console.Out.WriteLine("Nothing was revised.");
        foreach (var r in answer.Revisions)
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{r.NoticedAt:yyyy-MM-dd HH:mm}Z  {r.Date:yyyy-MM-dd}  {r.Dataset,-5} {r.Symbol,-10} {(r.SlotNumber is { } slot ? $"slot {slot}" : ""),-8} {r.Field,-12} {r.OldValue?.ToString("R", CultureInfo.InvariantCulture) ?? "none",16} → {r.NewValue?.ToString("R", CultureInfo.InvariantCulture) ?? "none",-16} {r.OldSource} → {r.NewSource}  run {r.RunId}"));
        if (answer.More) Console.Out.WriteLine("There are older ones; --limit shows more.");
    }

    private static async Task<RevisionsAnswer> AnswerAsync(CommandHost host, DateOnly? from, DateOnly? to, string? symbol, int limit, CancellationToken ct)
    {
        host.NeedStore();
        try
        {
            await using var store = await StoreSetup.OpenAsync(host.Settings.Store, host.Clock, Wiring.Instance, ct);
            return await RevisionsAnswer.OfAsync(store, from, to, symbol is null ? null : new Symbol(symbol), limit, ct);
        }
        catch (StoreOwnedException e) when (e.Url is not null)
        {
            using var service = new ServiceClient(e.Url, host.Settings.Api.Key);
            string[] query =
            [
                string.Create(CultureInfo.InvariantCulture, $"limit={limit}"), .. from is { } first ? [string.Create(CultureInfo.InvariantCulture, $"from={first:yyyy-MM-dd}")] : Array.Empty<string>(),
                .. to is { } last ? [string.Create(CultureInfo.InvariantCulture, $"to={last:yyyy-MM-dd}")] : Array.Empty<string>(), .. symbol is null ? [] : new[] { "symbol=" + Uri.EscapeDataString(symbol) },
            ];
            return (await service.FindAsync($"/api/revisions?{string.Join('&', query)}", ct)).Deserialize<RevisionsAnswer>(ApiJson.Options)!;
        }
    }
}
