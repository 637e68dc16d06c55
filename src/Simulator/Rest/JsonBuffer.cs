using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Simulator.World;

namespace Simulator.Rest;

/// <summary>
/// A reply's body in one pooled array. Bars are written digit by digit from their whole numbers, since a day of a full-size
/// market is hundreds of megabytes of them; everything else goes through <see cref="Utf8JsonWriter"/> on top of it.
/// </summary>
internal sealed class JsonBuffer(int capacity) : IBufferWriter<byte>, IDisposable
{
    private byte[] bytes = ArrayPool<byte>.Shared.Rent(capacity);
    private int length;

    internal ReadOnlyMemory<byte> Written => bytes.AsMemory(0, length);

    internal void Write(ReadOnlySpan<byte> text)
    {
        Reserve(text.Length);
        text.CopyTo(bytes.AsSpan(length));
        length += text.Length;
    }

    internal void Write(bool value) => Write(value ? "true"u8 : "false"u8);

    internal void Write(long value)
    {
        Reserve(20);
        Utf8Formatter.TryFormat(value, bytes.AsSpan(length), out var written);
        length += written;
    }

    /// <summary>Quoted and escaped.</summary>
    internal void Write(string text)
    {
        var encoded = JsonEncodedText.Encode(text).EncodedUtf8Bytes;
        Write("\""u8);
        Write(encoded);
        Write("\""u8);
    }

    /// <summary>1/10,000 USD in as few digits as it needs: <c>123.75</c>, <c>26</c>.</summary>
    internal void WritePrice(long price)
    {
        var (whole, fraction) = Math.DivRem(price, Bar.PriceScale);
        Write(whole);
        WriteFraction((int)fraction, 4);
    }

    /// <summary>Millionths of a share in as few digits as it needs; large ones on request as the provider's <c>1.300741e+06</c>.</summary>
    internal void WriteVolume(long volume, bool exponent)
    {
        if (exponent && volume >= 1_000_000 * Bar.VolumeScale)
        {
            WriteExponent(volume);
            return;
        }
        var (whole, fraction) = Math.DivRem(volume, Bar.VolumeScale);
        Write(whole);
        WriteFraction((int)fraction, 6);
    }

    /// <summary>Always with all places: <c>150.000000</c>, as flat files print it.</summary>
    internal void WriteFixed(long whole, int fraction, int places)
    {
        Write(whole);
        Reserve(places + 1);
        bytes[length] = (byte)'.';
        for (var i = places; i > 0; i--, fraction /= 10) bytes[length + i] = (byte)('0' + (fraction % 10));
        length += places + 1;
    }

    internal void Truncate(int to) => length = Math.Min(length, to);

    internal Utf8JsonWriter Json() => new(this);

    public void Advance(int count) => length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 256));
        return bytes.AsMemory(length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = [];
    }

    private void WriteFraction(int fraction, int places)
    {
        if (fraction == 0) return;
        while (fraction % 10 == 0) (fraction, places) = (fraction / 10, places - 1);
        Reserve(places + 1);
        bytes[length] = (byte)'.';
        for (var i = places; i > 0; i--, fraction /= 10) bytes[length + i] = (byte)('0' + (fraction % 10));
        length += places + 1;
    }

    private void WriteExponent(long volume)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(volume, digits, out var count);
        var exponent = count - 7;
        var mantissa = digits[..count].TrimEnd((byte)'0');
        Write(mantissa[..1]);
        if (mantissa.Length > 1) Write("."u8);
        Write(mantissa[1..]);
        Write(exponent < 10 ? "e+0"u8 : "e+"u8);
        Write(exponent);
    }

    private void Reserve(int more)
    {
        if (bytes.Length - length >= more) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(bytes.Length * 2, length + more));
        bytes.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = larger;
    }
}
