using System.Globalization;
using Market;

namespace DataMaintenance.Provider.Massive;

/// <summary>The list of splits: <c>/stocks/v1/splits</c>, or the older <c>/v3/reference/splits</c>, whose rows are the same here.</summary>
internal static class SplitReply
{
    public static Call CallFor(int limit = 5_000) => new("splits", $"/stocks/v1/splits?sort=execution_date.asc&limit={limit}");

    public static Call OlderCall() => new("splits", "/v3/reference/splits?sort=execution_date&order=asc&limit=1000");

    public static ListedSplit? Read(ref ReplyReader reply, SymbolPool symbols, Action<string> leftOut)
    {
        ReadOnlySpan<byte> text = default;
        string? id = null;
        DateOnly? date = null;
        double? from = null, to = null;
        while (reply.NextField())
        {
            if (reply.Is("ticker"u8)) reply.Subject = text = reply.Bytes("ticker");
            else if (reply.Is("id"u8)) id = reply.TextOrNull("id");
            else if (reply.Is("execution_date"u8)) date = reply.DateOrNull("execution_date");
            else if (reply.Is("split_from"u8)) from = reply.Number("split_from");
            else if (reply.Is("split_to"u8)) to = reply.Number("split_to");
            else reply.Skip();
        }
        if (text.IsEmpty) throw reply.Missing("ticker");
        var day = date ?? throw reply.Missing("execution_date");
        var (old, @new) = (from ?? throw reply.Missing("split_from"), to ?? throw reply.Missing("split_to"));
        if (symbols.TryGet(text, out var symbol) && IsFactor(old) && IsFactor(@new)) return new ListedSplit(new Split(symbol, day, old, @new), id);
        leftOut(string.Create(CultureInfo.InvariantCulture, $"{Rejections.Printable(text)} on {day:yyyy-MM-dd}, {old} to {@new}"));
        return null;
    }

    public static bool IsFactor(double factor) => factor > 0 && double.IsFinite(factor);
}
