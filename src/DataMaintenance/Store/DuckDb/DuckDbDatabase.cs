using System.Globalization;
using System.Runtime.CompilerServices;
using DuckDB.NET.Data;

namespace DataMaintenance.Store;

/// <summary>
/// One DuckDB file, open in this process: a connection to anyone who asks, one write transaction at a time. After an error for which DuckDB
/// takes no more commands, such as a disk too full to write its log into the file, the file is opened again once everyone has let go of it.
/// </summary>
internal sealed class DuckDbDatabase : IAsyncDisposable
{
    /// <summary>One who waits may itself hold a connection, so nobody waits for long.</summary>
    private static readonly TimeSpan LettingGo = TimeSpan.FromSeconds(2);

    private readonly DuckDbTrouble trouble;
    private readonly string connectionString;
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly Lock gate = new();
    private DuckDBConnection anchor;
    private TaskCompletionSource free = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int users;
    private bool broken;

    private DuckDbDatabase(string connectionString, DuckDBConnection anchor, DuckDbTrouble trouble) =>
        (this.connectionString, this.anchor, this.trouble, Version) = (connectionString, anchor, trouble, anchor.ServerVersion);

    public string Version { get; }

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
        var trouble = new DuckDbTrouble(file);
        return new(settings.ConnectionString, Open(settings.ConnectionString, trouble), trouble);
    }

    /// <summary>A connection of its own: it sees committed states only, and no writer makes it wait.</summary>
    /// <exception cref="StoreUnreachableException">The file is being opened again after an error.</exception>
    public async Task<DuckDbUse> ConnectAsync(CancellationToken ct)
    {
        if (Enter() is { } connection) return new(this, connection);
        try
        {
            await free.Task.WaitAsync(LettingGo, ct);
        }
        catch (TimeoutException)
        {
            // The last try decides.
        }

        return new(this, Enter() ?? throw new StoreUnreachableException($"{trouble.File} is opened again after an error, as soon as all who read it have let go; ask again in a moment"));
    }

    /// <summary>Off the caller's thread: DuckDB works synchronously.</summary>
    public Task<T> ReadAsync<T>(Func<DuckDBConnection, Task<T>> read, CancellationToken ct) => Task.Run(async () =>
    {
        try
        {
            await using var use = await ConnectAsync(ct);
            return await read(use.Connection);
        }
        catch (DuckDBException e)
        {
            throw Told(e, writing: false);
        }
    }, ct);

    /// <summary>One transaction, off the caller's thread, after those before it; rolled back on any exception.</summary>
    public async Task<T> WriteAsync<T>(Func<DuckDBConnection, Task<T>> write, CancellationToken ct)
    {
        await writing.WaitAsync(ct);
        try
        {
            return await Task.Run(async () =>
            {
                try
                {
                    await using var use = await ConnectAsync(ct);
                    await using var transaction = use.Connection.BeginTransaction();
                    var result = await write(use.Connection);
                    ct.ThrowIfCancellationRequested();
                    transaction.Commit();
                    return result;
                }
                catch (DuckDBException e)
                {
                    throw Told(e, writing: true);
                }
            }, ct);
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>The same items; what goes wrong under them is told as of any read.</summary>
    public async IAsyncEnumerable<T> ReadAsync<T>(IAsyncEnumerable<T> items, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var each = items.GetAsyncEnumerator(ct);
        while (true)
        {
            try
            {
                if (!await each.MoveNextAsync()) yield break;
            }
            catch (DuckDBException e)
            {
                throw Told(e, writing: false);
            }

            yield return each.Current;
        }
    }

    /// <summary>What went wrong, for people; after what ends DuckDB's work on the file, it will be opened again.</summary>
    private Exception Told(DuckDBException e, bool writing)
    {
        if (DuckDbTrouble.EndsWork(e))
            lock (gate) broken = true;
        return trouble.Told(e, writing);
    }

    /// <summary>Waits for the write in progress; the last connection writes the log into the file as it closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await writing.WaitAsync();
        await anchor.DisposeAsync();
        writing.Dispose();
    }

    internal void Leave()
    {
        lock (gate)
        {
            if (--users > 0) return;
            free.TrySetResult();
        }
    }

    /// <returns>Null while others hold connections to what is broken.</returns>
    private DuckDBConnection? Enter()
    {
        lock (gate)
        {
            if (broken && users > 0)
            {
                if (free.Task.IsCompleted) free = new(TaskCreationOptions.RunContinuationsAsynchronously);
                return null;
            }

            if (broken)
            {
                anchor.Dispose();
                anchor = Open(connectionString, trouble);
                broken = false;
            }

            var connection = Open(connectionString, trouble);
            users++;
            return connection;
        }
    }

    private static DuckDBConnection Open(string connectionString, DuckDbTrouble trouble)
    {
        var connection = new DuckDBConnection(connectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch (DuckDBException e)
        {
            connection.Dispose();
            throw trouble.NotOpened(e);
        }
    }
}

/// <summary>A connection that somebody has, until it is disposed.</summary>
internal readonly struct DuckDbUse(DuckDbDatabase database, DuckDBConnection connection) : IAsyncDisposable
{
    public DuckDBConnection Connection => connection;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await connection.DisposeAsync();
        }
        finally
        {
            database.Leave();
        }
    }
}
