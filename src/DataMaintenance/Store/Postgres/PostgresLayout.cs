using System.Globalization;
using Npgsql;

namespace DataMaintenance.Store;

/// <summary>
/// How the two raw tables are cut by date: hypertables where TimescaleDB is there, else partitions of our own, a month of bars and a day of slots.
/// What exists stays as it is: a database made with partitions keeps them when the extension comes later.
/// </summary>
/// <param name="Timescale">The extension's version; null for partitions.</param>
/// <param name="TimescaleSchema">The schema that holds the extension's functions, quoted.</param>
/// <param name="CanCompress">Whether the server's licence of the extension has compression: <c>timescale</c> does, <c>apache</c> does not.</param>
internal sealed record PostgresLayout(string? Timescale, string? TimescaleSchema, bool CanCompress)
{
    public static readonly PostgresLayout Partitions = new(null, null, false);

    public bool IsPartitions => Timescale is null;

    public override string ToString() => IsPartitions ? "native partitions" : $"TimescaleDB {Timescale} hypertables{(CanCompress ? "" : ", Apache licence without compression")}";

    /// <summary>
    /// Finds out, inside the caller's transaction. The extension counts when the server has loaded it and the database has it, or has it on offer;
    /// to create it where it is not loaded would end the connection.
    /// </summary>
    public static async Task<PostgresLayout> FindAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        if (await connection.ScalarAsync<bool>("SELECT relkind = 'p' FROM pg_class WHERE oid = to_regclass('volume_slots_raw')", [], ct)) return Partitions;
        // A setting that the extension's loader brings, visible in every database and to every role.
        if (!await connection.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_settings WHERE name = 'timescaledb.disable_load')", [], ct)) return Partitions;
        if (await InstalledAsync(connection, ct) is { } installed) return installed;
        if (!await connection.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb')", [], ct)) return Partitions;

        await connection.ExecuteAsync("SAVEPOINT extension", [], ct);
        try
        {
            await connection.ExecuteAsync("CREATE EXTENSION timescaledb SCHEMA public", [], ct);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            await connection.ExecuteAsync("ROLLBACK TO SAVEPOINT extension", [], ct);
            return Partitions;
        }

        return await InstalledAsync(connection, ct) ?? Partitions;
    }

    /// <summary>Makes the migrations create the tables in this layout, in the transaction in progress.</summary>
    public Task ApplyAsync(NpgsqlConnection connection, string quotedSchema, CancellationToken ct)
    {
        var path = IsPartitions ? quotedSchema : $"{quotedSchema}, {TimescaleSchema}";
        return connection.ExecuteAsync(
            "SELECT set_config('maintenance.layout', $1, true), set_config('search_path', $2, true)", [IsPartitions ? "partitions" : "hypertables", path], ct);
    }

    /// <summary>Makes the partition for a month of bars, if there is none. Attaching an empty table blocks no reader; creating it in place would.</summary>
    public async Task MakeMonthAsync(NpgsqlConnection connection, DateOnly date, CancellationToken ct)
    {
        var first = new DateOnly(date.Year, date.Month, 1);
        var month = string.Create(CultureInfo.InvariantCulture, $"market_data_daily_raw_{first:yyyyMM}");
        if (!IsPartitions || await ExistsAsync(connection, month, ct)) return;
        await connection.ExecuteAsync("SELECT pg_advisory_xact_lock(hashtext(current_schema()), $1)", [first.DayNumber], ct);
        if (await ExistsAsync(connection, month, ct)) return;
        await connection.ExecuteAsync(
            $"""
            CREATE TABLE {month} (LIKE market_data_daily_raw INCLUDING ALL);
            ALTER TABLE market_data_daily_raw ATTACH PARTITION {month} FOR VALUES FROM ('{first:yyyy-MM-dd}') TO ('{first.AddMonths(1):yyyy-MM-dd}')
            """, [], ct);
    }

    /// <summary>Names of the slot partitions of sessions before the date, oldest first.</summary>
    public static Task<List<string>> SlotPartitionsBeforeAsync(NpgsqlConnection connection, DateOnly before, CancellationToken ct) => connection.QueryAsync(
        """
        SELECT child.relname::text FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
        WHERE inhparent = 'volume_slots_raw'::regclass AND child.relname < $1 ORDER BY child.relname
        """,
        [SlotPartition(before)], row => row.GetString(0), ct);

    /// <summary>Asks the catalogue itself: <c>to_regclass</c> may still answer from before a lock was waited for.</summary>
    public static Task<bool> ExistsAsync(NpgsqlConnection connection, string table, CancellationToken ct) =>
        connection.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_class WHERE relname = $1 AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()))", [table], ct);

    public static string SlotPartition(DateOnly date) => string.Create(CultureInfo.InvariantCulture, $"volume_slots_raw_{date:yyyyMMdd}");

    public static string SlotStaging(DateOnly date) => string.Create(CultureInfo.InvariantCulture, $"volume_slots_staging_{date:yyyyMMdd}");

    private static async Task<PostgresLayout?> InstalledAsync(NpgsqlConnection connection, CancellationToken ct) => (await connection.QueryAsync(
        "SELECT extversion, quote_ident(nspname), coalesce(current_setting('timescaledb.license', true), '') = 'timescale' FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'timescaledb'", [],
        row => new PostgresLayout(row.GetString(0), row.GetString(1), row.GetBoolean(2)), ct)).SingleOrDefault();
}
