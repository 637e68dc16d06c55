using System.Data.Common;
using DuckDB.NET.Data;
using Market;

namespace DataMaintenance.Store;

/// <summary>Rows of a stored session, replaced symbol by symbol.</summary>
internal sealed partial class DuckDbStore
{
    protected override Task BeforeHealAsync(DbConnection connection, Dataset dataset, DateOnly date, CancellationToken ct) => Task.CompletedTask;

    protected override Task AppendBarsAsync(DbConnection connection, IReadOnlyList<DailyBar> bars, string source, CancellationToken ct)
    {
        ((DuckDBConnection)connection).Append("market_data_daily_raw", appender =>
        {
            foreach (var bar in bars)
            {
                appender.CreateRow()
                    .AppendValue((DateOnly?)bar.Date).AppendValue(bar.Symbol.Text)
                    .AppendValue((double?)bar.Open).AppendValue((double?)bar.High).AppendValue((double?)bar.Low).AppendValue((double?)bar.Close)
                    .AppendValue((double?)bar.Volume).AppendValue(bar.Vwap).AppendValue(bar.Trades).AppendValue(source).EndRow();
            }
        });
        return Task.CompletedTask;
    }

    protected override Task AppendSlotsAsync(DbConnection connection, IReadOnlyList<SlotDay> days, string source, CancellationToken ct)
    {
        ((DuckDBConnection)connection).Append("volume_slots_raw", appender =>
        {
            foreach (var day in days)
            {
                ct.ThrowIfCancellationRequested();
                Check(day, grid);
                foreach (var slot in day.Slots)
                {
                    appender.CreateRow()
                        .AppendValue((DateOnly?)day.Date).AppendValue(day.Symbol.Text).AppendValue((short?)slot.Number).AppendValue((TimeOnly?)grid.TimeOf(slot.Number))
                        .AppendValue((double?)slot.Volume).AppendValue((double?)slot.Accumulated).AppendValue(slot.Trades).AppendValue(slot.AveragePrice).AppendValue(source).EndRow();
                }
            }
        });
        return Task.CompletedTask;
    }
}
