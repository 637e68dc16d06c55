using Market;
using Npgsql;

namespace DataMaintenance.Store;

/// <summary>Replies committed batch by batch: a row each in <c>volume_slots_staging</c>, their slots in an unkeyed table a session.</summary>
internal sealed partial class PostgresStore
{
    private const string StagedSymbols = "SELECT symbol FROM volume_slots_staging WHERE date = $1";

    public override Task StageSlotsAsync(IReadOnlyList<SlotDay> days, string source, DateTimeOffset asOf, bool final, CancellationToken ct)
    {
        // The last reply of a symbol and session counts, within a batch as between batches.
        var replies = new Dictionary<(DateOnly Date, Symbol Symbol), SlotDay>(days.Count);
        foreach (var day in days)
        {
            Check(day, grid);
            replies[(day.Date, day.Symbol)] = day;
        }

        return replies.Count == 0 ? Task.CompletedTask : BulkWriteAsync(async connection =>
        {
            foreach (var session in replies.Values.GroupBy(reply => reply.Date).OrderBy(session => session.Key))
                await StageAsync(connection, session.Key, [.. session.OrderBy(reply => reply.Symbol)], source, asOf, final, ct);
            return replies.Count;
        }, ct);
    }

    public override Task<IReadOnlySet<Symbol>> StagedAsync(DateOnly date, CancellationToken ct) => ReadAsync<IReadOnlySet<Symbol>>(async connection =>
        (await connection.QueryAsync(StagedSymbols, [date], row => new Symbol(row.GetString(0)), ct)).ToHashSet(), ct);

    public override Task DiscardStagedAsync(DateOnly date, CancellationToken ct) => BulkWriteAsync(async connection =>
    {
        await LockAsync(connection, Dataset.Slots, date, ct);
        await DropStagedAsync(connection, "date = $1", date, ct);
        return true;
    }, ct);

    private async Task StageAsync(NpgsqlConnection connection, DateOnly date, SlotDay[] replies, string source, DateTimeOffset asOf, bool final, CancellationToken ct)
    {
        await LockAsync(connection, Dataset.Slots, date, ct);
        var table = PostgresLayout.SlotStaging(date);
        var again = await connection.QueryAsync(
            $"{StagedSymbols} AND symbol = ANY($2)", [date, Texts(replies.Select(reply => reply.Symbol))], row => row.GetString(0), ct);
        // The check lets the table become the session's partition without being read through.
        await connection.ExecuteAsync($"CREATE TABLE IF NOT EXISTS {table} (LIKE volume_slots_raw, CHECK (date = '{date:yyyy-MM-dd}'))", [], ct);
        if (again.Count > 0)
        {
            await connection.ExecuteAsync($"DELETE FROM {table} WHERE symbol = ANY($1)", [again.ToArray()], ct);
            await connection.ExecuteAsync("DELETE FROM volume_slots_staging WHERE date = $1 AND symbol = ANY($2)", [date, again.ToArray()], ct);
        }

        await CopyAsync(connection, table, replies, source, ct);
        await using var copy = await BinaryCopy.IntoAsync(connection, "volume_slots_staging", ct);
        foreach (var reply in replies)
        {
            await copy.StartRowAsync(6, ct);
            copy.Write(reply.Date);
            copy.Write(reply.Symbol.Text);
            copy.Write((long)reply.Slots.Length);
            copy.Write(source);
            copy.Write(asOf);
            copy.Write(final);
        }

        await copy.CompleteAsync(ct);
    }

    private async Task CopyAsync(NpgsqlConnection connection, string table, SlotDay[] replies, string source, CancellationToken ct)
    {
        await using var copy = await BinaryCopy.IntoAsync(
            connection, $"{table} (date, symbol, slot_number, slot_time, volume, volume_accumulated, trades_count, avg_price, source)", ct);
        foreach (var reply in replies)
        {
            foreach (var slot in reply.Slots)
            {
                await copy.StartRowAsync(9, ct);
                copy.Write(reply.Date);
                copy.Write(reply.Symbol.Text);
                copy.Write(slot.Number);
                copy.Write(grid.TimeOf(slot.Number));
                copy.Write(slot.Volume);
                copy.Write(slot.Accumulated);
                copy.Write(slot.Trades);
                copy.Write(slot.AveragePrice);
                copy.Write(source);
            }
        }

        await copy.CompleteAsync(ct);
    }

    /// <param name="which">A condition on <c>date</c> with <c>$1</c>.</param>
    private static async Task DropStagedAsync(NpgsqlConnection connection, string which, DateOnly date, CancellationToken ct)
    {
        var sessions = await connection.QueryAsync(
            $"SELECT DISTINCT date FROM volume_slots_staging WHERE {which}", [date], row => row.GetFieldValue<DateOnly>(0), ct);
        foreach (var session in sessions) await connection.ExecuteAsync($"DROP TABLE IF EXISTS {PostgresLayout.SlotStaging(session)}", [], ct);
        await connection.ExecuteAsync($"DELETE FROM volume_slots_staging WHERE {which}", [date], ct);
    }
}
