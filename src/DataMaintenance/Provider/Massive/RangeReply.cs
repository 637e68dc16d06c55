using Market;

namespace DataMaintenance.Provider.Massive;

/// <summary>Five-minute bars of one symbol: <c>/v2/aggs/ticker/{ticker}/range/5/minute/{from}/{to}</c>, page by page.</summary>
internal static class RangeReply
{
    public const string Unadjusted = "adjusted=false";

    public static Call CallFor(Symbol symbol, DateOnly first, DateOnly last) => new("range",
        $"/v2/aggs/ticker/{Uri.EscapeDataString(symbol.Text)}/range/5/minute/{first:yyyy-MM-dd}/{last:yyyy-MM-dd}?{Unadjusted}&sort=asc&limit=50000");

    /// <returns>The next page's address; null on the last one.</returns>
    public static string? Parse(ReadOnlySpan<byte> body, Symbol symbol, RangeBars bars, string endpoint)
    {
        var reply = new ReplyReader(body, endpoint);
        var envelope = default(Envelope);
        var rows = 0;
        reply.EnterObject();
        while (reply.NextField())
        {
            if (!reply.Is("results"u8)) envelope.Take(ref reply);
            else if (envelope.EnterResults(ref reply)) rows = ReadRows(ref reply, bars);
        }
        reply.End();
        envelope.CheckBars(reply, rows);
        if (envelope.Ticker is { } ticker && !string.Equals(ticker, symbol.Text, StringComparison.Ordinal))
            throw reply.Fault("ticker", $"expected {symbol}, got {Rejections.Printable(ticker)}");
        return envelope.NextUrl;
    }

    private static int ReadRows(ref ReplyReader reply, RangeBars bars)
    {
        while (reply.NextRow())
        {
            var row = BarRow.Read(ref reply);
            bars.Add(new RangeBar(row.T, row.Open, row.High, row.Low, row.Close, row.Volume, row.Vwap ?? double.NaN, row.Trades ?? -1));
        }
        reply.LeaveRows();
        return reply.Rows;
    }
}
