using System.Diagnostics;
using System.Security.Authentication;
using StackExchange.Redis;

namespace DataMaintenance.Cache;

/// <summary>One multiplexed connection to Redis, to the embedded server or another; it comes back by itself when the server does.</summary>
public sealed class RedisConnection : IAsyncDisposable
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250);

    /// <summary>By then the client has tried to connect once more, and it is known why it cannot.</summary>
    private static readonly TimeSpan NextAttempt = TimeSpan.FromSeconds(3);

    /// <summary>What a person or a probe waits for a sign of life.</summary>
    internal static readonly TimeSpan ShortPatience = TimeSpan.FromSeconds(1.5);
    private readonly ConnectionMultiplexer multiplexer;
    private readonly EmbeddedRedis? embedded;
    private readonly bool hasPassword;
    private readonly TimeSpan retryFor;
    private Exception? failed;

    private RedisConnection(ConnectionMultiplexer multiplexer, EmbeddedRedis? embedded, ConfigurationOptions configuration, TimeSpan retryFor)
    {
        (this.multiplexer, this.embedded, this.retryFor) = (multiplexer, embedded, retryFor);
        multiplexer.ConnectionFailed += (_, failure) => Failed(failure.Exception);
        multiplexer.ConnectionRestored += (_, _) => failed = null;
        hasPassword = !string.IsNullOrEmpty(configuration.Password);
        Address = RedisAddress.Endpoints(configuration);
        Description = embedded is null ? $"Redis at {Address}" : $"embedded Redis at {Address}";
    }

    /// <summary>What is spoken to and where, for people. Never holds a password.</summary>
    public string Description { get; }

    /// <summary><c>host:port</c>, for redis-cli and other clients.</summary>
    public string Address { get; }

    internal IDatabase Database => multiplexer.GetDatabase();

    internal ISubscriber Subscriber => multiplexer.GetSubscriber();

    /// <summary>
    /// Starts the embedded server, or connects to the one configured. A server that is away is no error here: it is tried again in
    /// the background, and every command fails until it is there. <see cref="PingAsync"/> tells.
    /// </summary>
    /// <exception cref="RedisUnavailableException">The embedded server cannot start, or the connection string cannot be read.</exception>
    public static async Task<RedisConnection> OpenAsync(RedisOptions options, CancellationToken ct)
    {
        var embedded = options.Kind == RedisKind.Embedded ? EmbeddedRedis.Start(options.Port, options.MemoryMegabytes) : null;
        try
        {
            AuthenticationException? distrusted = null;
            var configuration = RedisAddress.Configuration(options, embedded?.Port, () => distrusted = new("the server's certificate is not trusted"));
            var connection = new RedisConnection(await ConnectionMultiplexer.ConnectAsync(configuration).WaitAsync(ct), embedded, configuration, options.RetryFor);
            connection.Failed(distrusted);
            return connection;
        }
        catch
        {
            embedded?.Dispose();
            throw;
        }
    }

    /// <summary>Asks the server for a sign of life.</summary>
    /// <exception cref="RedisUnavailableException">None came; the message says why without any password.</exception>
    public Task PingAsync(CancellationToken ct) => AskAsync(db => db.PingAsync(), multiplexer.IsConnected || failed is not null ? TimeSpan.Zero : NextAttempt, ct);

    /// <summary>The same for whoever waits for an answer: a server that is away or frozen is told of within two seconds; within four at the start, when nobody knows yet why.</summary>
    /// <exception cref="RedisUnavailableException">No sign of life by then.</exception>
    public async Task AnswersAsync(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var patience = multiplexer.IsConnected || failed is not null ? ShortPatience : NextAttempt + TimeSpan.FromSeconds(0.5);
        limit.CancelAfter(patience);
        try
        {
            await PingAsync(limit.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new RedisUnavailableException($"{Description} does not answer: no sign of life within {patience.TotalSeconds:0.0} s", failed ?? e);
        }
    }

    /// <summary>Asks, and asks again while the connection is lost, for as long as <see cref="RedisOptions.RetryFor"/> says. What is asked must bear being done twice.</summary>
    /// <exception cref="RedisUnavailableException">The server did not come back in time.</exception>
    /// <exception cref="RedisRefusedException">It answers, and will not do it.</exception>
    internal Task<T> AskAsync<T>(Func<IDatabase, Task<T>> ask, CancellationToken ct) => AskAsync(ask, retryFor, ct);

    /// <summary>Asks once: for what may fail while the server is away, and must not hold anything up.</summary>
    /// <exception cref="RedisUnavailableException">The server is away.</exception>
    /// <exception cref="RedisRefusedException">It answers, and will not do it.</exception>
    internal Task<T> AskOnceAsync<T>(Func<IDatabase, Task<T>> ask, CancellationToken ct) => AskAsync(ask, TimeSpan.Zero, ct);

    /// <summary>Names of keys that match, from every primary of the connection; each may come more than once.</summary>
    internal Task<List<string>> KeysAsync(string pattern, CancellationToken ct) => AskAsync(async db =>
    {
        var found = new List<string>();
        foreach (var server in multiplexer.GetServers().Where(s => s is { IsConnected: true, IsReplica: false }))
            await foreach (var key in server.KeysAsync(db.Database, pattern, pageSize: 1_000).WithCancellation(ct))
                found.Add(key.ToString());
        return found;
    }, ct);

    public async ValueTask DisposeAsync()
    {
        await multiplexer.DisposeAsync();
        embedded?.Dispose();
    }

    private async Task<T> AskAsync<T>(Func<IDatabase, Task<T>> ask, TimeSpan patience, CancellationToken ct)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await ask(Database).WaitAsync(ct);
            }
            catch (Exception e) when (e is RedisConnectionException or RedisCommandException && IsReplica(e))
            {
                throw new RedisRefusedException(RedisTrouble.Replica(Description), e);
            }
            catch (Exception e) when (RedisTrouble.MayPass(e) && (failed is null || RedisTrouble.MayPass(failed)) && Stopwatch.GetElapsedTime(start) < patience)
            {
                await Task.Delay(RetryPause, TimeProvider.System, ct);
            }
            catch (Exception e) when (e is RedisException or RedisCommandException or TimeoutException)
            {
                throw RedisTrouble.Explain(e, failed, Description, hasPassword, RedisTrouble.Starts(e, "OOM") ? await LimitAsync() : null);
            }
        }
    }

    /// <summary>
    /// Whether all there is are replicas, to which the client hands no write. It may drop the connection over the attempt, and still knows the role;
    /// a server that is away for a reason of its own says that.
    /// </summary>
    private bool IsReplica(Exception e) =>
        !RedisTrouble.IsTold(e) && (failed is null || !RedisTrouble.IsTold(failed)) && multiplexer.GetServers().Select(s => s.IsReplica).DefaultIfEmpty(false).All(r => r);

    /// <summary>A refused password closes the socket, and only the first of the two failures says why.</summary>
    private void Failed(Exception? e)
    {
        if (e is not null && (failed is null || RedisTrouble.IsTold(e) || !RedisTrouble.IsTold(failed))) failed = e;
    }

    private async Task<string?> LimitAsync()
    {
        try
        {
            return (await ServerInfo.ReadAsync(Database)).Limit;
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return null;
        }
    }
}
