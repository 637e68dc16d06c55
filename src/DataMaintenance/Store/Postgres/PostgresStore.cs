using System.Data.Common;
using Market;
using Npgsql;

namespace DataMaintenance.Store;

/// <summary>
/// The facts on a PostgreSQL server, with TimescaleDB or without. Each write is one transaction that first locks the epoch it writes under.
/// A call that meets a lost connection fails; the next one connects again.
/// </summary>
internal sealed partial class PostgresStore : SqlStore
{
    private readonly PostgresAddress server;
    private readonly PostgresLayout layout;
    private readonly PostgresLeadership leadership;
    private readonly SlotGrid grid;
    private readonly SemaphoreSlim writing = new(1);

    private PostgresStore(PostgresAddress server, PostgresLayout layout, PostgresLeadership leadership, SlotGrid grid, Version version)
    {
        (this.server, this.layout, this.leadership, this.grid) = (server, layout, leadership, grid);
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
    public static async Task<PostgresStore> OpenAsync(StoreOptions options, TimeProvider clock, string instance, CancellationToken ct)
    {
        var server = PostgresAddress.Of(options);
        try
        {
            Lease? seen = null;
            while (true)
            {
                var (store, lease) = await TryOpenAsync(server, options, clock, instance, ct);
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

    public override Task AnnounceAsync(Uri url, CancellationToken ct) => leadership.AnnounceAsync(url, ct);

    public override async ValueTask DisposeAsync()
    {
        await leadership.DisposeAsync();
        await server.Source.DisposeAsync();
        writing.Dispose();
    }

    protected override async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken ct)
    {
        await using var connection = await server.Source.OpenConnectionAsync(ct);
        return await read(connection);
    }

    protected override async Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> write, CancellationToken ct)
    {
        await writing.WaitAsync(ct);
        try
        {
            return await BulkWriteAsync(connection => write(connection), ct);
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
    private async Task<T> BulkWriteAsync<T>(Func<NpgsqlConnection, Task<T>> write, CancellationToken ct)
    {
        await using var connection = await server.Source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await leadership.CheckAsync(connection, ct);
        var result = await write(connection);
        await transaction.CommitAsync(ct);
        return result;
    }

    /// <summary>One write at a time for a dataset and date, to the end of the caller's transaction.</summary>
    private static async Task LockAsync(NpgsqlConnection connection, Dataset dataset, DateOnly date, CancellationToken ct) =>
        await connection.ExecuteAsync("SELECT pg_advisory_xact_lock(hashtext(current_schema() || $1), $2)", [dataset.ToString(), date.DayNumber], ct);

    private static async Task<(PostgresStore? Store, Lease? Lease)> TryOpenAsync(
        PostgresAddress server, StoreOptions options, TimeProvider clock, string instance, CancellationToken ct)
    {
        await using var connection = await server.ConnectAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync("SELECT pg_advisory_xact_lock(hashtext($1), hashtext('data-maintenance'))", [server.Schema], ct);
        if (!await connection.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)", [server.Schema], ct))
            await connection.ExecuteAsync($"CREATE SCHEMA {server.QuotedSchema}", [], ct);
        if (await PostgresLeadership.FindAsync(connection, server.Schema, ct) is { } lease) return (null, lease);

        var layout = await PostgresLayout.FindAsync(connection, ct);
        await layout.ApplyAsync(connection, server.QuotedSchema, ct);
        await new Schema($"PostgreSQL at {server.Place}", Migration.Of("Postgres"), clock).MigrateAsync(connection, server.Schema, ct);
        var leader = await PostgresLeadership.TakeAsync(connection, instance, ct);
        var grid = await TakeGridAsync(connection, options.Grid, ct);
        await transaction.CommitAsync(ct);
        return (new(server, layout, PostgresLeadership.Keep(server.Source, clock, leader), grid, connection.PostgreSqlVersion), null);
    }
}
