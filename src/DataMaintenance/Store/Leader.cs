namespace DataMaintenance.Store;

/// <summary>The instance that may write: all others are refused by the store itself.</summary>
/// <param name="Epoch">Its term; higher than every earlier one.</param>
/// <param name="Holder">Host and process, for people.</param>
/// <param name="Url">Where it answers; null while it serves nothing.</param>
/// <param name="Since">When its term began, by the clock of the store; null when an older version took the lead.</param>
public sealed record Leader(long Epoch, string Holder, Uri? Url, DateTimeOffset? Since)
{
    /// <summary>Who led before, and how that ended; null when nobody did. Known to the leader itself only.</summary>
    public string? Before { get; init; }
}

/// <param name="ExpiresAt">By the database's clock.</param>
/// <param name="Left">Until then.</param>
internal sealed record Lease(Leader Leader, DateTimeOffset ExpiresAt, TimeSpan Left);
