using Market;

namespace DataMaintenance.Provider.Massive;

/// <summary>The list of securities: <c>/v3/reference/tickers</c>.</summary>
internal static class TickerReply
{
    /// <param name="Updated">Text such as <c>2022-04-27T00:00:00Z</c>, which sorts as it stands; empty where absent.</param>
    public sealed record Row(Ticker Ticker, string Updated);

    public static Call CallFor(bool active, int limit = 1_000) =>
        new("tickers", $"/v3/reference/tickers?market=stocks&active={(active ? "true" : "false")}&order=asc&sort=ticker&limit={limit}");

    public static Row? Read(ref ReplyReader reply, bool asked, SymbolPool symbols, Action<string> leftOut)
    {
        ReadOnlySpan<byte> text = default;
        string? name = null, type = null, exchange = null, cik = null, figi = null, updated = null;
        bool? active = null;
        DateOnly? delisted = null;
        while (reply.NextField())
        {
            if (reply.Is("ticker"u8)) reply.Subject = text = reply.Bytes("ticker");
            else if (reply.Is("name"u8)) name = reply.TextOrNull("name");
            else if (reply.Is("type"u8)) type = reply.TextOrNull("type");
            else if (reply.Is("primary_exchange"u8)) exchange = reply.TextOrNull("primary_exchange");
            else if (reply.Is("cik"u8)) cik = reply.TextOrNull("cik");
            else if (reply.Is("composite_figi"u8)) figi = reply.TextOrNull("composite_figi");
            else if (reply.Is("last_updated_utc"u8)) updated = reply.TextOrNull("last_updated_utc");
            else if (reply.Is("active"u8)) active = reply.FlagOrNull("active");
            else if (reply.Is("delisted_utc"u8)) delisted = reply.DateOrNull("delisted_utc");
            else reply.Skip();
        }
        if (text.IsEmpty) throw reply.Missing("ticker");
        if (symbols.TryGet(text, out var symbol))
            return new Row(new Ticker(symbol, name, type, exchange, cik, figi, active ?? asked, delisted), updated ?? "");
        leftOut(Rejections.Printable(text));
        return null;
    }

    /// <summary>A symbol once: of several rows the one updated last, the first when equal. By symbol.</summary>
    public static IReadOnlyList<Ticker> Merge(IEnumerable<Row> rows)
    {
        var newest = new Dictionary<Symbol, Row>();
        foreach (var row in rows)
        {
            if (!newest.TryGetValue(row.Ticker.Symbol, out var known) || string.CompareOrdinal(row.Updated, known.Updated) > 0)
                newest[row.Ticker.Symbol] = row;
        }
        return [.. newest.Values.Select(static row => row.Ticker).OrderBy(static ticker => ticker.Symbol)];
    }
}
