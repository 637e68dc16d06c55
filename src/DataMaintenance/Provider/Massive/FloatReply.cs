using Market;

namespace DataMaintenance.Provider.Massive;

/// <summary>Free float: <c>/stocks/vX/float</c>.</summary>
internal static class FloatReply
{
    /// <param name="Effective">Null where absent, which counts as oldest.</param>
    public sealed record Row(Symbol Symbol, long Shares, DateOnly? Effective);

    public static Call CallFor(int limit = 5_000) => new("float", $"/stocks/vX/float?sort=ticker.asc&limit={limit}");

    public static Row? Read(ref ReplyReader reply, SymbolPool symbols, Action<string> leftOut)
    {
        ReadOnlySpan<byte> text = default;
        long? shares = null;
        DateOnly? effective = null;
        while (reply.NextField())
        {
            if (reply.Is("ticker"u8)) reply.Subject = text = reply.Bytes("ticker");
            else if (reply.Is("free_float"u8)) shares = reply.WholeOrNull("free_float");
            else if (reply.Is("effective_date"u8)) effective = reply.DateOrNull("effective_date");
            else reply.Skip();
        }
        if (text.IsEmpty) throw reply.Missing("ticker");
        if (shares is null) throw reply.Missing("free_float");
        if (symbols.TryGet(text, out var symbol) && shares >= 0) return new Row(symbol, shares.Value, effective);
        leftOut($"{Rejections.Printable(text)}, {shares} shares");
        return null;
    }

    /// <summary>A symbol once: the row that took effect last.</summary>
    public static IReadOnlyDictionary<Symbol, long> Merge(IEnumerable<Row> rows)
    {
        var newest = new Dictionary<Symbol, Row>();
        foreach (var row in rows)
        {
            if (!newest.TryGetValue(row.Symbol, out var known) || (row.Effective ?? DateOnly.MinValue) > (known.Effective ?? DateOnly.MinValue))
                newest[row.Symbol] = row;
        }
        return newest.ToDictionary(static pair => pair.Key, static pair => pair.Value.Shares);
    }
}
