namespace DataMaintenance.Store;

/// <summary>The store cannot be opened or written, and the message says what to do. Errors of the engine itself pass as they are.</summary>
public class StoreException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Another live process owns the embedded file.</summary>
/// <param name="file">The database file.</param>
/// <param name="pid">Its owner; null when the owner has not written who it is.</param>
/// <param name="url">Where the owner answers; null when it serves nothing.</param>
public sealed class StoreOwnedException(string file, int? pid, Uri? url) : StoreException(
    $"{file} is in use by {(pid is null ? "another process" : $"process {pid}")}{(url is null ? "" : $", which answers at {url}")}; " +
    "wait for it, stop it, or set another Store:Path")
{
    public int? Pid { get; } = pid;
    public Uri? Url { get; } = url;
}

/// <summary>A newer instance leads; this one may not write any more. Nothing was written.</summary>
public sealed class NotLeaderException(long epoch, long newest) : StoreException(
    $"this instance wrote under epoch {epoch}, epoch {newest} leads now; nothing was written. Restart this instance if it is to lead again")
{
    public long Epoch { get; } = epoch;
    public long Newest { get; } = newest;
}
