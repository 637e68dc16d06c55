using System.Buffers.Text;

namespace DataMaintenance.Provider;

/// <summary>Numbers from ASCII text, as JSON and the flat files write them. Exact: the double nearest to the decimal text.</summary>
internal static class AsciiNumber
{
    private const ulong ExactMantissa = 1UL << 53;

    private static ReadOnlySpan<double> PowersOfTen =>
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18];

    /// <summary>Digits with at most one dot take the short way, whose one division rounds correctly; signs, exponents and long texts the general one.</summary>
    public static bool TryDouble(ReadOnlySpan<byte> text, out double value)
    {
        ulong mantissa = 0;
        var digits = 0;
        var dot = -1;
        if (text.Length is 0 or > 19) return TryGeneral(text, out value);
        for (var i = 0; i < text.Length; i++)
        {
            var digit = (uint)(text[i] - '0');
            if (digit <= 9)
            {
                mantissa = (mantissa * 10) + digit;
                digits++;
            }
            else if (text[i] == '.' && dot < 0) dot = i;
            else return TryGeneral(text, out value);
        }
        if (mantissa > ExactMantissa || digits == 0) return TryGeneral(text, out value);
        value = dot < 0 ? mantissa : mantissa / PowersOfTen[text.Length - dot - 1];
        return true;
    }

    /// <summary>Reads a field that ends at the comma, and moves <paramref name="text"/> behind it; false when there is no comma or no number before it.</summary>
    public static bool TryField(ref ReadOnlySpan<byte> text, out double value)
    {
        ulong mantissa = 0;
        var fraction = -1;
        var i = 0;
        for (; i < text.Length && i <= 18; i++)
        {
            var digit = (uint)(text[i] - '0');
            if (digit <= 9) mantissa = (mantissa * 10) + digit;
            else if (text[i] == '.' && fraction < 0) fraction = i;
            else break;
        }
        if (i < text.Length && text[i] == ',' && i > 0 && mantissa <= ExactMantissa && (fraction < 0 || i > 1))
        {
            value = fraction < 0 ? mantissa : mantissa / PowersOfTen[i - fraction - 1];
            text = text[(i + 1)..];
            return true;
        }
        return TryGeneralField(ref text, out value);
    }

    private static bool TryGeneralField(ref ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        var comma = text.IndexOf((byte)',');
        if (comma < 0 || !TryGeneral(text[..comma], out value)) return false;
        text = text[(comma + 1)..];
        return true;
    }

    /// <summary>Whole numbers; also <c>2e+06</c> or <c>5.0</c> where the value is whole and exact in a double.</summary>
    public static bool TryWhole(ReadOnlySpan<byte> text, out long value)
    {
        if (Utf8Parser.TryParse(text, out value, out var used) && used == text.Length) return true;
        value = 0;
        if (!TryDouble(text, out var number) || Math.Abs(number) > ExactMantissa || number != Math.Floor(number)) return false;
        value = (long)number;
        return true;
    }

    private static bool TryGeneral(ReadOnlySpan<byte> text, out double value) =>
        Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;
}
