using System.Buffers;

namespace DataMaintenance.Provider.Massive;

/// <summary>A reply's body in a rented buffer; returned on <see cref="Dispose"/>.</summary>
internal sealed class PooledBody : IDisposable
{
    private const int FirstSize = 128 * 1024;
    private const int LargestSize = 512 * 1024 * 1024;

    private byte[] buffer;
    private int length;

    private PooledBody(int size) => buffer = ArrayPool<byte>.Shared.Rent(size);

    public ReadOnlySpan<byte> Span => buffer.AsSpan(0, length);

    /// <exception cref="InvalidDataException">The body is larger than 512 MB, or its compression is broken.</exception>
    public static async Task<PooledBody> ReadAsync(HttpContent content, CancellationToken ct)
    {
        var announced = content.Headers.ContentLength ?? FirstSize;
        var body = new PooledBody((int)Math.Clamp(announced + 1, 1, LargestSize));
        try
        {
            await using var stream = await content.ReadAsStreamAsync(ct);
            while (true)
            {
                var read = await stream.ReadAsync(body.buffer.AsMemory(body.length), ct);
                if (read == 0) return body;
                body.length += read;
                if (body.length == body.buffer.Length) body.Grow();
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        length = 0;
    }

    private void Grow()
    {
        if (length >= LargestSize) throw new InvalidDataException($"The body is larger than {LargestSize} bytes.");
        var larger = ArrayPool<byte>.Shared.Rent(length * 2);
        Span.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
