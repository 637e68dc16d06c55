namespace DataMaintenance.Provider.FlatFiles;

/// <summary>
/// An object of the bucket as one stream: ranges are downloaded side by side, ahead of the reader, and read in order. What is
/// held in memory is bounded over all files; a file that holds nothing waits, one that holds something goes on, so none blocks another.
/// </summary>
internal sealed class S3Download(S3Bucket bucket, PublishedFile file, int rangeBytes, CancellationToken ct) : Stream
{
    private readonly CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
    private readonly Queue<(Range Range, Task Filled)> ahead = new();
    private Range? current;
    private int position;
    private long next;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (current is null && !await MoveAsync()) return 0;
        var rest = current!.All[position..];
        var read = Math.Min(rest.Length, buffer.Length);
        rest[..read].CopyTo(buffer);
        position += read;
        if (position == current.Length) Release();
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        if (current is not null) Release();
        foreach (var (range, filled) in ahead)
        {
            // Its error, if any, is of no use any more.
            await Task.WhenAny(filled);
            _ = filled.Exception;
            range.Dispose();
            bucket.Held.Release();
        }
        ahead.Clear();
        stop.Dispose();
        await base.DisposeAsync();
    }

    private async Task<bool> MoveAsync()
    {
        if (ahead.Count == 0)
        {
            if (next >= file.Bytes) return false;
            await bucket.Held.WaitAsync(stop.Token);
            Start();
        }
        while (next < file.Bytes && bucket.Held.Wait(0, CancellationToken.None)) Start();
        await ahead.Peek().Filled;
        (current, position) = (ahead.Dequeue().Range, 0);
        return true;
    }

    private void Start()
    {
        var range = new Range(next, (int)Math.Min(rangeBytes, file.Bytes - next));
        next += range.Length;
        ahead.Enqueue((range, bucket.DownloadAsync(file, range, stop.Token)));
    }

    private void Release()
    {
        current!.Dispose();
        current = null;
        bucket.Held.Release();
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is read asynchronously.");
    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
