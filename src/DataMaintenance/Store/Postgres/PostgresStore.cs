using System.Data.Common;
using Market;
using Npgsql;

namespace DataMaintenance.Store;

/// <summary>
/// The facts on a PostgreSQL server, with TimescaleDB or without. Each write is one transaction that first locks the epoch it writes under.
/// A call that meets a lost connection is tried again while the server may be restarting (<see cref="PostgresTrouble"/>).
/// </summary>
internal sealed partial class PostgresStore : SqlStore
{
    private static readonly TimeSpan PingLimit = TimeSpan.FromSeconds(5);

    private readonly PostgresAddress server;
    private readonly PostgresLayout layout;
    private readonly PostgresLeadership leadership;
    private readonly SlotGrid grid;
    private readonly PostgresTrouble trouble;
    private readonly SemaphoreSlim writing = new(1);

    private PostgresStore(PostgresAddress server, PostgresLayout layout, PostgresLeadership leadership, SlotGrid grid, Version version)
    {
        (this.server, this.layout, this.leadership, this.grid, trouble) = (server, layout, leadership, grid, server.Trouble);
        Description = $"PostgreSQL {version.ToString(2)}, {layout}, {server.Place}";
    }

    public override string Description { get; }

    public override long Epoch => leadership.Epoch;

    public override Leader Leader => leadership.Leader;

    public override CancellationToken LeadLost => leadership.Lost;

    /// <summary>
    /// Migrates and takes the lead in one transaction. While another instance's lease lasts: one that answers somewhere is named at once; one that
    /// does not is watched until it renews, or until its lease has run out.
    /// </summary>
    /// <exception cref="StoreOwnedException">Another live instance leads.</exception>
    /// <exception cref="StoreException">The server does not answer, or what is there is no store of ours, or one of a newer version.</exception>
    public static async Task<PostgresStore> OpenAsync(StoreOptions options, TimeProvider clock, string instance, ILogger logger, CancellationToken ct)
    {
        var server = PostgresAddress.Of(options);
        try
        {
            Lease? seen = null;
            while (true)
            {
                var (store, lease) = await server.Trouble.RunAsync(PostgresTrouble.OpeningWaits, () => TryOpenAsync(server, options, clock, instance, logger, ct), ct);
                if (store is not null) return store;
                if (lease!.Leader.Url is not null || (seen is not null && lease.ExpiresAt != seen.ExpiresAt))
                    throw new StoreOwnedException(server.Place, lease.Leader.Holder, lease.ExpiresAt, lease.Leader.Url);
                seen = lease;
                var renewal = PostgresLeadership.RenewedEvery + TimeSpan.FromSeconds(1);
                await Task.Delay(lease.Left < renewal ? lease.Left + TimeSpan.FromMilliseconds(50) : renewal, clock, ct);
            }
        }
        catch
        {
            await server.Source.DisposeAsync();
            throw;
        }
    }

    public override Task AnnounceAsync(Uri url, CancellationToken ct) => trouble.RunAsync(PostgresTrouble.OpeningWaits, async () =>
    {
        await leadership.AnnounceAsync(url, ct);
        return true;
    }, ct);

    public override async ValueTask DisposeAsync()
    {
        await leadership.DisposeAsync();
        await server.Source.DisposeAsync();
        writing.Dispose();
    }

    /// <summary>Answers within seconds, whatever the server does.</summary>
    public override async Task PingAsync(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(PingLimit);
        try
        {
            await using var connection = await server.Source.OpenConnectionAsync(limit.Token);
            await connection.ScalarAsync<int>("SELECT 1", [], limit.Token);
        }
        catch (NpgsqlException e)
        {
            throw trouble.Told(e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new StoreUnreachableException($"PostgreSQL at {server.Place} did not answer within {PingLimit.TotalSeconds:0} s", e);
        }
    }

    protected override Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken ct) => trouble.RunAsync(PostgresTrouble.ReadsWait, async () =>
    {
        await using var connection = await server.Source.OpenConnectionAsync(ct);
        return await read(connection);
    }, ct);

