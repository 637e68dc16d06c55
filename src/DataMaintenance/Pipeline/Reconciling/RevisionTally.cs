using System.Collections.Concurrent;
using DataMaintenance.Store;

namespace DataMaintenance.Pipeline.Reconciling;

/// <summary>What this process has seen revised, for the metrics: how much, of what, how late.</summary>
public sealed class RevisionTally
{
    /// <summary>Revisions of sessions older than this are counted together.</summary>
    private const int OldestCounted = 5;

    private readonly ConcurrentDictionary<(string Dataset, string Field, string Age), long> counts = new();
    private readonly ConcurrentDictionary<string, long> refused = new(StringComparer.Ordinal);

    /// <summary>Figures revised, by dataset, class of field (price, volume, trades, row) and age in sessions (1 = the newest that has ended).</summary>
    public IReadOnlyDictionary<(string Dataset, string Field, string Age), long> Counts => counts;

    /// <summary>Replies of which nothing was stored because they were suspicious, by dataset.</summary>
    public IReadOnlyDictionary<string, long> Refused => refused;

    /// <summary>When sessions were last compared; null before this process did.</summary>
    public DateTimeOffset? ReconciledAt { get; private set; }

    /// <summary>Share of the symbols of the newest session compared that were revised; null before this process compared one.</summary>
    public double? NewestShare { get; private set; }

    internal void Add(IReadOnlyList<Revision> ledger, int age)
    {
        var text = age > OldestCounted ? "older" : age.ToString(System.Globalization.CultureInfo.InvariantCulture);
        foreach (var group in ledger.Select(r => (Dataset: Word(r.Dataset), Field: ClassOf(r), text)).Where(k => k.Field is not null).GroupBy(k => k))
            counts.AddOrUpdate((group.Key.Dataset, group.Key.Field!, text), group.Count(), (_, before) => before + group.Count());
    }

    internal void Refuse(Dataset dataset) => refused.AddOrUpdate(Word(dataset), 1, (_, before) => before + 1);

    internal void Reconciled(DateTimeOffset at, double newestShare) => (ReconciledAt, NewestShare) = (at, newestShare);

    /// <summary>A row that was added or vanished counts once, by its volume.</summary>
    private static string? ClassOf(Revision revision) => (revision.Kind, revision.Field) switch
    {
        (RevisionKind.Changed, "volume") => "volume",
        (RevisionKind.Changed, "trades_count") => "trades",
        (RevisionKind.Changed, _) => "price",
        (_, "volume") => "row",
        _ => null,
    };

    private static string Word(Dataset dataset) => dataset.ToString().ToLowerInvariant();
}
