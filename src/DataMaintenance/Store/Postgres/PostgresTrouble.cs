using System.Net.Sockets;
using Npgsql;

namespace DataMaintenance.Store;

/// <summary>
/// What a server's errors mean: those that pass by themselves (a restart, a deadlock) are tried again for a while, those that an operator must end are
/// told in one line with what to do.
/// </summary>
/// <param name="place">The database, for people.</param>
internal sealed class PostgresTrouble(string place)
{
    /// <summary>A restart of the server takes less. What fails longer fails its task, which is tried again by its plan.</summary>
    public static readonly TimeSpan WritesWait = TimeSpan.FromSeconds(30);

    /// <summary>Somebody may be waiting for the answer.</summary>
    public static readonly TimeSpan ReadsWait = TimeSpan.FromSeconds(5);

    /// <summary>For opening: a server that restarts while we start is no reason to end.</summary>
    public static readonly TimeSpan OpeningWaits = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100), LongestPause = TimeSpan.FromSeconds(2);

    private static readonly HashSet<string> Passing = new(
    [
        PostgresErrorCodes.AdminShutdown, PostgresErrorCodes.CrashShutdown, PostgresErrorCodes.CannotConnectNow, PostgresErrorCodes.ConnectionException,
        PostgresErrorCodes.ConnectionDoesNotExist, PostgresErrorCodes.ConnectionFailure, PostgresErrorCodes.SqlClientUnableToEstablishSqlConnection,
        PostgresErrorCodes.SerializationFailure, PostgresErrorCodes.DeadlockDetected,
    ], StringComparer.Ordinal);

    /// <summary>Runs the attempt until it succeeds, fails for good, or has failed in passing for <paramref name="window"/> of real time.</summary>
    /// <exception cref="StoreException">It failed; the message says why and what to do.</exception>
    public async Task<T> RunAsync<T>(TimeSpan window, Func<Task<T>> attempt, CancellationToken ct)
    {
        var clock = TimeProvider.System;
        var (started, pause) = (clock.GetTimestamp(), FirstPause);
        while (true)
        {
            try
            {
                return await attempt();
            }
            catch (Exception e) when (Passes(e) && !ct.IsCancellationRequested && clock.GetElapsedTime(started) + pause < window)
            {
                await Task.Delay(pause, clock, ct);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            catch (NpgsqlException e)
            {
                throw Told(e);
            }
        }
    }

    /// <summary>The error in one line; errors of our own SQL pass as they are.</summary>
    public Exception Told(NpgsqlException e) => e is not PostgresException server
        ? new StoreUnreachableException($"PostgreSQL at {place} does not answer: {Reason(e)}. Check that it runs and that Store:ConnectionString is right", e)
        : server.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => new StoreUnreachableException(
                $"PostgreSQL at {place} refuses the user or its password ({server.MessageText}); set Store:Password, or Username and Password in Store:ConnectionString", e),
            PostgresErrorCodes.InvalidCatalogName => new StoreUnreachableException($"PostgreSQL at {place}: {server.MessageText}; create it with createdb, or name another in Store:ConnectionString", e),
            PostgresErrorCodes.TooManyConnections => new StoreUnreachableException(
                $"PostgreSQL at {place} has no connection left ({server.MessageText}); end some, raise max_connections, or set Maximum Pool Size in Store:ConnectionString", e),
            PostgresErrorCodes.DiskFull => new StoreFullException($"the disk of PostgreSQL at {place} is full ({server.MessageText}); nothing of this write is there, what was committed is kept. Free space on it; what failed is tried again", e),
            // A new connection writes a small file before it can say more.
            PostgresErrorCodes.InternalError when server.MessageText.StartsWith("could not write init file", StringComparison.Ordinal) => new StoreFullException(
                $"PostgreSQL at {place} cannot write its own files ({server.MessageText}): its disk is full, or not to be written; what was committed is kept. Free space on it; what failed is tried again", e),
            PostgresErrorCodes.OutOfMemory => new StoreException($"PostgreSQL at {place} is out of memory ({server.MessageText}); nothing of this write is there", e),
            PostgresErrorCodes.ReadOnlySqlTransaction => new StoreException(
                $"PostgreSQL at {place} only reads: it is a standby, or default_transaction_read_only is on. Name the primary in Store:ConnectionString, or add Target Session Attributes=primary", e),
            PostgresErrorCodes.InsufficientPrivilege => new StoreException($"PostgreSQL at {place}: {server.MessageText}; grant the role CREATE on the database or own the schema of Store:Schema", e),
            _ when Passes(e) => new StoreUnreachableException($"PostgreSQL at {place} is going down or coming up: {server.MessageText}", e),
            _ => e,
        };

    private static bool Passes(Exception e) => e switch
    {
        PostgresException server => Passing.Contains(server.SqlState),
        NpgsqlException { InnerException: IOException or SocketException } => true,
        _ => false,
    };

    private static string Reason(NpgsqlException e) => e.InnerException is EndOfStreamException
        ? "it closed the connection, as when it is stopped or restarted" : (e.InnerException ?? e).Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
