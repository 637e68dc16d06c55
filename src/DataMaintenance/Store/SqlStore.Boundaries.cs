namespace DataMaintenance.Store;

/// <summary>Table <c>symbol_boundary</c>.</summary>
internal abstract partial class SqlStore
{
    public Task<IReadOnlyList<StoredBoundary>> BoundariesAsync(CancellationToken ct) => ReadAsync<IReadOnlyList<StoredBoundary>>(async connection =>
        await connection.QueryAsync("SELECT symbol, first_date, evidence, found_at FROM symbol_boundary ORDER BY symbol, first_date", [],
            row => new StoredBoundary(new(new(row.GetString(0)), row.GetFieldValue<DateOnly>(1)), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3)), ct), ct);

    public Task SaveBoundariesAsync(IReadOnlyList<StoredBoundary> boundaries, CancellationToken ct) => boundaries.Count == 0 ? Task.CompletedTask : WriteAsync(async connection =>
    {
        foreach (var found in boundaries)
        {
            await connection.ExecuteAsync("DELETE FROM symbol_boundary WHERE symbol = $1 AND first_date = $2", [found.Boundary.Symbol.Text, found.Boundary.FirstDate], ct);
            await connection.ExecuteAsync("INSERT INTO symbol_boundary VALUES ($1, $2, $3, $4)", [found.Boundary.Symbol.Text, found.Boundary.FirstDate, found.Evidence, found.FoundAt], ct);
        }
    }, ct);
}
