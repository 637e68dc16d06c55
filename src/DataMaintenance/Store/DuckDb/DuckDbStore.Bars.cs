using System.Runtime.CompilerServices;
using DuckDB.NET.Data;
using Market;

namespace DataMaintenance.Store;

/// <summary>Table <c>market_data_daily_raw</c>.</summary>
internal sealed partial class DuckDbStore
{
    private const string BarColumns = "symbol, date, open, high, low, close, volume, vwap, trades_count";

    public override Task SaveDailyAsync(DateOnly date, IReadOnlyList<DailyBar> bars, IReadOnlyCollection<Symbol> silent, string source, DateTimeOffset asOf, bool final, CancellationToken ct)
    {
        Check(date, bars);
        return BulkWriteAsync(async connection =>
        {
            var sorted = bars.OrderBy(b => b.Symbol).ToArray();
            await KeepKnownVwapAsync(connection, date, sorted, ct);
            await connection.ExecuteAsync("DELETE FROM market_data_daily_raw WHERE date = $1", [date], ct);
            connection.Append("market_data_daily_raw", appender =>
            {
                foreach (ref readonly var bar in sorted.AsSpan())
                {
                    appender.CreateRow()
                        .AppendValue((DateOnly?)date).AppendValue(bar.Symbol.Text)
                        .AppendValue((double?)bar.Open).AppendValue((double?)bar.High).AppendValue((double?)bar.Low).AppendValue((double?)bar.Close)
                        .AppendValue((double?)bar.Volume).AppendValue(bar.Vwap).AppendValue(bar.Trades).AppendValue(source).EndRow();
                }
            });
            await connection.ExecuteAsync("DELETE FROM coverage WHERE dataset = 'daily' AND date = $1", [date], ct);
            await connection.ExecuteAsync(
                "INSERT INTO coverage SELECT 'daily', date, symbol, count(*), $2, $3, $4 FROM market_data_daily_raw WHERE date = $1 GROUP BY date, symbol ORDER BY symbol",
                [date, source, asOf, final], ct);
            await CoverSilentAsync(connection, date, bars, silent, source, asOf, final, ct);
            return await CoverDayAsync(connection, Dataset.Daily, date, source, asOf, final, ct);
        }, ct);
    }

    public override IAsyncEnumerable<DailyBar> ReadDailyAsync(DateOnly from, DateOnly to, IReadOnlyCollection<Symbol>? symbols, CancellationToken ct) => symbols is null
        ? ReadBarsAsync($"SELECT {BarColumns} FROM market_data_daily_raw WHERE date BETWEEN $1 AND $2 ORDER BY date, symbol", [from, to], ct)
        : ReadBarsAsync(
            $"SELECT {BarColumns} FROM market_data_daily_raw WHERE date BETWEEN $1 AND $2 AND symbol IN (SELECT unnest($3::VARCHAR[])) ORDER BY date, symbol",
            [from, to, Texts(symbols)], ct);

    public override IAsyncEnumerable<DailyBar> ReadNewestDailyAsync(IReadOnlyCollection<Symbol> symbols, DateOnly to, int count, CancellationToken ct) => ReadBarsAsync(
        $"""
        SELECT {BarColumns} FROM market_data_daily_raw
        WHERE date <= $1 AND symbol IN (SELECT unnest($2::VARCHAR[]))
        QUALIFY row_number() OVER (PARTITION BY symbol ORDER BY date DESC) <= $3
        ORDER BY symbol, date
        """,
        [to, Texts(symbols), (long)count], ct);

    private async IAsyncEnumerable<DailyBar> ReadBarsAsync(string sql, object?[] values, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var use = await database.ConnectAsync(ct);
        await using var command = use.Connection.CreateCommand().With(values);
        command.CommandText = sql;
        command.UseStreamingMode = true;
        var batchReader = new DailyBarBatches();
        await foreach (var batch in database.ReadAsync(command.ExecuteArrowBatchesAsync(ct), ct))
        {
            using (batch) batchReader.Read(batch);
            foreach (var bar in batchReader.Bars) yield return bar;
        }
    }

    private static async Task KeepKnownVwapAsync(DuckDBConnection connection, DateOnly date, DailyBar[] bars, CancellationToken ct)
    {
        if (bars.All(b => b.Vwap is not null)) return;
        var known = (await connection.QueryAsync(
            "SELECT symbol, vwap FROM market_data_daily_raw WHERE date = $1 AND vwap IS NOT NULL", [date],
            row => (Symbol: new Symbol(row.GetString(0)), Vwap: row.GetDouble(1)), ct)).ToDictionary(v => v.Symbol, v => v.Vwap);
        if (known.Count == 0) return;
        for (var i = 0; i < bars.Length; i++)
            if (bars[i].Vwap is null && known.TryGetValue(bars[i].Symbol, out var vwap)) bars[i] = bars[i] with { Vwap = vwap };
    }
}
