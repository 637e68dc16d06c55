using System.IO.Compression;

namespace DataMaintenance.Provider.FlatFiles;

/// <summary>
/// A file followed by a packed line of our own. GZipStream ends in silence where an archive is cut off; the line comes out at the end
/// only when the archive before it was whole, down to its checksum.
/// </summary>
internal sealed class MarkedFile(Stream file, byte[] tail) : Stream
{
    /// <summary>The line; no ticker begins like it.</summary>
    public static ReadOnlySpan<byte> Marker => "\u0004end of file"u8;

    private int tailRead;

    /// <summary>The text of a file, unpacked, with <see cref="Marker"/> as its last line.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static Stream Open(FlatFile file)
    {
        byte[] line = [.. Marker, (byte)'\n'];
        return file.IsPacked
            ? new GZipStream(new MarkedFile(file.Open(), Packed(line)), CompressionMode.Decompress)
            : new MarkedFile(file.Open(), line);
    }

    public override int Read(Span<byte> buffer) => file.Read(buffer) is > 0 and var read ? read : ReadTail(buffer);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        await file.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : ReadTail(buffer.Span);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) file.Dispose();
        base.Dispose(disposing);
    }

    public override async ValueTask DisposeAsync()
    {
        await file.DisposeAsync();
        await base.DisposeAsync();
    }

    private int ReadTail(Span<byte> buffer)
    {
        var rest = tail.AsSpan(tailRead, Math.Min(tail.Length - tailRead, buffer.Length));
        rest.CopyTo(buffer);
        tailRead += rest.Length;
        return rest.Length;
    }

    private static byte[] Packed(byte[] line)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(line);
        return packed.ToArray();
    }
}
