using System.Globalization;
using DuckDB.NET.Data;

namespace DataMaintenance.Store;

/// <summary>Turns a CSV file with a header into a Parquet file (zstd), by an engine in memory.</summary>
public static class Parquet
{
    /// <param name="columns">Names and DuckDB types, in the file's order; empty fields are null.</param>
    public static async Task FromCsvAsync(string csv, string parquet, IReadOnlyList<(string Column, string Type)> columns, CancellationToken ct)
    {
        await using var engine = new DuckDBConnection("DataSource=:memory:");
        await engine.OpenAsync(ct);
        await using var copy = engine.CreateCommand();
        var types = string.Join(", ", columns.Select(c => $"'{c.Column}': '{c.Type}'"));
        copy.CommandText = string.Create(CultureInfo.InvariantCulture,
            $"COPY (SELECT * FROM read_csv({Text(csv)}, header = true, delim = ',', quote = '\"', escape = '\"', nullstr = '', columns = {{{types}}})) TO {Text(parquet)} (FORMAT parquet, COMPRESSION zstd)");
        await copy.ExecuteNonQueryAsync(ct);
    }

    private static string Text(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
}
