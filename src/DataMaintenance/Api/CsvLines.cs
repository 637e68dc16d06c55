using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace DataMaintenance.Api;

/// <summary>Writes CSV as UTF-8: numbers invariant, in the shortest form that reads back equal; text quoted where it must be.</summary>
internal sealed class CsvLines(Stream to)
{
    private readonly ArrayBufferWriter<byte> buffer = new(1 << 16);
    private bool started;

    public long Lines { get; private set; }

    public CsvLines Text(string? value)
    {
        Separate();
        if (value is null) return this;
        if (value.AsSpan().IndexOfAny("\",\r\n") >= 0) value = $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        Encoding.UTF8.GetBytes(value, buffer);
        return this;
    }

    public CsvLines Number(double? value)
    {
        Separate();
        if (value is not { } number) return this;
        // Shortest round trip, but whole shares without an exponent.
        var span = buffer.GetSpan(32);
        var written = 0;
        if (number == Math.Floor(number) && Math.Abs(number) < 1e15) Utf8Formatter.TryFormat((long)number, span, out written);
        else number.TryFormat(span, out written, default, System.Globalization.CultureInfo.InvariantCulture);
        buffer.Advance(written);
        return this;
    }

    public CsvLines Date(DateOnly value)
    {
        Separate();
        value.TryFormat(buffer.GetSpan(10), out var written, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        buffer.Advance(written);
        return this;
    }

    public CsvLines Time(TimeOnly value)
    {
        Separate();
        value.TryFormat(buffer.GetSpan(8), out var written, "HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
        buffer.Advance(written);
        return this;
    }

    public async ValueTask EndAsync(CancellationToken ct)
    {
        buffer.GetSpan(1)[0] = (byte)'\n';
        buffer.Advance(1);
        started = false;
        Lines++;
        if (buffer.WrittenCount > 1 << 15) await FlushAsync(ct);
    }

    public async ValueTask FlushAsync(CancellationToken ct)
    {
        await to.WriteAsync(buffer.WrittenMemory, ct);
        buffer.ResetWrittenCount();
    }

    private void Separate()
    {
        if (started)
        {
            buffer.GetSpan(1)[0] = (byte)',';
            buffer.Advance(1);
        }

        started = true;
    }
}
