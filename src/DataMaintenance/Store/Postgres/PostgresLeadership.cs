using Npgsql;

namespace DataMaintenance.Store;

/// <summary>
/// The lead on a server: one row with the epoch and a lease of 15 s by the database's clock, renewed every 5 s. It is given back when disposed.
/// A writing transaction locks the epoch, so a new leader begins after it, and the old one's next write is refused.
/// </summary>
internal sealed partial class PostgresLeadership : IAsyncDisposable
{
    public static readonly TimeSpan RenewedEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(15);
    private const string LeaseEnd = "clock_timestamp() + INTERVAL '15 seconds'";

    /// <summary>How long the server may take to accept that the lead is given back.</summary>
    private static readonly TimeSpan PatienceAtTheEnd = TimeSpan.FromSeconds(2);

    private readonly NpgsqlDataSource server;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stop = new();
    // Runs out with the lease unless it is renewed, whatever the reason: the server away, this process frozen.
    private readonly CancellationTokenSource lost;
    private readonly Task renewing;
    private int refused;

    private PostgresLeadership(NpgsqlDataSource server, TimeProvider clock, Leader leader, ILogger logger)
    {
        (this.server, this.clock, Leader, this.logger) = (server, clock, leader, logger);
        lost = new(LeaseTime, clock);
        Lost = lost.Token;
        renewing = RenewAsync(stop.Token);
    }

    public Leader Leader { get; private set; }

    public long Epoch => Leader.Epoch;

    /// <summary>Cancelled when another leads, or when the lease ran out without a renewal.</summary>
    public CancellationToken Lost { get; }

    /// <summary>Who leads now, if its lease has not run out; inside the caller's transaction.</summary>
    public static async Task<Lease?> FindAsync(NpgsqlConnection connection, string schema, CancellationToken ct)
    {
        var known = await connection.ScalarAsync<bool>(
            """
            SELECT to_regclass('schema_migration') IS NOT NULL
                AND EXISTS (SELECT FROM information_schema.columns WHERE table_schema = $1 AND table_name = 'leadership' AND column_name = 'expires_at')
            """, [schema], ct);
        return !known ? null : (await connection.QueryAsync(
            // A row of an older version has no column for when the term began.
            """
            SELECT epoch, holder, url, expires_at, expires_at - clock_timestamp(), (to_jsonb(leadership) ->> 'since')::timestamptz
            FROM leadership WHERE expires_at > clock_timestamp()
            """, [],
            row => new Lease(
                new(row.GetInt64(0), row.GetString(1), row.TextOrNull(2) is { } url ? new Uri(url) : null, row.ValueOrNull<DateTimeOffset>(5)),
                row.GetFieldValue<DateTimeOffset>(3), row.GetFieldValue<TimeSpan>(4)),
            ct)).SingleOrDefault();
    }

    /// <summary>Raises the epoch inside the caller's transaction. Whoever still holds a write open under the old one is frozen, and is cut off.</summary>
    public static async Task<Leader> TakeAsync(NpgsqlConnection connection, string instance, CancellationToken ct)
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
        var before = (await connection.QueryAsync(
            "SELECT holder || CASE WHEN isfinite(expires_at) THEN ', whose lease ran out' ELSE ', who gave it back' END FROM leadership", [], row => row.GetString(0), ct)).SingleOrDefault();
        if (before is null) await connection.ExecuteAsync("INSERT INTO leadership (epoch, holder, expires_at) VALUES (0, $1, '-infinity')", [instance], ct);
        return (await connection.QueryAsync(
            $"UPDATE leadership SET epoch = epoch + 1, holder = $1, url = NULL, since = clock_timestamp(), expires_at = {LeaseEnd} RETURNING epoch, since", [instance],
            row => new Leader(row.GetInt64(0), instance, null, row.GetFieldValue<DateTimeOffset>(1)) { Before = before }, ct)).Single();
    }

    /// <summary>Keeps the lease that <see cref="TakeAsync"/> took.</summary>
    public static PostgresLeadership Keep(NpgsqlDataSource server, TimeProvider clock, Leader leader, ILogger logger) => new(server, clock, leader, logger);

    /// <summary>Locks the epoch to the end of the caller's transaction.</summary>
    /// <exception cref="NotLeaderException">It is another one.</exception>
    public async Task CheckAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var newest = await connection.ScalarAsync<long>("SELECT epoch FROM leadership FOR KEY SHARE", [], ct);
        if (newest == Epoch) return;
        var reason = new NotLeaderException(Epoch, newest);
        if (Interlocked.Exchange(ref refused, 1) == 0) WriteRefused("store", reason.Message);
        await lost.CancelAsync();
        throw reason;
    }

    public async Task AnnounceAsync(Uri url, CancellationToken ct)
    {
        await using var connection = await server.OpenConnectionAsync(ct);
        if (await connection.ExecuteAsync("UPDATE leadership SET url = $1 WHERE epoch = $2", [url.ToString(), Epoch], ct) == 0)
            throw new NotLeaderException(Epoch, await connection.ScalarAsync<long>("SELECT epoch FROM leadership", [], ct));
        Leader = Leader with { Url = url };
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await renewing;
        stop.Dispose();
        try
        {
            using var limit = new CancellationTokenSource(PatienceAtTheEnd);
            await using var connection = await server.OpenConnectionAsync(limit.Token);
            await connection.ExecuteAsync("UPDATE leadership SET expires_at = '-infinity', url = NULL WHERE epoch = $1", [Epoch], limit.Token);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            // The server is away; the lease ends by itself.
        }
        finally
        {
            lost.Dispose();
        }
    }

    [LoggerMessage(EventId = 141, EventName = "write_refused", Level = LogLevel.Warning, Message = "{where} refused a write: {reason}")]
    private partial void WriteRefused(string where, string reason);

    private async Task RenewAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(RenewedEvery, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(ct) && !lost.IsCancellationRequested)
                if (!await TryRenewAsync(ct)) await lost.CancelAsync();
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
        var asked = clock.GetTimestamp();
        try
        {
            await using var connection = await server.OpenConnectionAsync(limit.Token);
            if (await connection.ExecuteAsync($"UPDATE leadership SET expires_at = {LeaseEnd} WHERE epoch = $1", [Epoch], limit.Token) == 0) return false;
            var left = LeaseTime - clock.GetElapsedTime(asked);
            if (left > TimeSpan.Zero) lost.CancelAfter(left);
            return true;
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return true;
        }
    }
}
