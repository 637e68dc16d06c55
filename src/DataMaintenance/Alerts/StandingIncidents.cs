using DataMaintenance.Store;

namespace DataMaintenance.Alerts;

/// <summary>The incidents that stand by what is recorded, for people who look.</summary>
internal static class StandingIncidents
{
    private const int Read = 2_000;

    /// <returns>Most urgent first, then newest first.</returns>
    public static async Task<IReadOnlyList<AlertMessage>> ReadAsync(IStore store, Uri? docs, CancellationToken ct)
    {
        var closed = (await store.EventsAsync(AlertBook.Closed, Read, ct)).GroupBy(e => e.Subject).ToDictionary(g => g.Key, g => g.Max(e => e.Id), StringComparer.Ordinal);
        var open = (await store.EventsAsync(AlertBook.Opened, Read, ct)).Where(e => e.Id > closed.GetValueOrDefault(e.Subject)).DistinctBy(e => e.Subject);
        return [.. open.Select(e => AlertMessage.Of(e, docs, mayRepeat: false).Message).OrderByDescending(m => m.Kind.Urgency()).ThenByDescending(m => m.OpenedAt)];
    }
}
