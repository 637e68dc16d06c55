using System.Runtime.CompilerServices;
using Market;
using Npgsql;

namespace DataMaintenance.Store;

/// <summary>Table <c>volume_slots_raw</c>.</summary>
internal sealed partial class PostgresStore
{
    public override async IAsyncEnumerable<SlotDay> ReadSlotsAsync(DateOnly date, IReadOnlyCollection<Symbol>? symbols, [EnumeratorCancellation] CancellationToken ct)
    {
        var slots = new List<Slot>(grid.Count);
        var current = "";
        await using var rows = await StreamAsync(Ask, ct);
        while (await rows.NextAsync(ct))
        {
            var (text, slot) = rows.Take(OfRow);
            if (text != current)
            {
                if (slots.Count > 0) yield return new(new Symbol(current), date, [.. slots]);
                slots.Clear();
                current = text;
            }

            slots.Add(slot);
        }

        if (slots.Count > 0) yield return new(new Symbol(current), date, [.. slots]);

        // A method group of a static function is made a delegate once.
        static (string Symbol, Slot Slot) OfRow(NpgsqlDataReader row) =>
            (row.GetString(0), new(row.GetInt16(1), row.GetDouble(2), row.GetDouble(3), row.ValueOrNull<int>(4), row.ValueOrNull<double>(5)));

        NpgsqlCommand Ask(NpgsqlConnection connection)
        {
            var command = new NpgsqlCommand(
                $"""
                SELECT symbol, slot_number, volume, volume_accumulated, trades_count, avg_price FROM volume_slots_raw
                WHERE date = $1 {(symbols is null ? "" : "AND symbol = ANY($2)")} ORDER BY symbol, slot_number
                """, connection).With(date);
            return symbols is null ? command : command.With((object)Texts(symbols));
        }
    }

    /// <summary>Unsorted, as the rows lie: sorting here costs less than the server's way through an index.</summary>
    public override async Task<SessionVolumes> ReadVolumesAsync(DateOnly date, IReadOnlyCollection<Symbol>? symbols, CancellationToken ct)
    {
        var volumes = new SessionVolumes.Builder(date);
        var known = new Dictionary<string, Symbol>(StringComparer.Ordinal);
        var (current, symbol) = ("", default(Symbol));
        Func<NpgsqlDataReader, bool> add = Add;
        await using var rows = await StreamAsync(Ask, ct);
        while (await rows.NextAsync(ct)) rows.Take(add);
        return volumes.Build();

        bool Add(NpgsqlDataReader row)
        {
            var text = row.GetString(0);
            if (text != current && !known.TryGetValue(current = text, out symbol)) known.Add(text, symbol = new(text));
            volumes.Add(symbol, row.GetInt16(1), row.GetDouble(2));
            return true;
        }

        NpgsqlCommand Ask(NpgsqlConnection connection)
        {
            var command = new NpgsqlCommand(
                $"SELECT symbol, slot_number, volume FROM volume_slots_raw WHERE date = $1 {(symbols is null ? "" : "AND symbol = ANY($2)")}", connection).With(date);
            return symbols is null ? command : command.With((object)Texts(symbols));
        }
    }

    public override Task<long> DropSlotsBeforeAsync(DateOnly before, CancellationToken ct) => BulkWriteAsync(async connection =>
    {
        await DropStagedAsync(connection, "date < $1", before, ct);
        return layout.IsPartitions ? await DropPartitionsBeforeAsync(connection, before, ct) : await DropChunksBeforeAsync(connection, before, ct);
    }, ct);

    /// <exception cref="StoreException">A reader holds on to them; other readers are not made to queue behind it.</exception>
    private static async Task<long> DropPartitionsBeforeAsync(NpgsqlConnection connection, DateOnly before, CancellationToken ct)
    {
        var partitions = await PostgresLayout.SlotPartitionsBeforeAsync(connection, before, ct);
        var rows = 0L;
        foreach (var partition in partitions) rows += await connection.ScalarAsync<long>($"SELECT count(*) FROM {partition}", [], ct);
        if (partitions.Count == 0) return 0;
        try
        {
            await connection.ExecuteAsync($"SET LOCAL lock_timeout = '2s'; DROP TABLE {string.Join(", ", partitions)}", [], ct);
            return rows;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new StoreException($"the slots before {before:yyyy-MM-dd} are in use by a reader of volume_slots for more than 2 s; nothing was dropped. Try again when it has ended", e);
        }
    }

    private async Task<long> DropChunksBeforeAsync(NpgsqlConnection connection, DateOnly before, CancellationToken ct)
    {
        var rows = await connection.ScalarAsync<long>("SELECT count(*) FROM volume_slots_raw WHERE date < $1", [before], ct);
        await connection.ExecuteAsync($"SELECT {layout.TimescaleSchema}.drop_chunks('volume_slots_raw', older_than => $1::date)", [before], ct);
        // A chunk wider than a day, which somebody may have set, goes only when all of it is old.
        await connection.ExecuteAsync(NoDecompressionLimit, [], ct);
        await connection.ExecuteAsync("DELETE FROM volume_slots_raw WHERE date < $1", [before], ct);
        return rows;
    }

    /// <summary>The grid in force; slots counted on another are removed with their coverage.</summary>
    private static async Task<SlotGrid> TakeGridAsync(NpgsqlConnection connection, SlotGrid? wanted, CancellationToken ct)
    {
        var stored = await connection.ScalarAsync<string>("SELECT name FROM slot_grid", [], ct);
        var grid = wanted ?? (stored == SlotGrid.Regular.Name ? SlotGrid.Regular : SlotGrid.Extended);
        if (grid.Name == stored) return grid;
        await DropStagedAsync(connection, "date <= $1", DateOnly.MaxValue, ct);
        await connection.ExecuteAsync("TRUNCATE volume_slots_raw; DELETE FROM coverage WHERE dataset = 'slots'; DELETE FROM slot_grid", [], ct);
        await connection.ExecuteAsync("INSERT INTO slot_grid VALUES ($1)", [grid.Name], ct);
        return grid;
    }
}
