namespace DataMaintenance.Provider.Massive;

/// <summary>One bar as it stands in <c>results</c>; its ticker points into the body.</summary>
internal ref struct BarRow
{
    private const int AllFields = (1 << 6) - 1;

    public ReadOnlySpan<byte> Ticker;
    /// <summary>Unix milliseconds, UTC.</summary>
    public long T;
    public double Open, High, Low, Close, Volume;
    public double? Vwap;
    public long? Trades;

    /// <exception cref="ProviderException">A field is missing or of the wrong kind.</exception>
    public static BarRow Read(ref ReplyReader reply)
    {
        var row = default(BarRow);
        var seen = 0;
        while (reply.NextField())
        {
            var name = reply.Name;
            if (name.Length == 1)
            {
                switch (name[0])
                {
                    case (byte)'v': row.Volume = reply.Number("v"); seen |= 1; break;
                    case (byte)'o': row.Open = reply.Number("o"); seen |= 2; break;
                    case (byte)'c': row.Close = reply.Number("c"); seen |= 4; break;
                    case (byte)'h': row.High = reply.Number("h"); seen |= 8; break;
                    case (byte)'l': row.Low = reply.Number("l"); seen |= 16; break;
                    case (byte)'t': row.T = reply.Whole("t"); seen |= 32; break;
                    case (byte)'n': row.Trades = reply.WholeOrNull("n"); break;
                    case (byte)'T': reply.Subject = row.Ticker = reply.Bytes("T"); break;
                    default: reply.Skip(); break;
                }
            }
            else if (name.SequenceEqual("vw"u8)) row.Vwap = reply.NumberOrNull("vw");
            else reply.Skip();
        }
        return seen == AllFields ? row : throw reply.Missing(FirstMissing(seen));
    }

    private static string FirstMissing(int seen) => "vochlt"[System.Numerics.BitOperations.TrailingZeroCount(~seen)].ToString();
}
