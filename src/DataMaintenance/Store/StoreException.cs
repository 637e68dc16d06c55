namespace DataMaintenance.Store;

/// <summary>The store cannot be opened or written, and the message says what to do. Errors of the engine itself pass as they are.</summary>
public class StoreException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The server of the store does not answer or does not let us in, or the embedded file is being opened again.</summary>
public sealed class StoreUnreachableException(string message, Exception? inner = null) : StoreException(message, inner);

/// <summary>The disk of the store is full: nothing of this write is there, what was committed is kept, and reading goes on.</summary>
public sealed class StoreFullException(string message, Exception? inner = null) : StoreException(message, inner)
{
    /// <summary>ENOSPC on Linux and macOS, ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL on Windows.</summary>
    private static readonly int[] Codes = [28, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    /// <summary>Whether a file could not be written for want of room; of an engine, as far as its text tells.</summary>
    internal static bool IsFull(Exception e) =>
        e is IOException io ? Codes.Contains(io.HResult) : e.Message.Contains("No space left on device", StringComparison.Ordinal) || e.Message.Contains("not enough space on the disk", StringComparison.Ordinal);

    /// <param name="file">The database file.</param>
    internal static StoreFullException Of(string file, Exception e) =>
        new($"the disk of {Path.GetDirectoryName(Path.GetFullPath(file))} is full; nothing of this write is there, what was committed is kept. Free space on it, or move the folder and set Store:Path; what failed is tried again", e);
}

/// <summary>Another live process owns the embedded file, or leads on the server.</summary>
public sealed class StoreOwnedException : StoreException
{
    /// <param name="file">The database file.</param>
    /// <param name="pid">Its owner; null when the owner has not written who it is.</param>
    /// <param name="url">Where the owner answers; null when it serves nothing.</param>
    public StoreOwnedException(string file, int? pid, Uri? url) : base(
        $"{file} is in use by {(pid is null ? "another process" : $"process {pid}")}{Answers(url)}; wait for it, stop it, or set another Store:Path") => (Pid, Url) = (pid, url);

    /// <param name="server">The database, for people.</param>
    /// <param name="holder">The instance that leads.</param>
    /// <param name="expiresAt">When its lease ends unless it is renewed.</param>
    /// <param name="url">Where it answers; null when it serves nothing.</param>
    public StoreOwnedException(string server, string holder, DateTimeOffset expiresAt, Uri? url) : base(
        $"PostgreSQL at {server} is led by {holder} until {expiresAt.UtcDateTime:HH:mm:ss}Z or longer{Answers(url)}; wait for it, stop it, or set another Store:Schema") => Url = url;

    public int? Pid { get; }
    public Uri? Url { get; }

    private static string Answers(Uri? url) => url is null ? "" : $", which answers at {url}";
}

/// <summary>A newer instance leads; this one may not write any more. Nothing was written.</summary>
public sealed class NotLeaderException(long epoch, long newest) : StoreException(
    $"this instance wrote under epoch {epoch}, epoch {newest} leads now; nothing was written. Restart this instance if it is to lead again")
{
    public long Epoch { get; } = epoch;
    public long Newest { get; } = newest;
}
