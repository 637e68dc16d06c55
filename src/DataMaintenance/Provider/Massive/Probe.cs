using System.Globalization;
using DataMaintenance.Provider.FlatFiles;
using Market;

namespace DataMaintenance.Provider.Massive;

/// <summary>Tries every endpoint once with the smallest question, and tells what the plan grants.</summary>
internal sealed class Probe(MassiveClient client, BucketFiles? files, SymbolPool symbols)
{
    private static readonly Symbol Known = new("AAPL");

    public async Task<IReadOnlyList<Entitlement>> RunAsync(DateOnly today, CancellationToken ct)
    {
        var session = TradingCalendar.Nyse.PreviousSession(today);
        return
        [
            await TryAsync("grouped bars", GroupedReply.CallFor(session), (body, endpoint) =>
                Bars(GroupedReply.Parse(body, session, symbols, endpoint).Bars.Count, "", session), ct),
            await TryAsync("five-minute bars", RangeReply.CallFor(Known, session, session), (body, endpoint) =>
            {
                using var bars = new RangeBars();
                RangeReply.Parse(body, Known, bars, endpoint);
                return Bars(bars.Count, $"{Known} on ", session);
            }, ct),
            await TryAsync("tickers", TickerReply.CallFor(active: true, limit: 1), (body, endpoint) =>
                Rows(ListPage.Parse<TickerReply.Row>(body, endpoint, (ref ReplyReader reply) => TickerReply.Read(ref reply, true, symbols, static _ => { }))), ct),
            await TryAsync("details", DetailsReply.CallFor(Known), (body, endpoint) => DetailsReply.Parse(body, Known, endpoint).Name ?? "no name", ct),
            await TryAsync("splits", SplitReply.CallFor(limit: 1), (body, endpoint) =>
                Rows(ListPage.Parse<ListedSplit>(body, endpoint, (ref ReplyReader reply) => SplitReply.Read(ref reply, symbols, static _ => { }))), ct),
            await TryAsync("float", FloatReply.CallFor(limit: 1), (body, endpoint) =>
                Rows(ListPage.Parse<FloatReply.Row>(body, endpoint, (ref ReplyReader reply) => FloatReply.Read(ref reply, symbols, static _ => { }))), ct),
            await TryAsync("market status", MarketStatusReply.Now, MarketStatusReply.ParseNow, ct),
            .. await FileProbe.RunAsync(files, today, ct),
        ];
    }

    private delegate string Describe(ReadOnlySpan<byte> body, string endpoint);

    private async Task<Entitlement> TryAsync(string what, Call call, Describe describe, CancellationToken ct)
    {
        try
        {
            return new Entitlement(what, Granted: true, await client.GetAsync(call, body => describe(body, call.Endpoint), gate: null, ct));
        }
        catch (ProviderException refused)
        {
            return new Entitlement(what, Granted: false, $"{refused.Fault}: {refused.Message}");
        }
    }

    private static string Rows<T>(ListPage<T> page) where T : class => page.Rows.Count > 0 ? "readable" : "readable, but empty";

    private static string Bars(int count, string whose, DateOnly session) => string.Create(CultureInfo.InvariantCulture,
        $"{(count > 0 ? $"{count:N0} bars" : "allowed, but no bar")} of {whose}{session:yyyy-MM-dd}");
}
