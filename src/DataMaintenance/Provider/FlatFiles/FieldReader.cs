using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DataMaintenance.Provider.FlatFiles;

/// <summary>
/// The short way through a row whose fields are written as usual: up to eight digits before a dot and after it, eight characters at a time.
/// It says false of anything else and gives exactly what <see cref="AsciiNumber"/> gives.
/// </summary>
internal ref struct FieldReader(ReadOnlySpan<byte> text)
{
    /// <summary>What is looked at beyond a field's begin; nearer to the end of the text nothing is read.</summary>
    private const int Reach = 24;
    private const int StampDigits = 19;
    private const int MostDigits = 8;
    private const ulong Zeros = 0x3030303030303030, HighHalves = 0xF0F0F0F0F0F0F0F0;
    private const ulong ExactMantissa = 1UL << 53;

    private static ReadOnlySpan<double> PowersOfTen => [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];
    private static ReadOnlySpan<ulong> WholePowersOfTen => [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

    private readonly ref byte start = ref MemoryMarshal.GetReference(text);
    private readonly int length = text.Length;

    /// <summary>Where the next field begins.</summary>
    public int Position { get; private set; }

    /// <summary>Length of a field of at most 16 characters before the next comma; it is stepped over.</summary>
    public bool TryText(out int characters)
    {
        characters = 0;
        if (length - Position < Reach) return false;
        var commas = Ends((byte)',');
        if (commas == 0) return false;
        characters = BitOperations.TrailingZeroCount(commas);
        if (characters == 0 || (Ends((byte)'\n') & ((1u << characters) - 1)) != 0) return false;
        Position += characters + 1;
        return true;
    }

    /// <summary>A number that ends at a comma.</summary>
    public bool TryNumber(out double value)
    {
        value = 0;
        if (length - Position < Reach) return false;
        var commas = Ends((byte)',');
        if (commas == 0) return false;
        var end = BitOperations.TrailingZeroCount(commas);
        var dots = Ends((byte)'.') & ((1u << end) - 1);
        var dot = dots == 0 ? end : BitOperations.TrailingZeroCount(dots);
        var places = Math.Max(end - dot - 1, 0);
        if (dot is 0 or > MostDigits || places > MostDigits || !TryDigits(Position, dot, out var whole)) return false;
        var part = 0UL;
        if (places > 0 && !TryDigits(Position + dot + 1, places, out part)) return false;
        var mantissa = (whole * WholePowersOfTen[places]) + part;
        if (mantissa > ExactMantissa) return false;
        value = places == 0 ? mantissa : mantissa / PowersOfTen[places];
        Position += end + 1;
        return true;
    }

    /// <summary>Nineteen digits and a comma, as nanoseconds since 1970 have from 2001 to 2262.</summary>
    public bool TryStamp(out long nanoseconds)
    {
        nanoseconds = 0;
        if (length - Position < Reach || Unsafe.Add(ref start, Position + StampDigits) != ',') return false;
        if (!TryDigits(Position, 8, out var high) || !TryDigits(Position + 8, 8, out var middle) || !TryDigits(Position + 16, 3, out var low)) return false;
        // Beyond it a long would overflow.
        if (high > 92_233_719) return false;
        nanoseconds = (long)((((high * 100_000_000) + middle) * 1_000) + low);
        Position += StampDigits + 1;
        return true;
    }

    /// <summary>At most eight digits and the end of the line.</summary>
    public bool TryLast(out long value)
    {
        value = 0;
        if (length - Position < Reach) return false;
        var ends = Ends((byte)'\n');
        if (ends == 0) return false;
        var end = BitOperations.TrailingZeroCount(ends);
        if (end is 0 or > MostDigits || !TryDigits(Position, end, out var whole)) return false;
        value = (long)whole;
        Position += end + 1;
        return true;
    }

    private readonly uint Ends(byte with) => Vector128.Equals(Vector128.LoadUnsafe(ref start, (nuint)Position), Vector128.Create(with)).ExtractMostSignificantBits();

    /// <summary>One to eight digits at once: neighbours are joined to pairs, pairs to fours, fours to the whole.</summary>
    private readonly bool TryDigits(int at, int count, out ulong value)
    {
        var eight = BinaryPrimitives.ReadUInt64LittleEndian(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref start, at), MostDigits));
        var unused = (MostDigits - count) * 8;
        eight = (eight << unused) | (unused == 0 ? 0 : Zeros >> (64 - unused));
        value = 0;
        if ((eight & HighHalves) != Zeros || ((eight + 0x0606060606060606) & HighHalves) != Zeros) return false;
        eight -= Zeros;
        eight = (eight * 10) + (eight >> 8);
        value = (((eight & 0x000000FF000000FF) * 0x000F424000000064) + (((eight >> 16) & 0x000000FF000000FF) * 0x0000271000000001)) >> 32;
        return true;
    }
}
