using System.Globalization;
using Npgsql;

namespace DataMaintenance.Store;

/// <summary>A table of the Python service, as found.</summary>
/// <param name="Rows">About; the server's own estimate where it has one.</param>
/// <param name="Oldest">The first date it speaks of; null for one without dates, or empty.</param>
public sealed record LegacyTable(string Schema, string Name, IReadOnlySet<string> Columns, long Rows, DateOnly? Oldest, DateOnly? Newest)
{
    public const string Bars = "market_data_daily", Slots = "volume_slots", Tickers = "tickers_unified";

    private static readonly Dictionary<string, (string? Date, string[] Columns)> Shapes = new(StringComparer.Ordinal)
    {
        [Bars] = ("trading_date", ["trading_date", "symbol", "open", "high", "low", "close", "volume"]),
        [Slots] = ("date", ["date", "symbol", "slot_number", "slot_time", "volume_accumulated"]),
        [Tickers] = (null, ["symbol", "company_name"]),
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Schema}.{Name} about {Rows:N0} rows{(Oldest is { } first ? $" of {first:yyyy-MM-dd} to {Newest:yyyy-MM-dd}" : "")}");

    /// <summary>Those of any schema, or of one, that have the columns the Python service gave them; views are not among them. By schema and name.</summary>
    internal static async Task<IReadOnlyList<LegacyTable>> FindAsync(NpgsqlConnection connection, string? schema, CancellationToken ct)
    {
        var columns = await connection.QueryAsync(
            """
            SELECT nspname::text, relname::text, array_agg(attname::text)
            FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
            WHERE relkind IN ('r', 'p') AND relname = ANY($1) AND ($2::text IS NULL OR nspname = $2) AND has_schema_privilege(pg_namespace.oid, 'USAGE')
            GROUP BY nspname, relname ORDER BY nspname, relname
            """,
            [Shapes.Keys.ToArray(), schema], row => (Schema: row.GetString(0), Name: row.GetString(1), Columns: row.GetFieldValue<string[]>(2)), ct);
        var found = new List<LegacyTable>();
        foreach (var table in columns.Where(t => Shapes[t.Name].Columns.All(t.Columns.Contains)))
            found.Add(await LookAsync(connection, table.Schema, table.Name, table.Columns, ct));
        return found;
    }

    private static async Task<LegacyTable> LookAsync(NpgsqlConnection connection, string schema, string name, string[] columns, CancellationToken ct)
    {
        var quoted = $"\"{schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\".{name}";
        // A hypertable or partitioned table has no rows of its own; a table that was never analysed says -1, and is counted.
        var rows = await connection.ScalarAsync<long>(
            """
            SELECT coalesce(sum(CASE WHEN relkind = 'r' AND NOT relhassubclass THEN reltuples END), -1)::bigint FROM pg_class
            WHERE oid = $1::regclass OR oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = $1::regclass)
            """, [quoted], ct);
        if (rows <= 0) rows = await connection.ScalarAsync<long>($"SELECT count(*) FROM {quoted}", [], ct);
        if (Shapes[name].Date is not { } date) return new(schema, name, columns.ToHashSet(StringComparer.Ordinal), rows, null, null);
        var range = (await connection.QueryAsync(
            $"SELECT min({date}), max({date}) FROM {quoted}", [], row => (row.ValueOrNull<DateOnly>(0), row.ValueOrNull<DateOnly>(1)), ct)).Single();
        return new(schema, name, columns.ToHashSet(StringComparer.Ordinal), rows, range.Item1, range.Item2);
    }
}
