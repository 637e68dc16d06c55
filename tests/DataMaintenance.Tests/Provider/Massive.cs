using System.Globalization;
using DataMaintenance.Provider;
using Market;

namespace DataMaintenance.Tests.Provider;

/// <summary>The source under test, and bodies as the provider writes them.</summary>
internal static class Massive
{
    public const string Key = "k3y-that-must-never-show";

    public static readonly DateOnly Day = new(2025, 1, 2);

    public static ProviderOptions Options(Uri url) => new()
    {
        BaseUrl = url,
        ApiKey = Key,
        CallsPerSecond = 0,
        RetryDelay = TimeSpan.FromMilliseconds(1),
        DetailsPause = TimeSpan.Zero,
    };

    public static IMarketSource Source(ScriptedServer server, Func<ProviderOptions, ProviderOptions>? change = null, TimeProvider? clock = null)
    {
        var options = Options(server.Url);
        return ProviderSetup.Create(change is null ? options : change(options), clock ?? TimeProvider.System);
    }

    /// <summary>A reply of bars; each row without its braces.</summary>
    public static string Bars(params string[] rows) =>
        $$"""{"queryCount":{{rows.Length}},"resultsCount":{{rows.Length}},"adjusted":false,"results":[{{string.Join(',', rows.Select(row => "{" + row + "}"))}}],"status":"OK","request_id":"x","count":{{rows.Length}}}""";

    public static string Bar(long t, string v = "100", string prices = "\"o\":10,\"c\":10.5,\"h\":11,\"l\":9.5", string rest = ",\"vw\":10.25,\"n\":7") =>
        $"\"v\":{v}{rest},{prices},\"t\":{t}";

    public static string Grouped(string ticker, DateOnly day, string v = "100", string prices = "\"o\":10,\"c\":10.5,\"h\":11,\"l\":9.5", int hour = 16) =>
        $"\"T\":\"{ticker}\"," + Bar(At(day, hour), v, prices);

    public static long At(DateOnly day, int hour, int minute = 0) => TradingCalendar.At(day, new TimeOnly(hour, minute)).ToUnixTimeMilliseconds();

    public static string Error(string text) => $$"""{"status":"ERROR","request_id":"x","error":"{{text}}"}""";

    public static string Refused(string text) => $$"""{"status":"NOT_AUTHORIZED","request_id":"x","message":"{{text}}"}""";

    /// <summary>Slots of one symbol for the days, by way of the whole source.</summary>
    public static async Task<SlotReply> SlotsAsync(this IMarketSource source, string symbol, SlotGrid grid, params DateOnly[] days)
    {
        var (replies, failures) = await source.AllSlotsAsync([symbol], grid, days);
        if (failures.Count > 0) throw failures[0].Error;
        return Assert.Single(replies);
    }

    public static async Task<(IReadOnlyList<SlotReply> Replies, IReadOnlyList<SymbolFailure> Failures)> AllSlotsAsync(
        this IMarketSource source, string[] symbols, SlotGrid grid, params DateOnly[] days)
    {
        var replies = new List<SlotReply>();
        var failures = await source.SlotsAsync(symbols.ToDictionary(text => new Symbol(text), _ => (IReadOnlyList<DateOnly>)days), grid, (reply, _) =>
        {
            lock (replies) replies.Add(reply);
            return ValueTask.CompletedTask;
        }, TestContext.Current.CancellationToken);
        return (replies, failures);
    }

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
