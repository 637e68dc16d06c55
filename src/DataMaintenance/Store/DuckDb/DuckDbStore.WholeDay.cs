using DuckDB.NET.Data;
using Market;

namespace DataMaintenance.Store;

/// <summary>A session's slots straight into <c>volume_slots_raw</c>.</summary>
internal sealed partial class DuckDbStore
{
    public override Task<long> SaveSlotsAsync(
        DateOnly date, IReadOnlyList<SlotDay> days, IReadOnlySet<Symbol> provisional, string source, DateTimeOffset asOf, bool final, CancellationToken ct)
    {
        var sorted = Checked(date, days, grid);
        return BulkWriteAsync(async connection =>
        {
            await UnstageAsync(connection, sorted.ToDictionary(day => (day.Date, day.Symbol)), ct);
            await PublishStagedAsync(connection, date, ct);
            await RemoveAsync(connection, date, Texts(sorted.Select(day => day.Symbol)), ct);
            connection.Append("volume_slots_raw", appender => Append(appender, sorted, source, ct));
            await AppendAsync(connection, "coverage",
                sorted.Select(day => new object?[] { "slots", date, day.Symbol.Text, (long)day.Slots.Length, source, asOf, final && !provisional.Contains(day.Symbol) }), ct);
            return await CoverDayAsync(connection, Dataset.Slots, date, source, asOf, final && provisional.Count == 0, ct);
        }, ct);
    }

    /// <summary>Removes these symbols' slots and coverage of a session that has some already.</summary>
    private static async Task RemoveAsync(DuckDBConnection connection, DateOnly date, string[] symbols, CancellationToken ct)
    {
        foreach (var table in new[] { "volume_slots_raw WHERE", "coverage WHERE dataset = 'slots' AND" })
            if (await connection.ScalarAsync<long>($"SELECT count(*) FROM {table} date = $1", [date], ct) > 0)
                await connection.ExecuteAsync($"DELETE FROM {table} date = $1 AND symbol IN (SELECT unnest($2::VARCHAR[]))", [date, symbols], ct);
    }

    private void Append(DuckDBAppender appender, SlotDay[] days, string source, CancellationToken ct)
    {
        var times = Enumerable.Range(0, grid.Count).Select(number => (TimeOnly?)grid.TimeOf(number)).ToArray();
        foreach (var day in days)
        {
            ct.ThrowIfCancellationRequested();
            var symbol = day.Symbol.Text;
            foreach (ref readonly var slot in day.Slots.AsSpan())
            {
                // One row object for all: a new one a row is a third more of the time.
                appender.AppendRow((Date: (DateOnly?)day.Date, symbol, slot, Time: times[slot.Number], source), static (row, of) => row
                    .AppendValue(of.Date).AppendValue(of.symbol).AppendValue((short?)of.slot.Number).AppendValue(of.Time)
                    .AppendValue((double?)of.slot.Volume).AppendValue((double?)of.slot.Accumulated).AppendValue(of.slot.Trades).AppendValue(of.slot.AveragePrice)
                    .AppendValue(of.source));
            }
        }
    }
}
