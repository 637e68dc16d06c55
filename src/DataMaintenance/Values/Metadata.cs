using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Values;

/// <summary>What is known of each security, as it is published.</summary>
internal static class Metadata
{
    public const int Formula = 1;

    public static async Task<Computed> ComputeAsync(IStore store, IReadOnlyCollection<Symbol>? symbols, CancellationToken ct)
    {
        var known = await store.MetadataAsync(symbols, ct);
        return new([.. known.OrderBy(m => m.Symbol).Select(m => new MetadataValue(Published(m)))], 0);
    }

    /// <summary>Without what concerns only the asking: a failed attempt changes no value.</summary>
    public static TickerMetadata Published(TickerMetadata known) => known with { LastAttemptAt = null, LastError = null };
}
