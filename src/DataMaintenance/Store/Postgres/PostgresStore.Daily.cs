using System.Runtime.CompilerServices;
using Market;
using Npgsql;

namespace DataMaintenance.Store;

/// <summary>Table <c>market_data_daily_raw</c>.</summary>
internal sealed partial class PostgresStore
{
    private const string BarColumns = "symbol, date, open, high, low, close, volume, vwap, trades_count";

    public override Task SaveDailyAsync(DateOnly date, IReadOnlyList<DailyBar> bars, IReadOnlyCollection<Symbol> silent, string source, DateTimeOffset asOf, bool final, CancellationToken ct)
    {
        Check(date, bars);
        var sorted = bars.OrderBy(bar => bar.Symbol).ToArray();
        return BulkWriteAsync(async connection =>
        {
            await LockAsync(connection, Dataset.Daily, date, ct);
            await layout.MakeMonthAsync(connection, date, ct);
            var vwaps = Array.Exists(sorted, bar => bar.Vwap is null) ? await VwapsAsync(connection, date, ct) : [];
            await connection.ExecuteAsync("DELETE FROM market_data_daily_raw WHERE date = $1", [date], ct);
            await CopyAsync(connection, sorted, vwaps, source, ct);
            await connection.ExecuteAsync("DELETE FROM coverage WHERE dataset = 'daily' AND date = $1", [date], ct);
            await using (var copy = await BinaryCopy.IntoAsync(connection, "coverage", ct))
            {
                foreach (var bar in sorted) await CoverAsync(copy, "daily", date, bar.Symbol, 1, source, asOf, final, ct);
                await copy.CompleteAsync(ct);
            }

            await CoverSilentAsync(connection, date, bars, silent, source, asOf, final, ct);
            return await CoverDayAsync(connection, Dataset.Daily, date, source, asOf, final, ct);
        }, ct);
    }

    public override IAsyncEnumerable<DailyBar> ReadDailyAsync(DateOnly from, DateOnly to, IReadOnlyCollection<Symbol>? symbols, CancellationToken ct) => BarsAsync(connection =>
    {
        var command = new NpgsqlCommand(
            $"SELECT {BarColumns} FROM market_data_daily_raw WHERE date BETWEEN $1 AND $2 {(symbols is null ? "" : "AND symbol = ANY($3)")} ORDER BY date, symbol", connection).With(from, to);
        return symbols is null ? command : command.With((object)Texts(symbols));
    }, ct);

    public override IAsyncEnumerable<DailyBar> ReadNewestDailyAsync(IReadOnlyCollection<Symbol> symbols, DateOnly to, int count, CancellationToken ct) => BarsAsync(connection => new NpgsqlCommand(
        $"""
        SELECT {BarColumns} FROM (SELECT DISTINCT wanted COLLATE "C" AS wanted FROM unnest($1) AS wanted) AS symbols
        CROSS JOIN LATERAL (SELECT {BarColumns} FROM market_data_daily_raw WHERE symbol = wanted AND date <= $2 ORDER BY date DESC LIMIT $3) AS newest
        ORDER BY symbol, date
        """, connection).With(Texts(symbols), to, (long)count), ct);

    private async IAsyncEnumerable<DailyBar> BarsAsync(Func<NpgsqlConnection, NpgsqlCommand> ask, [EnumeratorCancellation] CancellationToken ct)
    {
        var known = new Dictionary<string, Symbol>(StringComparer.Ordinal);
        Func<NpgsqlDataReader, DailyBar> bar = Bar;
        await using var rows = await StreamAsync(ask, ct);
        while (await rows.NextAsync(ct)) yield return rows.Take(bar);

        DailyBar Bar(NpgsqlDataReader row)
        {
            var text = row.GetString(0);
            if (!known.TryGetValue(text, out var symbol)) known.Add(text, symbol = new(text));
            return new(
                symbol, row.GetFieldValue<DateOnly>(1), row.GetDouble(2), row.GetDouble(3), row.GetDouble(4), row.GetDouble(5), row.GetDouble(6),
                row.ValueOrNull<double>(7), row.ValueOrNull<long>(8));
        }
    }

    private static async Task<Dictionary<Symbol, double>> VwapsAsync(NpgsqlConnection connection, DateOnly date, CancellationToken ct) => (await connection.QueryAsync(
        "SELECT symbol, vwap FROM market_data_daily_raw WHERE date = $1 AND vwap IS NOT NULL", [date],
        row => (Symbol: new Symbol(row.GetString(0)), Vwap: row.GetDouble(1)), ct)).ToDictionary(bar => bar.Symbol, bar => bar.Vwap);

    private static async Task CopyAsync(NpgsqlConnection connection, DailyBar[] bars, Dictionary<Symbol, double> vwaps, string source, CancellationToken ct)
    {
        await using var copy = await BinaryCopy.IntoAsync(connection, $"market_data_daily_raw ({BarColumns}, source)", ct);
        foreach (var bar in bars)
        {
            await copy.StartRowAsync(10, ct);
            copy.Write(bar.Symbol.Text);
            copy.Write(bar.Date);
            copy.Write(bar.Open);
            copy.Write(bar.High);
            copy.Write(bar.Low);
            copy.Write(bar.Close);
            copy.Write(bar.Volume);
            copy.Write(bar.Vwap ?? (vwaps.TryGetValue(bar.Symbol, out var vwap) ? vwap : null));
            copy.Write(bar.Trades);
            copy.Write(source);
        }

        await copy.CompleteAsync(ct);
    }

    private static async ValueTask CoverAsync(
        BinaryCopy copy, string dataset, DateOnly date, Symbol symbol, long rows, string source, DateTimeOffset asOf, bool final, CancellationToken ct)
    {
        await copy.StartRowAsync(7, ct);
        copy.Write(dataset);
        copy.Write(date);
        copy.Write(symbol.Text);
        copy.Write(rows);
        copy.Write(source);
        copy.Write(asOf);
        copy.Write(final);
    }
}
