using Simulator.World;

namespace Simulator.Rest;

/// <summary>Bars and the envelope of <c>/v2/aggs</c>, in the provider's key order.</summary>
internal static class BarText
{
    internal static void Open(JsonBuffer body, string? ticker, int read, int returned, bool adjusted)
    {
        body.Write("{"u8);
        if (ticker is not null)
        {
            body.Write("\"ticker\":"u8);
            body.Write(ticker);
            body.Write(","u8);
        }
        body.Write("\"queryCount\":"u8);
        body.Write(read);
        body.Write(",\"resultsCount\":"u8);
        body.Write(returned);
        body.Write(",\"adjusted\":"u8);
        body.Write(adjusted);
    }

    /// <param name="stamp">Unix milliseconds that replace each bar's start; null keeps it.</param>
    internal static void Rows(JsonBuffer body, List<Row> rows, long? stamp)
    {
        // An empty reply has no results at all.
        if (rows.Count == 0) return;
        body.Write(",\"results\":["u8);
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            body.Write(i == 0 ? "{"u8 : ",{"u8);
            if (row.Ticker is { } ticker)
            {
                body.Write("\"T\":\""u8);
                body.Write(ticker);
                body.Write("\","u8);
            }
            One(body, row.Bar, stamp ?? row.Bar.Start);
            body.Write("}"u8);
        }
        body.Write("]"u8);
    }

    internal static void Close(JsonBuffer body, string status, string requestId, int count, string? next)
    {
        body.Write(",\"status\":\""u8);
        body.Write(System.Text.Encoding.ASCII.GetBytes(status));
        body.Write("\",\"request_id\":"u8);
        body.Write(requestId);
        body.Write(",\"count\":"u8);
        body.Write(count);
        if (next is not null)
        {
            body.Write(",\"next_url\":"u8);
            body.Write(next);
        }
        body.Write("}"u8);
    }

    private static void One(JsonBuffer body, in Bar bar, long start)
    {
        body.Write("\"v\":"u8);
        // Half of the large volumes come as 1.300741e+06; one bar in four thousand comes without vw, one without n.
        body.WriteVolume(bar.Volume, exponent: (bar.Trades & 1) == 0);
        if (bar.Vwap != 0 && (bar.Vwap + bar.Trades) % 4_099 != 0)
        {
            body.Write(",\"vw\":"u8);
            body.WritePrice(bar.Vwap);
        }
        body.Write(",\"o\":"u8);
        body.WritePrice(bar.Open);
        body.Write(",\"c\":"u8);
        body.WritePrice(bar.Close);
        body.Write(",\"h\":"u8);
        body.WritePrice(bar.High);
        body.Write(",\"l\":"u8);
        body.WritePrice(bar.Low);
        body.Write(",\"t\":"u8);
        body.Write(start);
        if (bar.Trades != 0 && (bar.High + bar.Trades) % 4_093 != 0)
        {
            body.Write(",\"n\":"u8);
            body.Write(bar.Trades);
        }
    }
}
