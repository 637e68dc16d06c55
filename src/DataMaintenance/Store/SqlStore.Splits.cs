using Market;

namespace DataMaintenance.Store;

/// <summary>Table <c>splits</c>.</summary>
internal abstract partial class SqlStore
{
    private const string SelectSplits = """
        SELECT symbol, execution_date, split_from, split_to, provider_id, first_seen, last_seen, withdrawn, quarantined
        FROM splits ORDER BY symbol, execution_date, split_from, split_to
        """;

    public Task<IReadOnlyList<StoredSplit>> SplitsAsync(CancellationToken ct) => ReadAsync(connection => SplitsAsync(connection, ct), ct);

    public Task SaveSplitsAsync(IReadOnlyList<StoredSplit> splits, CancellationToken ct) => WriteAsync(async connection =>
    {
        var known = (await SplitsAsync(connection, ct)).ToDictionary(s => s.Split);
        var rows = new Dictionary<Split, StoredSplit>();
        foreach (var split in splits)
            rows[split.Split] = known.TryGetValue(split.Split, out var before) ? split with { FirstSeen = before.FirstSeen } : split;
        if (rows.Count == known.Count && rows.All(row => known.TryGetValue(row.Key, out var before) && before == row.Value)) return;
        await connection.ExecuteAsync("DELETE FROM splits", [], ct);
        await AppendAsync(connection, "splits", rows.Values.OrderBy(s => s.Split.Symbol).ThenBy(s => s.Split.ExecutionDate).Select(s => new object?[]
        {
            s.Split.Symbol.Text, s.Split.ExecutionDate, s.Split.From, s.Split.To, s.ProviderId, s.FirstSeen, s.LastSeen, s.Withdrawn, s.Quarantined,
        }), ct);
    }, ct);

    private static async Task<IReadOnlyList<StoredSplit>> SplitsAsync(System.Data.Common.DbConnection connection, CancellationToken ct) =>
        await connection.QueryAsync(SelectSplits, [], row => new StoredSplit(
            new Split(new Symbol(row.GetString(0)), row.GetFieldValue<DateOnly>(1), row.GetDouble(2), row.GetDouble(3)),
            row.TextOrNull(4), row.GetFieldValue<DateTimeOffset>(5), row.GetFieldValue<DateTimeOffset>(6), row.GetBoolean(7), row.GetBoolean(8)), ct);
}