    protected override async Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> write, CancellationToken ct)
    {
        await writing.WaitAsync(ct);
        try
        {
            return await trouble.RunAsync(PostgresTrouble.WritesWait, () => TransactAsync(connection => write(connection), repeatable: false, ct), ct);
        }
        finally
        {
            writing.Release();
        }
    }

    protected override async Task AppendAsync(DbConnection connection, string table, IEnumerable<object?[]> rows, CancellationToken ct)
    {
        await using var copy = await BinaryCopy.IntoAsync((NpgsqlConnection)connection, table, ct);
        foreach (var row in rows)
        {
            await copy.StartRowAsync((short)row.Length, ct);
            foreach (var value in row) copy.WriteAny(value);
        }

        await copy.CompleteAsync(ct);
    }

    /// <summary>A write that touches the rows of its own dates only, and so may run beside others.</summary>
    private Task<T> BulkWriteAsync<T>(Func<NpgsqlConnection, Task<T>> write, CancellationToken ct) =>
        trouble.RunAsync(PostgresTrouble.WritesWait, () => TransactAsync(write, repeatable: true, ct), ct);

    /// <param name="repeatable">Whether it may be done again although it may have been committed; else a connection lost in the commit is told.</param>
    private async Task<T> TransactAsync<T>(Func<NpgsqlConnection, Task<T>> write, bool repeatable, CancellationToken ct)
    {
        await using var connection = await server.Source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await leadership.CheckAsync(connection, ct);
        var result = await write(connection);
        try
        {
            await transaction.CommitAsync(ct);
            return result;
        }
        catch (NpgsqlException e) when (!repeatable && e is not PostgresException)
        {
            throw new StoreUnreachableException($"the connection to PostgreSQL at {server.Place} broke while a write was being committed; it is not known whether it is there", e);
        }
    }

    /// <summary>A result that streams from a connection of its own; begun again while the server may be restarting, not once rows have come.</summary>
    private Task<PostgresRows> StreamAsync(Func<NpgsqlConnection, NpgsqlCommand> ask, CancellationToken ct) =>
        trouble.RunAsync(PostgresTrouble.ReadsWait, () => PostgresRows.OpenAsync(server.Source, trouble, ask, ct), ct);

    /// <summary>One write at a time for a dataset and date, to the end of the caller's transaction.</summary>
    private static async Task LockAsync(NpgsqlConnection connection, Dataset dataset, DateOnly date, CancellationToken ct) =>
        await connection.ExecuteAsync("SELECT pg_advisory_xact_lock(hashtext(current_schema() || $1), $2)", [dataset.ToString(), date.DayNumber], ct);

    /// <exception cref="StoreException">The schema is the Python service's.</exception>
    private static async Task RefuseLegacyAsync(NpgsqlConnection connection, PostgresAddress server, CancellationToken ct)
    {
        if (await PostgresLayout.ExistsAsync(connection, "schema_migration", ct)) return;
        if (await LegacyTable.FindAsync(connection, server.Schema, ct) is { Count: > 0 } theirs)
            throw new StoreException(
                $"PostgreSQL at {server.Place} holds the tables of the Python service: {string.Join("; ", theirs)}. They are left alone. Set another Store:Schema, " +
                $"such as maintenance, and bring their rows into it with `data-maintenance migrate --from-legacy --legacy-schema {server.Schema}`");
    }

    private static async Task<(PostgresStore? Store, Lease? Lease)> TryOpenAsync(
        PostgresAddress server, StoreOptions options, TimeProvider clock, string instance, ILogger logger, CancellationToken ct)
    {
        await using var connection = await server.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync("SELECT pg_advisory_xact_lock(hashtext($1), hashtext('data-maintenance'))", [server.Schema], ct);
        if (!await connection.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)", [server.Schema], ct))
            await connection.ExecuteAsync($"CREATE SCHEMA {server.QuotedSchema}", [], ct);
        if (await PostgresLeadership.FindAsync(connection, server.Schema, ct) is { } lease) return (null, lease);

        await RefuseLegacyAsync(connection, server, ct);
        var layout = await PostgresLayout.FindAsync(connection, ct);
        await layout.ApplyAsync(connection, server.QuotedSchema, ct);
        await new Schema($"PostgreSQL at {server.Place}", Migration.Of("Postgres"), clock).MigrateAsync(connection, server.Schema, ct);
        var leader = await PostgresLeadership.TakeAsync(connection, instance, ct);
        var grid = await TakeGridAsync(connection, options.Grid, ct);
        await transaction.CommitAsync(ct);
        return (new(server, layout, PostgresLeadership.Keep(server.Source, clock, leader, logger), grid, connection.PostgreSqlVersion), null);
    }
}
