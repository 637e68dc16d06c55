using DuckDB.NET.Data;
using Market;

namespace DataMaintenance.Store;

/// <summary>Schema <c>staging</c>: replies committed batch by batch, a table of slots a session, until the session is published.</summary>
internal sealed partial class DuckDbStore
{
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
            await UnstageAsync(connection, replies, ct);
            foreach (var session in replies.Values.GroupBy(r => r.Date).OrderBy(g => g.Key))
            {
                var table = StagingTable(session.Key);
                await connection.ExecuteAsync(
                    $"CREATE TABLE IF NOT EXISTS {table} (symbol VARCHAR NOT NULL, slot_number SMALLINT NOT NULL, volume DOUBLE NOT NULL, volume_accumulated DOUBLE NOT NULL, trades_count INTEGER, avg_price DOUBLE)",
                    [], ct);
                connection.Append(table, appender => Append(appender, session, ct));
            }

            await AppendAsync(connection, "staging.volume_slots_coverage", replies.Values.Select(r => new object?[] { r.Date, r.Symbol.Text, (long)r.Slots.Length, source, asOf, final }), ct);
            return replies.Count;
        }, ct);
    }

    public override Task<IReadOnlySet<Symbol>> StagedAsync(DateOnly date, CancellationToken ct) => database.ReadAsync<IReadOnlySet<Symbol>>(async connection =>
        (await connection.QueryAsync("SELECT symbol FROM staging.volume_slots_coverage WHERE date = $1", [date], row => new Symbol(row.GetString(0)), ct)).ToHashSet(), ct);

    public override Task DiscardStagedAsync(DateOnly date, CancellationToken ct) =>
        BulkWriteAsync(connection => DropStagedAsync(connection, "date = $1", date, ct), ct);

    public override Task<long> PublishSlotsAsync(DateOnly date, string source, DateTimeOffset asOf, bool final, CancellationToken ct) => BulkWriteAsync(async connection =>
    {
        await PublishStagedAsync(connection, date, ct);
        return await CoverDayAsync(connection, Dataset.Slots, date, source, asOf, final, ct);
    }, ct);

    /// <summary>What is staged of the session into the table, in the caller's transaction; the day's coverage row is left to it.</summary>
    private async Task PublishStagedAsync(DuckDBConnection connection, DateOnly date, CancellationToken ct)
    {
        const string Staged = "SELECT symbol FROM staging.volume_slots_coverage WHERE date = $1";
        if (await connection.ScalarAsync<long>("SELECT count(*) FROM staging.volume_slots_coverage WHERE date = $1", [date], ct) == 0) return;
        await connection.ExecuteAsync($"DELETE FROM volume_slots_raw WHERE date = $1 AND symbol IN ({Staged})", [date], ct);
        await connection.ExecuteAsync(
            $"""
            INSERT INTO volume_slots_raw
            SELECT $1, slots.symbol, slots.slot_number, $2 + to_minutes(slots.slot_number * $3), slots.volume, slots.volume_accumulated, slots.trades_count, slots.avg_price, reply.source
            FROM {StagingTable(date)} AS slots JOIN staging.volume_slots_coverage AS reply ON reply.symbol = slots.symbol AND reply.date = $1
            ORDER BY slots.symbol, slots.slot_number
            """,
            [date, grid.Start, (long)SlotGrid.Width.TotalMinutes], ct);
        await connection.ExecuteAsync($"DELETE FROM coverage WHERE dataset = 'slots' AND date = $1 AND symbol IN ({Staged})", [date], ct);
        await connection.ExecuteAsync(
            "INSERT INTO coverage SELECT 'slots', date, symbol, rows, source, as_of, final FROM staging.volume_slots_coverage WHERE date = $1 ORDER BY symbol", [date], ct);
        await DropStagedAsync(connection, "date = $1", date, ct);
    }

    private static void Append(DuckDBAppender appender, IEnumerable<SlotDay> replies, CancellationToken ct)
    {
        foreach (var reply in replies)
        {
            ct.ThrowIfCancellationRequested();
            var symbol = reply.Symbol.Text;
            foreach (ref readonly var slot in reply.Slots.AsSpan())
            {
                appender.AppendRow((symbol, slot), static (row, of) => row
                    .AppendValue(of.symbol).AppendValue((short?)of.slot.Number).AppendValue((double?)of.slot.Volume).AppendValue((double?)of.slot.Accumulated)
                    .AppendValue(of.slot.Trades).AppendValue(of.slot.AveragePrice));
            }
        }
    }

    /// <summary>Removes what is staged already of these sessions and symbols.</summary>
    private static async Task UnstageAsync(DuckDBConnection connection, Dictionary<(DateOnly Date, Symbol Symbol), SlotDay> replies, CancellationToken ct)
    {
        var staged = await connection.QueryAsync(
            "SELECT date, symbol FROM staging.volume_slots_coverage WHERE symbol IN (SELECT unnest($1::VARCHAR[]))", [Texts(replies.Keys.Select(r => r.Symbol).Distinct())],
            row => (Date: row.GetFieldValue<DateOnly>(0), Symbol: new Symbol(row.GetString(1))), ct);
        foreach (var session in staged.Where(replies.ContainsKey).GroupBy(r => r.Date, r => r.Symbol))
        {
            var symbols = Texts(session);
            await connection.ExecuteAsync($"DELETE FROM {StagingTable(session.Key)} WHERE symbol IN (SELECT unnest($1::VARCHAR[]))", [symbols], ct);
            await connection.ExecuteAsync("DELETE FROM staging.volume_slots_coverage WHERE date = $1 AND symbol IN (SELECT unnest($2::VARCHAR[]))", [session.Key, symbols], ct);
        }
    }

    /// <param name="which">A condition on <c>date</c> with <c>$1</c>.</param>
    /// <returns>Replies dropped.</returns>
    private static async Task<int> DropStagedAsync(DuckDBConnection connection, string which, DateOnly date, CancellationToken ct)
    {
        var sessions = await connection.QueryAsync(
            $"SELECT DISTINCT date FROM staging.volume_slots_coverage WHERE {which}", [date], row => row.GetFieldValue<DateOnly>(0), ct);
        foreach (var session in sessions) await connection.ExecuteAsync($"DROP TABLE {StagingTable(session)}", [], ct);
        return await connection.ExecuteAsync($"DELETE FROM staging.volume_slots_coverage WHERE {which}", [date], ct);
    }

    private static string StagingTable(DateOnly date) => $"staging.volume_slots_{date:yyyyMMdd}";
}
