using System.Data.Common;
using DuckDB.NET.Data;
using Market;

namespace DataMaintenance.Store;

/// <summary>
/// The facts in a DuckDB file. Writes run one after another, each a transaction; readers have connections of their own and see committed states only.
/// A killed process loses nothing that was committed: DuckDB replays its log on opening.
/// </summary>
internal sealed partial class DuckDbStore : SqlStore
{
    private readonly DuckDbDatabase database;
    private readonly StoreOwner owner;
    private readonly SlotGrid grid;
    private Leader leader;

    private DuckDbStore(DuckDbDatabase database, StoreOwner owner, string file, SlotGrid grid, Leader leader)
    {
        (this.database, this.owner, this.grid, this.leader) = (database, owner, grid, leader);
        Description = $"DuckDB {database.Version.TrimStart('v')}, {file}";
    }

    public override string Description { get; }

    public override long Epoch => leader.Epoch;

    public override Leader Leader => leader;

    public override CancellationToken LeadLost => CancellationToken.None;

    /// <exception cref="StoreOwnedException">Another live process owns the file.</exception>
    /// <exception cref="StoreException">The file is none of ours, or of a newer version.</exception>
    public static async Task<DuckDbStore> OpenAsync(StoreOptions options, TimeProvider clock, string instance, CancellationToken ct)
    {
        MakeFolder(options.Path);
        var file = Path.Combine(options.Path, "market.duckdb");
        var owner = StoreOwner.Claim(options.Path, file, clock);
        DuckDbDatabase? database = null;
        try
        {
            database = DuckDbDatabase.Open(file, options);
            var schema = new Schema(file, Migration.Of("DuckDb"), clock);
            var (leader, grid) = await database.WriteAsync(async connection =>
            {
                await schema.MigrateAsync(connection, "main", ct);
                return (await LeadAsync(connection, instance, clock.GetUtcNow(), ct), await TakeGridAsync(connection, options.Grid, ct));
            }, ct);
            return new(database, owner, file, grid, leader);
        }
        catch
        {
            if (database is not null) await database.DisposeAsync();
            owner.Dispose();
            throw;
        }
    }

    private static void MakeFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"the folder of the store cannot be made at {Path.GetFullPath(path)} ({e.Message.ReplaceLineEndings(" ").TrimEnd('.')}); set Store:Path to a place this user may write", e);
        }
    }

    public override Task AnnounceAsync(Uri url, CancellationToken ct)
    {
        owner.Announce(url);
        leader = leader with { Url = url };
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        owner.Dispose();
    }

    protected override Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken ct) => database.ReadAsync(read, ct);

    protected override Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> write, CancellationToken ct) => BulkWriteAsync(write, ct);

    protected override Task AppendAsync(DbConnection connection, string table, IEnumerable<object?[]> rows, CancellationToken ct)
    {
        ((DuckDBConnection)connection).Append(table, appender =>
        {
            foreach (var row in rows)
            {
                ct.ThrowIfCancellationRequested();
                appender.CreateRow().Values(row).EndRow();
            }
        });
        return Task.CompletedTask;
    }

    private Task<T> BulkWriteAsync<T>(Func<DuckDBConnection, Task<T>> write, CancellationToken ct) => database.WriteAsync(async connection =>
    {
        var newest = await connection.ScalarAsync<long>("SELECT epoch FROM leadership", [], ct);
        if (newest != Epoch) throw new NotLeaderException(Epoch, newest);
        return await write(connection);
    }, ct);

    private static async Task<Leader> LeadAsync(DuckDBConnection connection, string instance, DateTimeOffset now, CancellationToken ct)
    {
        var epoch = 1 + await connection.ScalarAsync<long>("SELECT coalesce(max(epoch), 0) FROM leadership", [], ct);
        await connection.ExecuteAsync("DELETE FROM leadership", [], ct);
        await connection.ExecuteAsync("INSERT INTO leadership VALUES ($1, $2, NULL, $3)", [epoch, instance, now], ct);
        return new(epoch, instance, null, now);
    }
}
