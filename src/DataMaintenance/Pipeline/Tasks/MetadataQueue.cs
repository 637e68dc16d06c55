using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>
/// Whose details are asked for next: no market cap, no sector, older than <see cref="TaskOptions.MetadataMaxAge"/>, in that order,
/// those in the scanner's categories first. What the provider confirmed absent waits <see cref="TaskOptions.MetadataAbsentAge"/>.
/// </summary>
internal static class MetadataQueue
{
    /// <param name="known">By symbol; a symbol without an entry has never been asked for.</param>
    /// <param name="traded">Symbols with volume lately; the others are left out.</param>
    public static IReadOnlyList<Symbol> Of(
        IEnumerable<Symbol> active, IReadOnlyDictionary<Symbol, TickerMetadata> known, IReadOnlySet<Symbol> traded, IReadOnlySet<Symbol> scanner, DateTimeOffset now, TaskOptions options) =>
        [.. active.Where(traded.Contains)
            .Select(symbol => (Symbol: symbol, Rank: Rank(known.GetValueOrDefault(symbol), now, options), Scanned: scanner.Contains(symbol)))
            .Where(s => s.Rank is not null)
            .OrderByDescending(s => s.Scanned).ThenBy(s => s.Rank).ThenBy(s => known.GetValueOrDefault(s.Symbol)?.LastAttemptAt ?? DateTimeOffset.MinValue).ThenBy(s => s.Symbol)
            .Take(options.MetadataPerRun).Select(s => s.Symbol)];

    private static int? Rank(TickerMetadata? metadata, DateTimeOffset now, TaskOptions options)
    {
        if (metadata?.LastAttemptAt is not { } attempted) return 0;
        var answered = metadata.LastError is null;
        // A reply without the field, or "no such ticker", is knowledge; a failed attempt is not.
        var confirmed = answered || metadata.LastError == EnrichMetadata.NotKnown;
        var waiting = confirmed && now - attempted < options.MetadataAbsentAge;
        if (metadata.MarketCap is null) return waiting ? null : 0;
        if (metadata.Sector is null && !waiting) return 1;
        return now - (metadata.UpdatedAt ?? DateTimeOffset.MinValue) > options.MetadataMaxAge ? 2 : null;
    }
}
