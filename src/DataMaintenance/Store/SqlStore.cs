using System.Data.Common;
using Market;

namespace DataMaintenance.Store;

/// <summary>
/// What both engines say in the same SQL: reference, findings, journal, coverage. An engine brings its transactions and its bulk paths.
/// No table needs a key here: rows are replaced in one transaction, and one instance writes at a time.
/// </summary>
internal abstract partial class SqlStore : IStore
{
    public abstract string Description { get; }
    public abstract long Epoch { get; }
    public abstract Leader Leader { get; }
    public abstract CancellationToken LeadLost { get; }
    public abstract Task AnnounceAsync(Uri url, CancellationToken ct);
    public abstract ValueTask DisposeAsync();

    public virtual Task PingAsync(CancellationToken ct) => ReadAsync(connection => connection.ScalarAsync<int>("SELECT 1", [], ct), ct);

    public virtual Task<SlotCompression> CompressSlotsBeforeAsync(DateOnly before, CancellationToken ct) =>
        Task.FromResult(new SlotCompression("the embedded store packs its rows by itself", 0, 0, 0));

    /// <summary>Runs on a connection of its own that no writer blocks; each statement sees one committed state.</summary>
    protected abstract Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken ct);

    /// <summary>Runs in one transaction, after every earlier write has ended. An exception leaves everything as it was.</summary>
    /// <exception cref="NotLeaderException">A newer instance leads.</exception>
    protected abstract Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> write, CancellationToken ct);

    /// <summary>Appends rows, values in the order of the table's columns and of their exact width, the fastest way the engine has.</summary>
    protected abstract Task AppendAsync(DbConnection connection, string table, IEnumerable<object?[]> rows, CancellationToken ct);

    protected Task WriteAsync(Func<DbConnection, Task> write, CancellationToken ct) => WriteAsync(async connection =>
    {
        await write(connection);
        return true;
    }, ct);

    /// <summary>Replaces the rows of these symbols.</summary>
    private Task UpsertAsync<T>(string table, IReadOnlyList<T> rows, Func<T, Symbol> symbol, Func<T, object?[]> values, CancellationToken ct)
    {
        var newest = new SortedDictionary<Symbol, T>();
        foreach (var row in rows) newest[symbol(row)] = row;
        return newest.Count == 0 ? Task.CompletedTask : WriteAsync(async connection =>
        {
            await connection.ExecuteAsync($"DELETE FROM {table} WHERE symbol IN (SELECT unnest($1::VARCHAR[]))", [Texts(newest.Keys)], ct);
            await AppendAsync(connection, table, newest.Values.Select(values), ct);
        }, ct);
    }

    protected static string[] Texts(IEnumerable<Symbol> symbols) => [.. symbols.Select(s => s.Text)];
}
