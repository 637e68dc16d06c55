using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using DuckDB.NET.Data;
using Npgsql;

namespace CrashHarness;

/// <summary>What a store holds at the end: every table of facts row by row, which tables there are, and, where asked for, every export byte by byte.</summary>
/// <param name="Parts">By name, a digest and, of tables, the rows.</param>
public sealed record Evidence(IReadOnlyDictionary<string, (string Digest, string[] Rows)> Parts)
{
    private static readonly string[] Exports = ["daily", "slots", "atr", "rvol", "avg-volume", "metadata"];

    private static readonly (string Name, string Sql)[] Tables =
    [
        ("coverage", "SELECT dataset, date, symbol, rows, source, final FROM coverage ORDER BY 1, 2, 3"),
        ("splits", "SELECT symbol, execution_date, split_from, split_to, withdrawn, quarantined FROM splits ORDER BY 1, 2, 3, 4"),
        ("universe", "SELECT symbol, is_active, type, exchange, first_seen, last_seen, delisted_on FROM ticker_universe ORDER BY 1"),
        ("findings", "SELECT dataset, date, symbol, rule, state FROM data_findings ORDER BY 1, 2, 3, 4, 5"),
        ("metadata", "SELECT symbol, name, exchange, type, sector, industry, sic_code, market_cap, float_shares, shares_outstanding, description, list_date, cik, composite_figi, homepage_url, total_employees, last_error FROM ticker_metadata ORDER BY 1"),
        ("bars", "SELECT date, symbol, open, high, low, close, volume, vwap, trades_count, source FROM market_data_daily_raw ORDER BY 1, 2"),
        ("slots", "SELECT date, symbol, slot_number, slot_time, volume, volume_accumulated, trades_count, avg_price, source FROM volume_slots_raw ORDER BY 1, 2, 3"),
    ];

    /// <param name="exports">Also what the executable exports, a process for each; it is computed from the tables.</param>
    public static async Task<Evidence> OfAsync(Lane lane, Site site, bool exports, CancellationToken ct)
    {
        var parts = new Dictionary<string, (string, string[])>();
        foreach (var kind in exports ? Exports : [])
        {
            var file = Path.Combine(site.Folder, $"{kind}.csv");
            await lane.CommandAsync(site, "export", kind, "--out", file);
            parts[$"export {kind}"] = (Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(file, ct))), []);
        }

        foreach (var (name, sql) in Tables) Add(name, await RowsAsync(lane, site, sql, ct));
        Add("staged replies", await RowsAsync(lane, site, $"SELECT date, symbol, rows FROM {(lane.Store == StoreKind.Postgres ? "volume_slots_staging" : "staging.volume_slots_coverage")} ORDER BY 1, 2", ct));
        Add("tables", await RowsAsync(lane, site, lane.Store == StoreKind.Postgres
            ? "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
            : "SELECT schema_name || '.' || table_name FROM duckdb_tables() ORDER BY 1", ct));
        return new(parts);

        void Add(string name, string[] rows) => parts[name] = (Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', rows)))), rows);
    }

    /// <summary>One line per part that differs, with the first rows that do. What was not collected of the other is not compared.</summary>
    public IEnumerable<string> Differences(Evidence other)
    {
        foreach (var (name, (digest, rows)) in Parts)
        {
            if (!other.Parts.TryGetValue(name, out var theirs)) continue;
            if (theirs.Digest == digest) continue;
            var missing = rows.Except(theirs.Rows).Take(3);
            var more = theirs.Rows.Except(rows).Take(3);
            // Rows that are there twice are no set's difference.
            var twice = theirs.Rows.GroupBy(r => r).Where(g => g.Count() > 1).Select(g => g.Key).Take(3);
            yield return $"{name} differs from the undisturbed run's ({rows.Length} rows, {theirs.Rows.Length} here): missing [{string.Join("; ", missing)}], more [{string.Join("; ", more)}], twice [{string.Join("; ", twice)}]";
        }
    }

    /// <summary>The rows as text, a line each; the service must have ended.</summary>
    public static async Task<string[]> RowsAsync(Lane lane, Site site, string sql, CancellationToken ct)
    {
        await using DbConnection connection = lane.Postgres is { } postgres
            ? new NpgsqlConnection(postgres.ConnectionString(site.Database) + ";Pooling=false")
            : new DuckDBConnection($"DataSource={Path.Combine(site.Store, "market.duckdb")}");
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<string>();
        while (await reader.ReadAsync(ct))
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "" : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        return [.. rows];
    }
}
