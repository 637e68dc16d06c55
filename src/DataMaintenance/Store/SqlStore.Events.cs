using System.Data.Common;

namespace DataMaintenance.Store;

/// <summary>Table <c>maintenance_event</c>.</summary>
internal abstract partial class SqlStore
{
    private const string SelectEvents = "SELECT id, happened_at, kind, subject, date, text, instance, epoch FROM maintenance_event";

    public Task<long> RecordEventAsync(MaintenanceEvent happened, CancellationToken ct) => WriteAsync(async connection =>
    {
        var id = 1 + await connection.ScalarAsync<long>("SELECT coalesce(max(id), 0) FROM maintenance_event", [], ct);
        await connection.ExecuteAsync("INSERT INTO maintenance_event VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            [id, happened.At, happened.Kind, happened.Subject, happened.Date, happened.Text, happened.Instance, Epoch], ct);
        return id;
    }, ct);

    public Task<IReadOnlyList<MaintenanceEvent>> EventsAsync(string? kind, int limit, CancellationToken ct) => ReadAsync<IReadOnlyList<MaintenanceEvent>>(async connection =>
        kind is null
            ? await connection.QueryAsync($"{SelectEvents} ORDER BY id DESC LIMIT $1", [(long)limit], Event, ct)
            : await connection.QueryAsync($"{SelectEvents} WHERE kind = $1 ORDER BY id DESC LIMIT $2", [kind, (long)limit], Event, ct), ct);

    private static MaintenanceEvent Event(DbDataReader row) => new(
        row.GetString(2), row.GetString(3), row.ValueOrNull<DateOnly>(4), row.GetString(5), row.GetFieldValue<DateTimeOffset>(1), row.GetString(6), row.GetInt64(7), row.GetInt64(0));
}
