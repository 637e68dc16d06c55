using Market;
using Npgsql;

namespace DataMaintenance.Store;

/// <summary>From staging to <c>volume_slots_raw</c>, one transaction a session.</summary>
internal sealed partial class PostgresStore
{
    /// <summary>With a part of the session's symbols below this, those are replaced in place; else the session is built anew beside the old one.</summary>
    private const double PatchBelow = 0.25;

    /// <summary>
    /// How long a reader may keep the old partition from being exchanged, while other readers queue behind; then its rows are replaced instead,
    /// which waits for nobody.
    /// </summary>
    private const string ExchangeWait = "500ms";

    public override Task<long> PublishSlotsAsync(DateOnly date, string source, DateTimeOffset asOf, bool final, CancellationToken ct) => BulkWriteAsync(async connection =>
    {
        await LockAsync(connection, Dataset.Slots, date, ct);
        return await PublishAsync(connection, date, source, asOf, final, ct);
    }, ct);

    /// <summary>A file can be read again, so its replies need no commit of their own: they are staged and published in one transaction.</summary>
    public override Task<long> SaveSlotsAsync(
        DateOnly date, IReadOnlyList<SlotDay> days, IReadOnlySet<Symbol> provisional, string source, DateTimeOffset asOf, bool final, CancellationToken ct)
    {
        var sorted = Checked(date, days, grid);
        return BulkWriteAsync(async connection =>
        {
            foreach (var part in sorted.GroupBy(day => final && !provisional.Contains(day.Symbol)))
                await StageAsync(connection, date, [.. part], source, asOf, part.Key, ct);
            return await PublishAsync(connection, date, source, asOf, final && provisional.Count == 0, ct);
        }, ct);
    }

    private async Task<long> PublishAsync(NpgsqlConnection connection, DateOnly date, string source, DateTimeOffset asOf, bool final, CancellationToken ct)
    {
        var staged = await connection.ScalarAsync<long>("SELECT count(*) FROM volume_slots_staging WHERE date = $1", [date], ct);
        if (staged == 0) return await CoverDayAsync(connection, Dataset.Slots, date, source, asOf, final, ct);

        await connection.ExecuteAsync($"DELETE FROM coverage WHERE dataset = 'slots' AND date = $1 AND symbol IN ({StagedSymbols})", [date], ct);
        await connection.ExecuteAsync(
            "INSERT INTO coverage SELECT 'slots', date, symbol, rows, source, as_of, final FROM volume_slots_staging WHERE date = $1 ORDER BY symbol", [date], ct);
        var built = await BuildOrPatchAsync(connection, date, staged, ct);
        await connection.ExecuteAsync("DELETE FROM volume_slots_staging WHERE date = $1", [date], ct);

        // What takes the place of a partition is counted before, so that readers wait for the exchange alone.
        var rows = await connection.ScalarAsync<long>($"SELECT count(*) FROM {built ?? "volume_slots_raw"} WHERE date = $1", [date], ct);
        await connection.ExecuteAsync("DELETE FROM coverage WHERE dataset = 'slots' AND date = $1 AND symbol = $2", [date, Coverage.Day], ct);
        await connection.ExecuteAsync("INSERT INTO coverage VALUES ('slots', $1, $2, $3, $4, $5, $6)", [date, Coverage.Day, rows, source, asOf, final], ct);
        if (built is not null) await ExchangeAsync(connection, date, ct);
        return rows;
    }

    /// <returns>The table that is to take the partition's place; null when the rows were replaced where they are.</returns>
    private async Task<string?> BuildOrPatchAsync(NpgsqlConnection connection, DateOnly date, long staged, CancellationToken ct)
    {
        var (staging, partition) = (PostgresLayout.SlotStaging(date), PostgresLayout.SlotPartition(date));
        if (!layout.IsPartitions)
        {
            await DecompressAsync(connection, date, ct);
            await PatchAsync(connection, "volume_slots_raw", date, ct);
            return null;
        }

        if (await PostgresLayout.ExistsAsync(connection, partition, ct))
        {
            if (staged < PatchBelow * await connection.ScalarAsync<long>("SELECT count(*) FROM coverage WHERE dataset = 'slots' AND date = $1", [date], ct))
            {
                await PatchAsync(connection, partition, date, ct);
                return null;
            }

            await connection.ExecuteAsync(
                $"INSERT INTO {staging} SELECT * FROM {partition} WHERE symbol NOT IN ({StagedSymbols}) ORDER BY symbol, slot_number", [date], ct);
        }

        await connection.ExecuteAsync($"ALTER TABLE {staging} ADD CONSTRAINT {staging}_pkey PRIMARY KEY (symbol, date, slot_number); ANALYZE {staging}", [], ct);
        return staging;
    }

    /// <summary>Replaces the staged symbols' rows where they are. Readers see the old ones until the commit.</summary>
    private static async Task PatchAsync(NpgsqlConnection connection, string table, DateOnly date, CancellationToken ct)
    {
        await connection.ExecuteAsync($"DELETE FROM {table} WHERE date = $1 AND symbol IN ({StagedSymbols})", [date], ct);
        await connection.ExecuteAsync($"INSERT INTO {table} SELECT * FROM {PostgresLayout.SlotStaging(date)} ORDER BY symbol, slot_number", [], ct);
        await connection.ExecuteAsync($"DROP TABLE {PostgresLayout.SlotStaging(date)}", [], ct);
    }

    /// <summary>Makes the built table the session's partition, in the place of one that is there.</summary>
    private static async Task ExchangeAsync(NpgsqlConnection connection, DateOnly date, CancellationToken ct)
    {
        var (staging, partition) = (PostgresLayout.SlotStaging(date), PostgresLayout.SlotPartition(date));
        await connection.ExecuteAsync("SAVEPOINT exchange", [], ct);
        try
        {
            await connection.ExecuteAsync(
                $"""
                SET LOCAL lock_timeout = '{ExchangeWait}';
                DROP TABLE IF EXISTS {partition};
                ALTER TABLE {staging} RENAME TO {partition};
                ALTER TABLE {partition} RENAME CONSTRAINT {staging}_pkey TO {partition}_pkey;
                ALTER TABLE volume_slots_raw ATTACH PARTITION {partition} FOR VALUES FROM ('{date:yyyy-MM-dd}') TO ('{date.AddDays(1):yyyy-MM-dd}');
                SET LOCAL lock_timeout = 0
                """, [], ct);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            await connection.ExecuteAsync("ROLLBACK TO SAVEPOINT exchange", [], ct);
            await connection.ExecuteAsync($"DELETE FROM {partition}; INSERT INTO {partition} SELECT * FROM {staging} ORDER BY symbol, slot_number; DROP TABLE {staging}", [], ct);
        }
    }
}
