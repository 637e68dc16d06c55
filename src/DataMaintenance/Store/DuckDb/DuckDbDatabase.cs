using System.Globalization;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;

namespace DataMaintenance.Store;

/// <summary>One DuckDB file, open in this process: a connection to anyone who asks, one write transaction at a time.</summary>
internal sealed partial class DuckDbDatabase : IAsyncDisposable
{
    private readonly string connectionString;
    private readonly DuckDBConnection anchor;
    private readonly SemaphoreSlim writing = new(1, 1);

    private DuckDbDatabase(string connectionString, DuckDBConnection anchor) => (this.connectionString, this.anchor) = (connectionString, anchor);

    public string Version => anchor.ServerVersion;

    /// <exception cref="StoreOwnedException">Another program has the file open.</exception>
    /// <exception cref="StoreException">The file is no database that this DuckDB can read.</exception>
    public static DuckDbDatabase Open(string file, StoreOptions options)
    {
        var settings = new DuckDBConnectionStringBuilder
        {
            DataSource = file,
            ["memory_limit"] = $"{options.MemoryMegabytes}MB",
            ["autoinstall_known_extensions"] = "false",
            // The log may hold a first load's replies until they are published: at the default 16 MB they are compressed into the file and thrown away, at twice the work.
            ["wal_autocheckpoint"] = "128MB",
        };
        if (options.Threads > 0) settings["threads"] = options.Threads.ToString(CultureInfo.InvariantCulture);
        var anchor = new DuckDBConnection(settings.ConnectionString);
        try
        {
            anchor.Open();
            return new(settings.ConnectionString, anchor);
        }
        catch (DuckDBException e)
        {
            anchor.Dispose();
            if (e.Message.Contains("Could not set lock", StringComparison.Ordinal))
                throw new StoreOwnedException(file, HolderPattern().Match(e.Message) is { Success: true } holder ? int.Parse(holder.ValueSpan[4..], CultureInfo.InvariantCulture) : null, null);
            throw new StoreException(
                $"{file} cannot be opened as a DuckDB database: {e.Message.ReplaceLineEndings(" ").Trim()} Move the file away, or restore it, or set another Store:Path", e);
        }
    }

    /// <summary>A connection of its own: it sees committed states only, and no writer makes it wait.</summary>
    public DuckDBConnection Connect()
    {
        var connection = new DuckDBConnection(connectionString);
        connection.Open();
        return connection;
    }

    /// <summary>Off the caller's thread: DuckDB works synchronously.</summary>
    public Task<T> ReadAsync<T>(Func<DuckDBConnection, Task<T>> read, CancellationToken ct) => Task.Run(async () =>
    {
        await using var connection = Connect();
        return await read(connection);
    }, ct);

    /// <summary>One transaction, off the caller's thread, after those before it; rolled back on any exception.</summary>
    public async Task<T> WriteAsync<T>(Func<DuckDBConnection, Task<T>> write, CancellationToken ct)
    {
        await writing.WaitAsync(ct);
        try
        {
            return await Task.Run(async () =>
            {
                await using var connection = Connect();
                await using var transaction = connection.BeginTransaction();
                var result = await write(connection);
                ct.ThrowIfCancellationRequested();
                transaction.Commit();
                return result;
            }, ct);
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Waits for the write in progress; the last connection writes the log into the file as it closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await writing.WaitAsync();
        await anchor.DisposeAsync();
        writing.Dispose();
    }

    [GeneratedRegex(@"PID \d+")]
    private static partial Regex HolderPattern();
}
