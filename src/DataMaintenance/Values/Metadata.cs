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
        return new([.. known.OrderBy(m => m.Symbol).Select(m => new MetadataValue(Published(m)))], 0, known.ToDictionary(m => m.Symbol, PrintOf));
    }

    private static ulong PrintOf(TickerMetadata m)
    {
        var print = Print.Of($"metadata {Formula}");
        foreach (var text in new[] { m.Name, m.Exchange, m.Type, m.Sector, m.Industry, m.SicCode, m.Description, m.Cik, m.CompositeFigi, m.HomepageUrl }) print.Add(text);
        foreach (var number in new[] { m.MarketCap, m.FloatShares, m.SharesOutstanding, m.TotalEmployees, m.ListDate?.DayNumber }) print.Add(number ?? double.NaN);
        print.Add(m.UpdatedAt is { } at ? (ulong)at.UtcTicks : 0);
        return print.Value;
    }

    /// <summary>Without what concerns only the asking: a failed attempt changes no value.</summary>
    public static TickerMetadata Published(TickerMetadata known) => known with { LastAttemptAt = null, LastError = null };
}
