using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using DataMaintenance.Api;
using DataMaintenance.Store;
using Symbol = Market.Symbol;

namespace DataMaintenance.Cli;

/// <summary><c>explain</c>: why a symbol's values are what they are, from the store.</summary>
internal static class ExplainCommand
{
    private static readonly Argument<string> Name = new("symbol") { Description = "case-sensitive, as the provider spells it" };
    private static readonly Option<DateOnly?> Date = Commands.Date("--date", "the session the values are as of; default the newest with data");

    public static Command Build()
    {
        var command = new Command("explain", "Why a symbol's values are what they are: bars to ATR, slots to baseline, splits, sources.") { Name, Date };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async host =>
        {
            var text = parsed.GetValue(Name)!;
            if (!Symbol.IsValid(text)) throw new Pipeline.RequestException($"'{text}' is no symbol");
            var answer = await AnswerAsync(host, new(text), parsed.GetValue(Date), ct);
            if (host.Json) host.Write(ApiJson.ToNode(answer));
            else ExplainView.Write(answer);
            return Exit.Done;
        }));
        return command;
    }

    private static async Task<ExplainAnswer> AnswerAsync(CommandHost host, Symbol symbol, DateOnly? date, CancellationToken ct)
    {
        host.NeedStore();
        try
        {
            await using var store = await StoreSetup.OpenAsync(host.Settings.Store, host.Clock, Wiring.Instance, ct);
            return await new Explanations(store, host.Settings.Calendar(), host.Settings.Values, host.Clock).OfAsync(symbol, date, ct);
        }
        catch (StoreOwnedException e) when (e.Url is not null)
        {
            using var service = new ServiceClient(e.Url, host.Settings.Api.Key);
            var query = date is { } day ? string.Create(CultureInfo.InvariantCulture, $"?date={day:yyyy-MM-dd}") : "";
            return (await service.FindAsync($"/api/explain/{Uri.EscapeDataString(symbol.Text)}{query}", ct)).Deserialize<ExplainAnswer>(ApiJson.Options)!;
        }
    }
}
