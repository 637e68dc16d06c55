using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Dashboard;

/// <summary>Figures that the provider told otherwise later.</summary>
/// <param name="Rows">Newest first.</param>
/// <param name="More">Whether there are older ones than these.</param>
public sealed record RevisedFigures(IReadOnlyList<Revision> Rows, bool More)
{
    private const int Most = 20_000;

    /// <summary>By session and what its facts are, newest session first.</summary>
    public IReadOnlyList<RevisedSession> Sessions { get; } =
    [
        .. Rows.GroupBy(r => (r.Date, r.Dataset)).OrderByDescending(g => g.Key.Date).ThenBy(g => g.Key.Dataset).Select(g => new RevisedSession(
            g.Key.Date, g.Key.Dataset, g.Select(r => r.Symbol).Distinct().Count(), g.Count(r => r.Kind == RevisionKind.Changed), g.Count(r => r.Kind == RevisionKind.Added),
            g.Count(r => r.Kind == RevisionKind.Vanished), g.Max(r => r.NoticedAt), [.. g.Select(r => r.RunId).Distinct().OrderDescending()])),
    ];

    /// <param name="symbol">Only of this one; null for all.</param>
    internal static async Task<RevisedFigures> ReadAsync(IRevisions store, DateOnly? from, DateOnly? to, Symbol? symbol, CancellationToken ct)
    {
        var rows = await store.RevisionsAsync(from ?? DateOnly.MinValue, to ?? DateOnly.MaxValue, symbol, Most + 1, ct);
        return new([.. rows.Take(Most)], rows.Count > Most);
    }
}

/// <summary>What was told otherwise of one session.</summary>
/// <param name="Symbols">How many are concerned.</param>
/// <param name="Changed">Figures; so too <paramref name="Added"/> and <paramref name="Vanished"/>.</param>
/// <param name="NoticedAt">Of the newest.</param>
/// <param name="Runs">That noticed them, newest first.</param>
public sealed record RevisedSession(DateOnly Date, Dataset Dataset, int Symbols, int Changed, int Added, int Vanished, DateTimeOffset NoticedAt, IReadOnlyList<long> Runs)
{
    public string Day => Text.Day(Date)[5..];
}
