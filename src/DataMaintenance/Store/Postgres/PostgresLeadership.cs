using Npgsql;

namespace DataMaintenance.Store;

/// <summary>
/// The lead on a server: one row with the epoch and a lease of 15 s by the database's clock, renewed every 5 s. It is given back when disposed.
/// A writing transaction locks the epoch, so a new leader begins after it, and the old one's next write is refused.
/// </summary>
internal sealed class PostgresLeadership : IAsyncDisposable
{
    public static readonly TimeSpan RenewedEvery = TimeSpan.FromSeconds(5);
    private const string Lease = "clock_timestamp() + INTERVAL '15 seconds'";

    private readonly NpgsqlDataSource server;
    private readonly CancellationTokenSource stop = new();
    private readonly Task renewing;

    private PostgresLeadership(NpgsqlDataSource server, TimeProvider clock, long epoch)
    {
        (this.server, Epoch) = (server, epoch);
        renewing = RenewAsync(clock, stop.Token);
    }

    public long Epoch { get; }

    /// <summary>Who leads now, if its lease has not run out; inside the caller's transaction.</summary>
    public static async Task<Leader?> FindAsync(NpgsqlConnection connection, string schema, CancellationToken ct)
    {
        var known = await connection.ScalarAsync<bool>(
            """
            SELECT to_regclass('schema_migration') IS NOT NULL
                AND EXISTS (SELECT FROM information_schema.columns WHERE table_schema = $1 AND table_name = 'leadership' AND column_name = 'expires_at')
            """, [schema], ct);
        return !known ? null : (await connection.QueryAsync(
            "SELECT epoch, holder, url, expires_at, expires_at - clock_timestamp() FROM leadership WHERE expires_at > clock_timestamp()", [],
            row => new Leader(row.GetInt64(0), row.GetString(1), row.TextOrNull(2) is { } url ? new Uri(url) : null, row.GetFieldValue<DateTimeOffset>(3), row.GetFieldValue<TimeSpan>(4)),
            ct)).SingleOrDefault();
    }

    /// <summary>Raises the epoch inside the caller's transaction. Whoever still holds a write open under the old one is frozen, and is cut off.</summary>
    public static async Task<long> TakeAsync(NpgsqlConnection connection, string instance, CancellationToken ct)
    {
        await connection.ExecuteAsync("SAVEPOINT lead", [], ct);
        try
        {
            await connection.ExecuteAsync("SET LOCAL lock_timeout = '2s'; LOCK TABLE leadership IN EXCLUSIVE MODE", [], ct);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            await connection.ExecuteAsync("ROLLBACK TO SAVEPOINT lead", [], ct);
            await connection.ExecuteAsync(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'relation' AND relation = 'leadership'::regclass AND granted AND pid <> pg_backend_pid()", [], ct);
            await connection.ExecuteAsync("SET LOCAL lock_timeout = '10s'; LOCK TABLE leadership IN EXCLUSIVE MODE", [], ct);
        }

        await connection.ExecuteAsync("SET LOCAL lock_timeout = 0", [], ct);
        var risen = await connection.ScalarAsync<long>(
            $"UPDATE leadership SET epoch = epoch + 1, holder = $1, url = NULL, expires_at = {Lease} RETURNING epoch", [instance], ct);
        return risen > 0 ? risen : await connection.ScalarAsync<long>(
            $"INSERT INTO leadership (epoch, holder, expires_at) VALUES (1, $1, {Lease}) RETURNING epoch", [instance], ct);
    }

    /// <summary>Keeps the lease that <see cref="TakeAsync"/> took.</summary>
    public static PostgresLeadership Keep(NpgsqlDataSource server, TimeProvider clock, long epoch) => new(server, clock, epoch);

    /// <summary>Locks the epoch to the end of the caller's transaction.</summary>
    /// <exception cref="NotLeaderException">It is another one.</exception>
    public async Task CheckAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var newest = await connection.ScalarAsync<long>("SELECT epoch FROM leadership FOR KEY SHARE", [], ct);
        if (newest != Epoch) throw new NotLeaderException(Epoch, newest);
    }

    public async Task AnnounceAsync(Uri url, CancellationToken ct)
    {
        await using var connection = await server.OpenConnectionAsync(ct);
        if (await connection.ExecuteAsync("UPDATE leadership SET url = $1 WHERE epoch = $2", [url.ToString(), Epoch], ct) == 0)
            throw new NotLeaderException(Epoch, await connection.ScalarAsync<long>("SELECT epoch FROM leadership", [], ct));
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await renewing;
        stop.Dispose();
        try
        {
            await using var connection = await server.OpenConnectionAsync();
            await connection.ExecuteAsync("UPDATE leadership SET expires_at = '-infinity', url = NULL WHERE epoch = $1", [Epoch], CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // The server is away; the lease ends by itself.
        }
    }

    private async Task RenewAsync(TimeProvider clock, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(RenewedEvery, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
                if (!await TryRenewAsync(ct)) return;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }
    }

    /// <returns>False when another leads; true when the server is away, which may come back in time.</returns>
    private async Task<bool> TryRenewAsync(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(RenewedEvery);
        try
        {
            await using var connection = await server.OpenConnectionAsync(limit.Token);
            return await connection.ExecuteAsync($"UPDATE leadership SET expires_at = {Lease} WHERE epoch = $1", [Epoch], limit.Token) > 0;
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return true;
        }
    }
}

/// <param name="ExpiresAt">By the database's clock.</param>
/// <param name="Left">Until then.</param>
internal sealed record Leader(long Epoch, string Holder, Uri? Url, DateTimeOffset ExpiresAt, TimeSpan Left);
