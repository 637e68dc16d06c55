using Npgsql;

namespace DataMaintenance.Store;

/// <summary>
/// Compression of the slots' chunks under TimescaleDB: by symbol, in the order of the slots, so that one symbol's day is one row. Only when asked,
/// never by a policy of the server's.
/// </summary>
internal sealed partial class PostgresStore
{
    /// <summary>Else a statement that touches many rows of a compressed chunk fails.</summary>
    private const string NoDecompressionLimit = "SELECT set_config('timescaledb.max_tuples_decompressed_per_dml_transaction', '0', true)";

    public override async Task<SlotCompression> CompressSlotsBeforeAsync(DateOnly before, CancellationToken ct)
    {
        if (layout.IsPartitions) return new("PostgreSQL without TimescaleDB does not compress", 0, 0, 0);
        if (!layout.CanCompress) return new("TimescaleDB under the Apache licence does not compress", 0, 0, 0);
        await BulkWriteAsync(connection => EnableCompressionAsync(connection, ct), ct);
        var chunks = await ReadAsync(connection => ChunksAsync((NpgsqlConnection)connection, null, before, isCompressed: false, ct), ct);
        // A transaction each: what is done stays done.
        foreach (var chunk in chunks) await BulkWriteAsync(connection => CompressAsync(connection, chunk, ct), ct);
        var (was, now) = await ReadAsync(async connection => (await connection.QueryAsync(
            $"SELECT coalesce(sum(before_compression_total_bytes), 0)::bigint, coalesce(sum(after_compression_total_bytes), 0)::bigint FROM {layout.TimescaleSchema}.chunk_compression_stats('volume_slots_raw')",
            [], row => (row.GetInt64(0), row.GetInt64(1)), ct)).Single(), ct);
        return new(null, chunks.Count, was, now);
    }

    private static async Task<bool> EnableCompressionAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        const string Enabled = "SELECT compression_enabled FROM timescaledb_information.hypertables WHERE hypertable_schema = current_schema() AND hypertable_name = 'volume_slots_raw'";
        if (await connection.ScalarAsync<bool>(Enabled, [], ct)) return true;
        await connection.ExecuteAsync(
            "ALTER TABLE volume_slots_raw SET (timescaledb.compress, timescaledb.compress_segmentby = 'symbol', timescaledb.compress_orderby = 'date, slot_number')", [], ct);
        return true;
    }

    /// <exception cref="StoreException">It has other rows afterwards; nothing was changed.</exception>
    private async Task<bool> CompressAsync(NpgsqlConnection connection, string chunk, CancellationToken ct)
    {
        var before = await connection.ScalarAsync<long>($"SELECT count(*) FROM {chunk}", [], ct);
        await connection.ExecuteAsync($"SELECT {layout.TimescaleSchema}.compress_chunk('{chunk}', if_not_compressed => true)", [], ct);
        var after = await connection.ScalarAsync<long>($"SELECT count(*) FROM {chunk}", [], ct);
        if (after != before) throw new StoreException($"{chunk} held {before:N0} slots before its compression and {after:N0} after; it was left uncompressed");
        return true;
    }

    /// <summary>Makes a session's chunk one of rows again, in the caller's transaction, so that publishing replaces rows as anywhere else.</summary>
    private async Task DecompressAsync(NpgsqlConnection connection, DateOnly date, CancellationToken ct)
    {
        if (!layout.CanCompress) return;
        await connection.ExecuteAsync(NoDecompressionLimit, [], ct);
        foreach (var chunk in await ChunksAsync(connection, date, date.AddDays(1), isCompressed: true, ct))
            await connection.ExecuteAsync($"SELECT {layout.TimescaleSchema}.decompress_chunk('{chunk}', if_compressed => true)", [], ct);
    }

    /// <summary>Names, as SQL writes them, of chunks that end by <paramref name="end"/> and begin at <paramref name="first"/> or later; oldest first.</summary>
    private Task<List<string>> ChunksAsync(NpgsqlConnection connection, DateOnly? first, DateOnly end, bool isCompressed, CancellationToken ct) => connection.QueryAsync(
        $"""
        SELECT format('%I.%I', chunk_schema, chunk_name) FROM timescaledb_information.chunks
        JOIN {layout.TimescaleSchema}.show_chunks('volume_slots_raw', older_than => $1::date{(first is null ? "" : ", newer_than => $2::date")}) AS shown
            ON shown = format('%I.%I', chunk_schema, chunk_name)::regclass
        WHERE is_compressed = {isCompressed} ORDER BY range_start
        """, first is { } day ? [end, day] : [end], row => row.GetString(0), ct);
}
