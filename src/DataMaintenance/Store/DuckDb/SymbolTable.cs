using System.Runtime.InteropServices;
using System.Text;
using Market;

namespace DataMaintenance.Store;

/// <summary>Symbols by their bytes, each made once: a read of thirty sessions names each symbol thirty times.</summary>
internal sealed class SymbolTable
{
    private readonly Dictionary<UInt128, Symbol> known = [];

    public Symbol Of(ReadOnlySpan<byte> text)
    {
        if (text.Length > 16) return new(Encoding.ASCII.GetString(text));
        // No symbol holds a zero byte, so padding keeps keys apart.
        Span<byte> padded = stackalloc byte[16];
        padded.Clear();
        text.CopyTo(padded);
        ref var symbol = ref CollectionsMarshal.GetValueRefOrAddDefault(known, MemoryMarshal.Read<UInt128>(padded), out var exists);
        if (!exists) symbol = new(Encoding.ASCII.GetString(text));
        return symbol;
    }
}
