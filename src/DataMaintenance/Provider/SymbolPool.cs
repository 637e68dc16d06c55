using System.Text;
using Market;

namespace DataMaintenance.Provider;

/// <summary>One string per ticker, however often the text is read. Safe from several threads.</summary>
internal sealed class SymbolPool
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Symbol>.AlternateLookup<ReadOnlySpan<char>> known =
        new Dictionary<string, Symbol>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>False when the bytes cannot be a symbol.</summary>
    public bool TryGet(ReadOnlySpan<byte> text, out Symbol symbol)
    {
        symbol = default;
        Span<char> chars = stackalloc char[Symbol.MaxLength];
        if (text.Length > Symbol.MaxLength || Ascii.ToUtf16(text, chars, out var length) != System.Buffers.OperationStatus.Done) return false;
        return TryGet(chars[..length], out symbol);
    }

    /// <summary>False when the text cannot be a symbol.</summary>
    public bool TryGet(ReadOnlySpan<char> text, out Symbol symbol)
    {
        lock (gate)
        {
            if (known.TryGetValue(text, out symbol)) return true;
            if (!Symbol.IsValid(text)) return false;
            symbol = new Symbol(text.ToString());
            known[text] = symbol;
            return true;
        }
    }
}
