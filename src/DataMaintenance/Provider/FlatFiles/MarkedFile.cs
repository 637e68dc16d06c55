using System.IO.Compression;

namespace DataMaintenance.Provider.FlatFiles;

/// <summary>
/// A file followed by a packed line of our own. GZipStream ends in silence where an archive is cut off; the line comes out at the end
/// only when the archive before it was whole, down to its checksum.
/// </summary>
internal sealed class MarkedFile(FileStream file, byte[] tail) : Stream
{
    /// <summary>The line; no ticker begins like it.</summary>
    public static ReadOnlySpan<byte> Marker => "\u0004end of file"u8;

    private int tailRead;

    /// <summary>The text of a file, packed when its name ends so, with <see cref="Marker"/> as its last line.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static Stream Open(string path)
    {
        byte[] line = [.. Marker, (byte)'\n'];
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 128 * 1024, FileOptions.SequentialScan);
        return path.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(new MarkedFile(file, Packed(line)), CompressionMode.Decompress)
            : new MarkedFile(file, line);
    }

    public override int Read(Span<byte> buffer)
    {
        var read = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        var rest = tail.AsSpan(tailRead, Math.Min(tail.Length - tailRead, buffer.Length - read));
        rest.CopyTo(buffer[read..]);
        tailRead += rest.Length;
        return read + rest.Length;
    }

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

    private static byte[] Packed(byte[] line)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(line);
        return packed.ToArray();
    }
}
