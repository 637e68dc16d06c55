using System.Buffers.Binary;
using System.Text;
using Npgsql;

namespace DataMaintenance.Store;

/// <summary>
/// Rows into a table by COPY in binary form, laid out in one buffer that is sent when full. A column's value must be of the column's exact type.
/// Nothing is written unless <see cref="CompleteAsync"/> was reached.
/// </summary>
/// <remarks>The format: https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format".</remarks>
internal sealed class BinaryCopy : IAsyncDisposable
{
    private const int SendAt = 64 * 1024;
    private const int LongestText = 8 * 1024;
    private static readonly int Epoch = new DateOnly(2000, 1, 1).DayNumber;
    private static readonly byte[] Header = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly NpgsqlRawCopyStream stream;
    private readonly byte[] buffer = new byte[SendAt + (4 * LongestText)];
    private int used;
    private bool complete;

    private BinaryCopy(NpgsqlRawCopyStream stream)
    {
        this.stream = stream;
        Header.CopyTo(buffer, 0);
        used = Header.Length;
    }

    /// <param name="target">Table and columns: <c>coverage (dataset, date)</c>.</param>
    public static async Task<BinaryCopy> IntoAsync(NpgsqlConnection connection, string target, CancellationToken ct) =>
        new(await connection.BeginRawBinaryCopyAsync($"COPY {target} FROM STDIN (FORMAT BINARY)", ct));

    /// <summary>Begins the next row, and sends what has gathered when it is much.</summary>
    public ValueTask StartRowAsync(short columns, CancellationToken ct)
    {
        if (used < SendAt)
        {
            Write16(columns);
            return ValueTask.CompletedTask;
        }

        return SendAndStartAsync(columns, ct);
    }

    public void Write(double value)
    {
        Write32(sizeof(double));
        BinaryPrimitives.WriteDoubleBigEndian(buffer.AsSpan(used), value);
        used += sizeof(double);
    }

    public void Write(long value)
    {
        Write32(sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(buffer.AsSpan(used), value);
        used += sizeof(long);
    }

    public void Write(int value)
    {
        Write32(sizeof(int));
        Write32(value);
    }

    public void Write(short value)
    {
        Write32(sizeof(short));
        Write16(value);
    }

    public void Write(bool value)
    {
        Write32(sizeof(bool));
        buffer[used++] = value ? (byte)1 : (byte)0;
    }

    public void Write(DateOnly value) => Write(value.DayNumber - Epoch);

    public void Write(TimeOnly value) => Write(value.Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>To the microsecond, which is what the server keeps.</summary>
    public void Write(DateTimeOffset value) => Write((value.UtcTicks - (Epoch * TimeSpan.TicksPerDay)) / TimeSpan.TicksPerMicrosecond);

    public void Write(double? value)
    {
        if (value is { } present) Write(present);
        else WriteNull();
    }

    public void Write(long? value)
    {
        if (value is { } present) Write(present);
        else WriteNull();
    }

    public void Write(int? value)
    {
        if (value is { } present) Write(present);
        else WriteNull();
    }

    public void Write(string text)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, LongestText / 3, nameof(text));
        var bytes = Encoding.UTF8.GetBytes(text, buffer.AsSpan(used + sizeof(int)));
        Write32(bytes);
        used += bytes;
    }

    /// <exception cref="ArgumentException">No column holds values of that type.</exception>
    public void WriteAny(object? value)
    {
        switch (value)
        {
            case null: WriteNull(); break;
            case string text: Write(text); break;
            case double number: Write(number); break;
            case long number: Write(number); break;
            case int number: Write(number); break;
            case bool truth: Write(truth); break;
            case DateOnly day: Write(day); break;
            case DateTimeOffset instant: Write(instant); break;
            default: throw new ArgumentException($"A column of type {value.GetType().Name} is not known to the binary copy.", nameof(value));
        }
    }

    public void WriteNull() => Write32(-1);

    public async Task CompleteAsync(CancellationToken ct)
    {
        Write16(-1);
        await SendAsync(ct);
        complete = true;
        await stream.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (complete) return;
        // Ending the stream would commit the rows sent so far; the server is told to forget them.
        try
        {
            await stream.CancelAsync();
            await stream.DisposeAsync();
        }
        catch (Exception e) when (e is NpgsqlException or IOException or ObjectDisposedException)
        {
            // The connection is gone, and with it the rows; why it went is told by what failed first.
        }
    }

    private async ValueTask SendAndStartAsync(short columns, CancellationToken ct)
    {
        await SendAsync(ct);
        Write16(columns);
    }

    private async ValueTask SendAsync(CancellationToken ct)
    {
        await stream.WriteAsync(buffer.AsMemory(0, used), ct);
        used = 0;
    }

    private void Write16(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(buffer.AsSpan(used), value);
        used += sizeof(short);
    }

    private void Write32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(used), value);
        used += sizeof(int);
    }
}
