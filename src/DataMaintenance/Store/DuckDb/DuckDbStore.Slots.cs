using System.Runtime.CompilerServices;
using Apache.Arrow;
using DuckDB.NET.Data;
using Market;

namespace DataMaintenance.Store;

/// <summary>Table <c>volume_slots_raw</c>.</summary>
internal sealed partial class DuckDbStore
{
    private const string SlotColumns = "symbol, slot_number, volume, volume_accumulated, trades_count, avg_price";

    public override async IAsyncEnumerable<SlotDay> ReadSlotsAsync(DateOnly date, IReadOnlyCollection<Symbol>? symbols, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var use = await database.ConnectAsync(ct);
        await using var command = symbols is null ? use.Connection.CreateCommand().With(date) : use.Connection.CreateCommand().With(date, Texts(symbols));
        command.CommandText =
            $"""
            SELECT {SlotColumns} FROM volume_slots_raw
            WHERE date = $1 {(symbols is null ? "" : "AND symbol IN (SELECT unnest($2::VARCHAR[]))")}
            ORDER BY symbol, slot_number
            """;
        command.UseStreamingMode = true;
        var batches = new SlotBatches(date);
        await foreach (var batch in database.ReadAsync(command.ExecuteArrowBatchesAsync(ct), ct))
        {
            using (batch) batches.Read(batch);
            foreach (var day in batches.Days) yield return day;
        }

        batches.Complete();
        foreach (var day in batches.Days) yield return day;
    }

    public override Task<SessionVolumes> ReadVolumesAsync(DateOnly date, IReadOnlyCollection<Symbol>? symbols, CancellationToken ct) => database.ReadAsync(async connection =>
    {
        await using var command = symbols is null ? connection.CreateCommand().With(date) : connection.CreateCommand().With(date, Texts(symbols));
        command.CommandText = $"SELECT symbol, slot_number, volume FROM volume_slots_raw WHERE date = $1 {(symbols is null ? "" : "AND symbol IN (SELECT unnest($2::VARCHAR[]))")}";
        command.UseStreamingMode = true;
        var (volumes, known) = (new SessionVolumes.Builder(date), new SymbolTable());
        await foreach (var batch in command.ExecuteArrowBatchesAsync(ct))
        {
            using (batch) Add(batch, volumes, known);
        }

        return volumes.Build();
    }, ct);

    private static void Add(RecordBatch batch, SessionVolumes.Builder to, SymbolTable known)
    {
        var texts = (StringArray)batch.Column(0);
        var numbers = ((Int16Array)batch.Column(1)).Values;
        var volumes = ((DoubleArray)batch.Column(2)).Values;
        for (var i = 0; i < batch.Length; i++) to.Add(known.Of(texts.GetBytes(i)), numbers[i], volumes[i]);
    }

    public override Task<long> DropSlotsBeforeAsync(DateOnly before, CancellationToken ct) => BulkWriteAsync(async connection =>
    {
        await DropStagedAsync(connection, "date < $1", before, ct);
        return (long)await connection.ExecuteAsync("DELETE FROM volume_slots_raw WHERE date < $1", [before], ct);
    }, ct);

    /// <summary>The grid in force; slots counted on another are removed with their coverage.</summary>
    private static async Task<SlotGrid> TakeGridAsync(DuckDBConnection connection, SlotGrid? wanted, CancellationToken ct)
    {
        var stored = await connection.ScalarAsync<string>("SELECT name FROM slot_grid", [], ct);
        var grid = wanted ?? (stored == SlotGrid.Regular.Name ? SlotGrid.Regular : SlotGrid.Extended);
        if (grid.Name == stored) return grid;
        await DropStagedAsync(connection, "date <= $1", DateOnly.MaxValue, ct);
        foreach (var rows in new[] { "volume_slots_raw", "coverage WHERE dataset = 'slots'", "slot_grid" }) await connection.ExecuteAsync($"DELETE FROM {rows}", [], ct);
        await connection.ExecuteAsync("INSERT INTO slot_grid VALUES ($1)", [grid.Name], ct);
        return grid;
    }
}
