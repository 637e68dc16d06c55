using System.Data.Common;

namespace DataMaintenance.Store;

/// <summary>Brings a database up to the newest step and refuses one that is not ours to change.</summary>
/// <param name="place">The database, for people.</param>
internal sealed class Schema(string place, IReadOnlyList<Migration> migrations, TimeProvider clock)
{
    private const string Journal = "schema_migration";

    private static readonly string[] Names =
    [
        "market_data_daily_raw", "volume_slots_raw", "market_data_daily", "volume_slots", "splits", "ticker_universe", "ticker_metadata", "maintenance_run",
        "maintenance_task_run", "coverage", "data_findings", "maintenance_event", "leadership", "adjustment_day", "slot_grid", "split_adjustment", "derived_inputs", "data_revision",
        "symbol_boundary",
    ];

    /// <summary>Runs inside the caller's transaction.</summary>
    /// <exception cref="StoreException">A newer version, or somebody else, made what is there. Nothing was changed.</exception>
    public async Task MigrateAsync(DbConnection connection, string schema, CancellationToken ct)
    {
        var columns = await ColumnsAsync(connection, schema, ct);
        if (!columns.TryGetValue(Journal, out var journal))
        {
            RefuseForeign(columns);
            await connection.ExecuteAsync(
                $"CREATE TABLE {Journal} (version INTEGER NOT NULL, name VARCHAR NOT NULL, checksum VARCHAR NOT NULL, applied_at TIMESTAMPTZ NOT NULL)", [], ct);
        }
        else if (!journal.SequenceEqual(["version", "name", "checksum", "applied_at"]))
        {
            throw Foreign(Journal, journal);
        }

        var applied = await connection.QueryAsync(
            $"SELECT version, name, checksum FROM {Journal} ORDER BY version", [],
            row => (Version: row.GetInt32(0), Name: row.GetString(1), Checksum: row.GetString(2)), ct);
        foreach (var step in applied)
        {
            var ours = migrations.FirstOrDefault(m => m.Version == step.Version) ?? throw new StoreException(
                $"{place} was written by a newer version: it has migration {step.Name}, this version knows up to {migrations[^1].Name}; run the newer version, or set another Store:Path or Store:Schema");
            if (ours.Checksum != step.Checksum) throw new StoreException(
                $"{place}: migration {step.Name} was applied with checksum {step.Checksum[..12]}, this version holds {ours.Checksum[..12]}; run the version that wrote it, or set another Store:Path or Store:Schema");
        }

        RefuseIncomplete(columns, applied.Count);
        foreach (var step in migrations.Skip(applied.Count))
        {
            await connection.ExecuteAsync(step.Sql, [], ct);
            await connection.ExecuteAsync($"INSERT INTO {Journal} VALUES ($1, $2, $3, $4)", [step.Version, step.Name, step.Checksum, clock.GetUtcNow()], ct);
        }
    }

    private void RefuseForeign(IReadOnlyDictionary<string, List<string>> columns)
    {
        if (Names.FirstOrDefault(columns.ContainsKey) is { } name) throw Foreign(name, columns[name]);
    }

    private void RefuseIncomplete(IReadOnlyDictionary<string, List<string>> columns, int applied)
    {
        if (applied == migrations.Count && Names.FirstOrDefault(n => !columns.ContainsKey(n)) is { } lost)
            throw new StoreException($"{place} has lost its table {lost}; restore the database, or set another Store:Path or Store:Schema and load again");
    }

    private StoreException Foreign(string name, IReadOnlyList<string> columns) => new(
        $"{place} already holds a table {name} that this service did not make ({string.Join(", ", columns)}); it is left alone. Set another Store:Path or Store:Schema");

    private static async Task<IReadOnlyDictionary<string, List<string>>> ColumnsAsync(DbConnection connection, string schema, CancellationToken ct)
    {
        var rows = await connection.QueryAsync(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = $1 ORDER BY table_name, ordinal_position", [schema],
            row => (Table: row.GetString(0), Column: row.GetString(1)), ct);
        return rows.GroupBy(r => r.Table).ToDictionary(g => g.Key, g => g.Select(r => r.Column).ToList(), StringComparer.Ordinal);
    }
}
