using Market;

namespace DataMaintenance.Store;

/// <summary>Table <c>ticker_universe</c>.</summary>
internal abstract partial class SqlStore
{
    private const string SelectUniverse = "SELECT symbol, is_active, type, exchange, first_seen, last_seen, delisted_on FROM ticker_universe ORDER BY symbol";

    public Task<IReadOnlyList<UniverseEntry>> UniverseAsync(CancellationToken ct) => ReadAsync<IReadOnlyList<UniverseEntry>>(async connection =>
        await connection.QueryAsync(SelectUniverse, [], row => new UniverseEntry(
            new Symbol(row.GetString(0)), row.GetBoolean(1), row.TextOrNull(2), row.TextOrNull(3),
            row.GetFieldValue<DateOnly>(4), row.GetFieldValue<DateOnly>(5), row.ValueOrNull<DateOnly>(6)), ct), ct);

    public Task SaveUniverseAsync(IReadOnlyList<UniverseEntry> entries, CancellationToken ct) => UpsertAsync(
        "ticker_universe", entries, e => e.Symbol,
        e => [e.Symbol.Text, e.IsActive, e.Type, e.Exchange, e.FirstSeen, e.LastSeen, e.DelistedOn], ct);
}
