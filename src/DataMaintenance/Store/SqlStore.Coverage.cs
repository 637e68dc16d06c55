using System.Data.Common;
using Market;

namespace DataMaintenance.Store;

/// <summary>Table <c>coverage</c>, and the rows it speaks of, counted.</summary>
internal abstract partial class SqlStore
{
    public Task<IReadOnlyList<Coverage>> DayCoverageAsync(Dataset dataset, DateOnly from, DateOnly to, CancellationToken ct) => ReadAsync<IReadOnlyList<Coverage>>(async connection =>
        await connection.QueryAsync(
            "SELECT date, rows, source, as_of, final FROM coverage WHERE dataset = $1 AND date BETWEEN $2 AND $3 AND symbol = $4 ORDER BY date",
            [Word(dataset), from, to, Coverage.Day],
            row => new Coverage(dataset, row.GetFieldValue<DateOnly>(0), null, row.GetInt64(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3), row.GetBoolean(4)), ct), ct);

    public Task<IReadOnlyDictionary<Symbol, Coverage>> SymbolCoverageAsync(Dataset dataset, DateOnly date, CancellationToken ct) =>
        ReadAsync<IReadOnlyDictionary<Symbol, Coverage>>(async connection => (await connection.QueryAsync(
            "SELECT symbol, rows, source, as_of, final FROM coverage WHERE dataset = $1 AND date = $2 AND symbol <> $3",
            [Word(dataset), date, Coverage.Day],
            row => new Coverage(dataset, date, new Symbol(row.GetString(0)), row.GetInt64(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3), row.GetBoolean(4)), ct))
            .ToDictionary(c => c.Symbol!.Value), ct);

    public Task<IReadOnlyDictionary<DateOnly, IReadOnlySet<Symbol>>> ContradictedAsync(DateOnly from, DateOnly to, CancellationToken ct) =>
        ReadAsync<IReadOnlyDictionary<DateOnly, IReadOnlySet<Symbol>>>(async connection => (await connection.QueryAsync(
            """
            SELECT s.date, s.symbol FROM coverage s JOIN coverage d ON d.dataset = $1 AND d.date = s.date AND d.symbol = s.symbol
            WHERE s.dataset = $2 AND s.date BETWEEN $3 AND $4 AND s.rows = 0 AND s.symbol <> $5 AND d.rows > 0 AND d.as_of > s.as_of
            """,
            [Word(Dataset.Daily), Word(Dataset.Slots), from, to, Coverage.Day],
            row => (Date: row.GetFieldValue<DateOnly>(0), Symbol: new Symbol(row.GetString(1))), ct))
            .GroupBy(c => c.Date).ToDictionary(c => c.Key, c => (IReadOnlySet<Symbol>)c.Select(s => s.Symbol).ToHashSet()), ct);

    public Task<IReadOnlyList<Coverage>> CoverageOfAsync(Dataset dataset, Symbol symbol, DateOnly from, DateOnly to, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<Coverage>>(async connection => await connection.QueryAsync(
            "SELECT date, rows, source, as_of, final FROM coverage WHERE dataset = $1 AND symbol = $2 AND date BETWEEN $3 AND $4 ORDER BY date",
            [Word(dataset), symbol.Text, from, to],
            row => new Coverage(dataset, row.GetFieldValue<DateOnly>(0), symbol, row.GetInt64(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3), row.GetBoolean(4)), ct), ct);

    public Task<IReadOnlyDictionary<DateOnly, long>> CountAsync(Dataset dataset, DateOnly from, DateOnly to, CancellationToken ct) =>
        ReadAsync<IReadOnlyDictionary<DateOnly, long>>(async connection => (await connection.QueryAsync(
            $"SELECT date, count(*) FROM {Table(dataset)} WHERE date BETWEEN $1 AND $2 GROUP BY date", [from, to],
            row => (Date: row.GetFieldValue<DateOnly>(0), Rows: row.GetInt64(1)), ct)).ToDictionary(d => d.Date, d => d.Rows), ct);

    public Task<IReadOnlyDictionary<Symbol, int>> CountBySymbolAsync(Dataset dataset, DateOnly date, CancellationToken ct) =>
        ReadAsync<IReadOnlyDictionary<Symbol, int>>(async connection => (await connection.QueryAsync(
            $"SELECT symbol, count(*) FROM {Table(dataset)} WHERE date = $1 GROUP BY symbol", [date],
            row => (Symbol: new Symbol(row.GetString(0)), Rows: (int)row.GetInt64(1)), ct)).ToDictionary(s => s.Symbol, s => s.Rows), ct);

    public Task SetAdjustmentDayAsync(DateOnly day, CancellationToken ct) => WriteAsync(async connection =>
    {
        if (await AdjustmentDayAsync(connection, ct) == day) return;
        await connection.ExecuteAsync("DELETE FROM adjustment_day", [], ct);
        await connection.ExecuteAsync("INSERT INTO adjustment_day VALUES ($1)", [day], ct);
    }, ct);

    public Task<DateOnly?> AdjustmentDayAsync(CancellationToken ct) => ReadAsync(connection => AdjustmentDayAsync(connection, ct), ct);

    private static async Task<DateOnly?> AdjustmentDayAsync(DbConnection connection, CancellationToken ct) =>
        (await connection.QueryAsync("SELECT day FROM adjustment_day", [], row => (DateOnly?)row.GetFieldValue<DateOnly>(0), ct)).SingleOrDefault();

    /// <summary>Enters who was looked for and has no bar; inside the caller's transaction.</summary>
    protected Task CoverSilentAsync(DbConnection connection, DateOnly date, IReadOnlyList<DailyBar> bars, IReadOnlyCollection<Symbol> silent, string source, DateTimeOffset asOf, bool final, CancellationToken ct) =>
        silent.Count == 0 ? Task.CompletedTask
            : CoverAsync(connection, Dataset.Daily, date, silent.Except(bars.Select(b => b.Symbol)).Select(s => (s, 0L)), source, asOf, final, ct);

    /// <summary>Counts the day anew in the table and writes its coverage row; inside the caller's transaction.</summary>
    /// <returns>Rows of the day.</returns>
    protected static async Task<long> CoverDayAsync(DbConnection connection, Dataset dataset, DateOnly date, string source, DateTimeOffset asOf, bool final, CancellationToken ct)
    {
        var rows = await connection.ScalarAsync<long>($"SELECT count(*) FROM {Table(dataset)} WHERE date = $1", [date], ct);
        await connection.ExecuteAsync("DELETE FROM coverage WHERE dataset = $1 AND date = $2 AND symbol = $3", [Word(dataset), date, Coverage.Day], ct);
        await connection.ExecuteAsync("INSERT INTO coverage VALUES ($1, $2, $3, $4, $5, $6, $7)", [Word(dataset), date, Coverage.Day, rows, source, asOf, final], ct);
        return rows;
    }

    protected static string Table(Dataset dataset) => dataset switch
    {
        Dataset.Daily => "market_data_daily_raw",
        Dataset.Slots => "volume_slots_raw",
        _ => throw new ArgumentOutOfRangeException(nameof(dataset), dataset, "is no dataset"),
    };
}
