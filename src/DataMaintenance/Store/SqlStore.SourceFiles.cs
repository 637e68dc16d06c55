using System.Data.Common;

namespace DataMaintenance.Store;

/// <summary>Table <c>source_file</c>.</summary>
internal abstract partial class SqlStore
{
    public Task SaveSourceFileAsync(SourceFile file, CancellationToken ct) => WriteAsync(connection => SaveSourceFileAsync(connection, file, ct), ct);

    private static async Task SaveSourceFileAsync(DbConnection connection, SourceFile file, CancellationToken ct)
    {
        await connection.ExecuteAsync("DELETE FROM source_file WHERE dataset = $1 AND date = $2", [Word(file.Dataset), file.Date], ct);
        await connection.ExecuteAsync("INSERT INTO source_file VALUES ($1, $2, $3, $4, $5, $6, $7)",
            [Word(file.Dataset), file.Date, file.Name, file.ETag, file.Bytes, file.LastModified, file.ReadAt], ct);
    }

    public Task<IReadOnlyList<SourceFile>> SourceFilesAsync(Dataset dataset, DateOnly from, DateOnly to, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<SourceFile>>(async connection => await connection.QueryAsync(
            "SELECT date, name, etag, bytes, last_modified, read_at FROM source_file WHERE dataset = $1 AND date BETWEEN $2 AND $3 ORDER BY date", [Word(dataset), from, to],
            row => new SourceFile(dataset, row.GetFieldValue<DateOnly>(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetFieldValue<DateTimeOffset>(4), row.GetFieldValue<DateTimeOffset>(5)), ct), ct);
}
