namespace DataMaintenance.Provider.FlatFiles;

/// <summary>
/// Unpacks a file block by block on another thread, one block ahead of the reader. A block keeps room in front for the line that
/// the one before has begun.
/// </summary>
internal sealed class ReadAhead : IAsyncDisposable
{
    /// <summary>Longest part of a line that is carried from one block to the next.</summary>
    public const int Room = 4 * 1024;
    private const int BlockSize = 512 * 1024;

    private readonly Stream source;
    private byte[] current = new byte[Room + BlockSize];
    private byte[] following = new byte[Room + BlockSize];
    private Task<int> pending;

    public ReadAhead(FlatFile file)
    {
        source = MarkedFile.Open(file);
        pending = ReadAsync();
    }

    /// <summary>The next block, after <paramref name="carried"/>; empty memory at the end, when nothing is carried either.</summary>
    /// <param name="carried">Of the block returned last; at most <see cref="Room"/> bytes.</param>
    /// <returns>Valid until the call after the next one; <c>Last</c> when the file has ended with it.</returns>
    public async ValueTask<(ReadOnlyMemory<byte> Block, bool Last)> NextAsync(ReadOnlyMemory<byte> carried)
    {
        var read = await pending;
        var start = Room - carried.Length;
        carried.CopyTo(following.AsMemory(start));
        (current, following) = (following, current);
        var last = read < BlockSize;
        pending = last ? Task.FromResult(0) : ReadAsync();
        return (current.AsMemory(start, carried.Length + read), last);
    }

    public async ValueTask DisposeAsync()
    {
        // Its error was told by NextAsync already, or the file was given up before its end.
        await Task.WhenAny(pending);
        _ = pending.Exception;
        await source.DisposeAsync();
    }

    private Task<int> ReadAsync()
    {
        var target = following;
        return Task.Run(async () => await source.ReadAtLeastAsync(target.AsMemory(Room), BlockSize, throwOnEndOfStream: false));
    }
}
