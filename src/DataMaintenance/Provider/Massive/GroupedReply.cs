namespace DataMaintenance.Provider.Massive;

/// <summary>All bars of one session: <c>/v2/aggs/grouped/locale/us/market/stocks/{date}</c>.</summary>
internal static class GroupedReply
{
    public static Call CallFor(DateOnly date) =>
        new("grouped", $"/v2/aggs/grouped/locale/us/market/stocks/{date:yyyy-MM-dd}?adjusted=false&include_otc=false");

    public static DailyReply Parse(ReadOnlySpan<byte> body, DateOnly date, SymbolPool symbols, string endpoint)
    {
        var reply = new ReplyReader(body, endpoint);
        var envelope = default(Envelope);
        var intake = new DailyIntake(date, symbols, endpoint);
        var rows = 0;
        reply.EnterObject();
        while (reply.NextField())
        {
            if (!reply.Is("results"u8)) envelope.Take(ref reply);
            else if (envelope.EnterResults(ref reply)) rows = ReadRows(ref reply, intake);
        }
        reply.End();
        envelope.CheckBars(reply, rows);
        return intake.ToReply("massive:grouped");
    }

    private static int ReadRows(ref ReplyReader reply, DailyIntake intake)
    {
        while (reply.NextRow())
        {
            var row = BarRow.Read(ref reply);
            if (row.Ticker.IsEmpty) throw reply.Missing("T");
            intake.Add(row.Ticker, row.T, row.Open, row.High, row.Low, row.Close, row.Volume, row.Vwap, row.Trades);
        }
        reply.LeaveRows();
        return reply.Rows;
    }
}
