using System.Data.Common;
using DataMaintenance.Store;

namespace DataMaintenance.Tests.Store;

/// <summary>An empty database of one engine for one test: opened, closed and opened again, and looked into the way other programs do.</summary>
public abstract class TestStore : IAsyncDisposable
{
    private IStore? store;
    private bool created;

    /// <summary>The open store.</summary>
    public IStore Store => store ?? throw new InvalidOperationException("The store is not open.");

    public abstract StoreOptions Options { get; }

    /// <summary>A connection that is not the store's own.</summary>
    public abstract Task<DbConnection> ConnectAsync();

    public async Task<IStore> OpenAsync()
    {
        if (!created) await CreateAsync();
        created = true;
        return store = await StoreSetup.OpenAsync(Options, TimeProvider.System, "test", Ct);
    }

    public async Task CloseAsync()
    {
        if (store is not null) await store.DisposeAsync();
        store = null;
    }

    /// <summary>Closes and opens again.</summary>
    public async Task<IStore> ReopenAsync()
    {
        await CloseAsync();
        return await OpenAsync();
    }

    /// <summary>Rows with their values as text, <c>null</c> for NULL.</summary>
    public async Task<List<string>> RowsAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        return await connection.QueryAsync(sql, [], row => string.Join('|', Enumerable.Range(0, row.FieldCount).Select(i => row.IsDBNull(i) ? "null" : Text(row.GetValue(i)))), Ct);
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        await connection.ExecuteAsync(sql, [], Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Remove();
        GC.SuppressFinalize(this);
    }

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Makes the database, where opening the store does not.</summary>
    protected virtual Task CreateAsync() => Task.CompletedTask;

    /// <summary>Removes the database, if it was made.</summary>
    protected abstract void Remove();

    private static string Text(object value) => value switch
    {
        DateOnly day => $"{day:yyyy-MM-dd}",
        TimeOnly time => $"{time:HH:mm}",
        DateTime instant => $"{instant:yyyy-MM-dd HH:mm:ss}",
        _ => FormattableString.Invariant($"{value}"),
    };
}
