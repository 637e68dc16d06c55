using Market;

namespace DataMaintenance.Provider.Massive;

/// <summary>Details of one security: <c>/v3/reference/tickers/{ticker}</c>.</summary>
internal static class DetailsReply
{
    public static Call CallFor(Symbol symbol) => new("details", $"/v3/reference/tickers/{Uri.EscapeDataString(symbol.Text)}");

    public static TickerDetails Parse(ReadOnlySpan<byte> body, Symbol symbol, string endpoint)
    {
        var reply = new ReplyReader(body, endpoint);
        var envelope = default(Envelope);
        TickerDetails? details = null;
        reply.EnterObject();
        while (reply.NextField())
        {
            if (!reply.Is("results"u8)) envelope.Take(ref reply);
            else details = ReadResults(ref reply, symbol);
        }
        reply.End();
        envelope.CheckStatus(reply);
        return details ?? throw reply.Missing("results");
    }

    private static TickerDetails ReadResults(ref ReplyReader reply, Symbol symbol)
    {
        var details = new TickerDetails(symbol);
        string? ticker = null;
        double? classShares = null, weightedShares = null;
        reply.EnterObject("results");
        while (reply.NextField())
        {
            if (reply.Is("ticker"u8)) ticker = reply.Text("results.ticker");
            else if (reply.Is("name"u8)) details = details with { Name = reply.TextOrNull("results.name") };
            else if (reply.Is("primary_exchange"u8)) details = details with { Exchange = reply.TextOrNull("results.primary_exchange") };
            else if (reply.Is("type"u8)) details = details with { Type = reply.TextOrNull("results.type") };
            else if (reply.Is("sic_code"u8)) details = details with { SicCode = reply.TextOrNull("results.sic_code") };
            else if (reply.Is("sic_description"u8)) details = details with { SicDescription = reply.TextOrNull("results.sic_description") };
            else if (reply.Is("market_cap"u8)) details = details with { MarketCap = Amount(ref reply, "results.market_cap") };
            else if (reply.Is("share_class_shares_outstanding"u8)) classShares = Amount(ref reply, "results.share_class_shares_outstanding");
            else if (reply.Is("weighted_shares_outstanding"u8)) weightedShares = Amount(ref reply, "results.weighted_shares_outstanding");
            else if (reply.Is("description"u8)) details = details with { Description = reply.TextOrNull("results.description") };
            else if (reply.Is("list_date"u8)) details = details with { ListDate = reply.DateOrNull("results.list_date") };
            else if (reply.Is("cik"u8)) details = details with { Cik = reply.TextOrNull("results.cik") };
            else if (reply.Is("composite_figi"u8)) details = details with { CompositeFigi = reply.TextOrNull("results.composite_figi") };
            else if (reply.Is("homepage_url"u8)) details = details with { HomepageUrl = reply.TextOrNull("results.homepage_url") };
            else if (reply.Is("total_employees"u8)) details = details with { TotalEmployees = (long?)Amount(ref reply, "results.total_employees") };
            else reply.Skip();
        }
        if (ticker is null) throw reply.Missing("results.ticker");
        if (!string.Equals(ticker, symbol.Text, StringComparison.Ordinal))
            throw reply.Fault("results.ticker", $"expected {symbol}, got {Rejections.Printable(ticker)}");
        return details with { SharesOutstanding = (long?)(classShares ?? weightedShares) };
    }

    private static double? Amount(ref ReplyReader reply, string field)
    {
        var amount = reply.NumberOrNull(field);
        return amount is null or (>= 0 and < 1e18) ? amount : throw reply.Fault(field, "expected an amount of at least 0");
    }
}
