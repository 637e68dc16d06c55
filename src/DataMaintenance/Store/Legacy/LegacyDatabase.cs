using Market;
using Npgsql;

namespace DataMaintenance.Store;

/// <summary>The tables of the Python service in one schema of a PostgreSQL database: read in read-only transactions, never written.</summary>
public sealed class LegacyDatabase : IAsyncDisposable
{
    private readonly PostgresAddress server;
    private readonly NpgsqlConnection connection;

    private LegacyDatabase(PostgresAddress server, NpgsqlConnection connection, IReadOnlyList<LegacyTable> tables) =>
        (this.server, this.connection, Tables) = (server, connection, tables);

    /// <summary>Server, database and schema, for people; without a password.</summary>
    public string Place => server.Place;

    public IReadOnlyList<LegacyTable> Tables { get; }

    /// <param name="options">The connection string and password of the database.</param>
    /// <exception cref="StoreException">The server does not answer, or the schema holds no table of the Python service.</exception>
    public static async Task<LegacyDatabase> OpenAsync(StoreOptions options, string schema, CancellationToken ct)
    {
        var server = PostgresAddress.Of(options with { Schema = schema });
        NpgsqlConnection? connection = null;
        try
        {
            connection = await server.ConnectAsync(ct);
            // The pool resets it when the connection is given back.
            await connection.ExecuteAsync("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", [], ct);
            var tables = await LegacyTable.FindAsync(connection, schema, ct);
            if (tables.Count > 0) return new(server, connection, tables);
            var elsewhere = (await LegacyTable.FindAsync(connection, null, ct)).Select(t => t.Schema).Distinct().ToArray();
            throw new StoreException(
                $"{server.Place} holds no table of the Python service ({LegacyTable.Bars}, {LegacyTable.Slots}, {LegacyTable.Tickers}); " +
                (elsewhere.Length > 0 ? $"schema {string.Join(", ", elsewhere)} does: give it as --legacy-schema" : "no other schema of that database does either"));
        }
        catch
        {
            if (connection is not null) await connection.DisposeAsync();
            await server.Source.DisposeAsync();
            throw;
        }
    }

    /// <summary>The tables of the Python service in any schema of the store's database; none for an embedded store.</summary>
    /// <exception cref="StoreException">The server does not answer.</exception>
    public static async Task<IReadOnlyList<LegacyTable>> LookAsync(StoreOptions store, CancellationToken ct)
    {
        if (store.Kind != StoreKind.Postgres) return [];
        var server = PostgresAddress.Of(store);
        await using var source = server.Source;
        await using var connection = await server.ConnectAsync(ct);
        return await LegacyTable.FindAsync(connection, null, ct);
    }

    /// <summary>Dates with rows, oldest first, and how many; empty where the table is not there.</summary>
    public async Task<IReadOnlyList<(DateOnly Date, long Rows)>> DatesAsync(Dataset dataset, CancellationToken ct)
    {
        var (table, date) = dataset == Dataset.Daily ? (LegacyTable.Bars, "trading_date") : (LegacyTable.Slots, "date");
        return Has(table) is null ? [] : await connection.QueryAsync(
            $"SELECT {date}, count(*) FROM {table} GROUP BY {date} ORDER BY {date}", [], row => (row.GetFieldValue<DateOnly>(0), row.GetInt64(1)), ct);
    }

    /// <summary>The bars of a date in symbol order, without those that cannot be true.</summary>
    public async Task<IReadOnlyList<DailyBar>> BarsAsync(DateOnly date, LegacyLeftOut leftOut, CancellationToken ct)
    {
        var bars = await connection.QueryAsync(
            $"""
            SELECT symbol, open::float8, high::float8, low::float8, close::float8, volume::float8, {Optional(LegacyTable.Bars, "vwap", "float8")}, {Optional(LegacyTable.Bars, "trades_count", "bigint")}
            FROM market_data_daily WHERE trading_date = $1 ORDER BY symbol COLLATE "C"
            """,
            [date], row => LegacyRows.Bar(date, row, leftOut), ct);
        return [.. bars.OfType<DailyBar>()];
    }

    /// <summary>The slots of a date in symbol order. A symbol whose slots do not make a day on the grid is left out whole.</summary>
    public async Task<IReadOnlyList<SlotDay>> SlotsAsync(DateOnly date, SlotGrid grid, LegacyLeftOut leftOut, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT symbol, slot_number, slot_time, volume_accumulated::float8, {Optional(LegacyTable.Slots, "trades_count", "int")}, {Optional(LegacyTable.Slots, "avg_price", "float8")}
            FROM volume_slots WHERE date = $1 ORDER BY symbol COLLATE "C", slot_number
            """, connection).With(date);
        await using var row = await command.ExecuteReaderAsync(ct);
        var days = new List<SlotDay>();
        var rows = new List<LegacySlot>(grid.Count);
        var symbol = "";
        while (await row.ReadAsync(ct))
        {
            var next = row.GetString(0);
            if (next != symbol) Take();
            symbol = next;
            rows.Add(new(row.GetInt32(1), row.GetFieldValue<TimeOnly>(2), row.ValueOrNull<double>(3), row.ValueOrNull<int>(4), row.ValueOrNull<double>(5)));
        }

        Take();
        return days;

        void Take()
        {
            if (rows.Count > 0 && LegacyRows.Day(symbol, date, rows, grid, leftOut) is { } day) days.Add(day);
            rows.Clear();
        }
    }

    /// <summary>Every ticker as the universe and the metadata know it, in symbol order.</summary>
    /// <param name="session">Stands for the day a ticker was seen where theirs says nothing.</param>
    public async Task<IReadOnlyList<(UniverseEntry Entry, TickerMetadata Metadata)>> TickersAsync(DateOnly session, LegacyLeftOut leftOut, CancellationToken ct)
    {
        if (Has(LegacyTable.Tickers) is null) return [];
        string[] columns =
        [
            "symbol", Text("company_name"), Text("exchange"), Text("type"), Text("sector"), Text("industry"), Optional(LegacyTable.Tickers, "market_cap", "float8"),
            Whole("float_shares"), Whole("shares_outstanding"), Text("description"), Optional(LegacyTable.Tickers, "list_date", "date"), Text("cik"), Text("composite_figi"),
            Text("homepage_url"), Whole("total_employees"), Has(LegacyTable.Tickers)!.Columns.Contains("is_active") ? "is_active::boolean" : "true", Optional(LegacyTable.Tickers, "is_etf", "boolean"), Instant("created_at"), Instant("last_seen"), Instant("delisted_utc"), Instant("updated_at"),
        ];
        var tickers = await connection.QueryAsync(
            $"SELECT {string.Join(", ", columns)} FROM tickers_unified ORDER BY symbol COLLATE \"C\"", [], row => LegacyRows.Ticker(row, session, leftOut), ct);
        return [.. from ticker in tickers where ticker is not null select ticker.Value];

        string Text(string column) => Optional(LegacyTable.Tickers, column, "text");
        string Whole(string column) => Optional(LegacyTable.Tickers, column, "bigint");
        string Instant(string column) => Optional(LegacyTable.Tickers, column, "timestamptz");
    }

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        await server.Source.DisposeAsync();
    }

    private LegacyTable? Has(string table) => Tables.FirstOrDefault(t => t.Name == table);

    /// <summary>Older installations lack some columns.</summary>
    private string Optional(string table, string column, string type) => Has(table)!.Columns.Contains(column) ? $"{column}::{type}" : $"NULL::{type}";
}
