using Npgsql;

namespace DataMaintenance.Store;

/// <summary>Looks from outside at who leads on a server, without taking part.</summary>
public sealed class LeaderWatch : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly PostgresAddress server;

    /// <param name="options">Of a PostgreSQL store.</param>
    public LeaderWatch(StoreOptions options) => server = PostgresAddress.Of(options);

    /// <summary>What is looked at, for people: <c>localhost:5432/market, schema public</c>.</summary>
    public string Place => server.Place;

    /// <returns>Null when nobody's lease lasts.</returns>
    /// <exception cref="StoreException">The server does not answer within 5 s.</exception>
    public async Task<Leader?> FindAsync(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            await using var connection = await server.ConnectAsync(limit.Token);
            return (await PostgresLeadership.FindAsync(connection, server.Schema, limit.Token))?.Leader;
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            throw new StoreException($"PostgreSQL at {server.Place} does not answer: {e.Message.TrimEnd('.')}", e);
        }
    }

    /// <summary>What a leader left in the tables, for people who ask a standby.</summary>
    /// <exception cref="StoreException">The server does not answer within 5 s.</exception>
    public async Task<WatchedStore> ReadAsync(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            await using var connection = await server.ConnectAsync(limit.Token);
            var layout = await PostgresLayout.FindAsync(connection, limit.Token);
            var description = $"PostgreSQL {connection.PostgreSqlVersion.ToString(2)}, {layout}, {server.Place}";
            // A leader of an older version has no column for what was cut off.
            return (await connection.QueryAsync(
                """
                SELECT epoch,
                    (SELECT max(date) FROM (SELECT * FROM maintenance_run ORDER BY run_id DESC LIMIT 200) AS run
                        WHERE is_full AND ended_at IS NOT NULL AND (to_jsonb(run) ->> 'cut_off') IS DISTINCT FROM 'true'),
                    (SELECT max(run_id) FROM maintenance_run WHERE ended_at IS NULL AND maintenance_run.epoch = leadership.epoch)
                FROM leadership
                """, [],
                row => new WatchedStore(description, row.GetInt64(0), row.ValueOrNull<DateOnly>(1), row.ValueOrNull<long>(2)), limit.Token)).Single();
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            throw new StoreException($"PostgreSQL at {server.Place} does not answer: {e.Message.TrimEnd('.')}", e);
        }
    }

    public ValueTask DisposeAsync() => server.Source.DisposeAsync();
}

/// <param name="Description">Engine, layout and place, as the leader says them.</param>
/// <param name="Epoch">Of the present term, or of the last one.</param>
/// <param name="LastMaintenance">The newest session whose whole run ended.</param>
/// <param name="Run">The run in progress in that term.</param>
public sealed record WatchedStore(string Description, long Epoch, DateOnly? LastMaintenance, long? Run);
