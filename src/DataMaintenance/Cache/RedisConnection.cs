using System.Globalization;
using StackExchange.Redis;

namespace DataMaintenance.Cache;

/// <summary>One multiplexed connection to Redis, to the embedded server or another; it comes back by itself when the server does.</summary>
public sealed class RedisConnection : IAsyncDisposable
{
    /// <summary>Milliseconds a reply may take: behind a whole family in the pipeline, on a busy machine.</summary>
    private const int LeastTimeout = 15_000;
    private readonly ConnectionMultiplexer multiplexer;
    private readonly EmbeddedRedis? embedded;
    private readonly bool hasPassword;

    private RedisConnection(ConnectionMultiplexer multiplexer, EmbeddedRedis? embedded, string address, bool hasPassword)
    {
        (this.multiplexer, this.embedded, this.hasPassword) = (multiplexer, embedded, hasPassword);
        Description = embedded is null ? $"Redis at {address}" : $"embedded Redis at {address}";
        Address = address;
    }

    /// <summary>What is spoken to and where, for people. Never holds a password.</summary>
    public string Description { get; }

    /// <summary><c>host:port</c>, for redis-cli and other clients.</summary>
    public string Address { get; }

    public IDatabase Database => multiplexer.GetDatabase();

    public ISubscriber Subscriber => multiplexer.GetSubscriber();

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
            var configuration = embedded is null
                ? Configuration(options.ConnectionString ?? "")
                : new ConfigurationOptions { EndPoints = { { "127.0.0.1", embedded.Port } } };
            if (embedded is null && options.Password is not null) configuration.Password ??= options.Password;
            configuration.SetDefaultPorts();
            configuration.AbortOnConnectFail = false;
            configuration.AsyncTimeout = Math.Max(configuration.AsyncTimeout, LeastTimeout);
            configuration.ClientName = "data-maintenance";
            configuration.IncludeDetailInExceptions = false;
            var connecting = ConnectionMultiplexer.ConnectAsync(configuration);
            return new(await connecting.WaitAsync(ct), embedded, Endpoints(configuration), !string.IsNullOrEmpty(configuration.Password));
        }
        catch
        {
            embedded?.Dispose();
            throw;
        }
    }

    /// <summary>Asks the server for a sign of life.</summary>
    /// <exception cref="RedisUnavailableException">None came; the message says why without any password.</exception>
    public async Task PingAsync(CancellationToken ct)
    {
        try
        {
            await Database.PingAsync().WaitAsync(ct);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw new RedisUnavailableException($"{Description} does not answer: {Reason(e)}", e);
        }
    }

    /// <summary>Names of keys that match, page by page, from every primary of the connection.</summary>
    internal async IAsyncEnumerable<string> ScanAsync(string pattern, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var server in multiplexer.GetServers())
        {
            if (server.IsReplica) continue;
            await foreach (var key in server.KeysAsync(Database.Database, pattern, pageSize: 1_000).WithCancellation(ct))
                yield return key.ToString();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await multiplexer.DisposeAsync();
        embedded?.Dispose();
    }

    private static ConfigurationOptions Configuration(string connectionString)
    {
        try
        {
            return ConfigurationOptions.Parse(connectionString);
        }
        catch (ArgumentException)
        {
            // The library's message quotes the part it could not read, which may be a password.
            throw new RedisUnavailableException("Redis:ConnectionString cannot be read; expected host:port and options such as password=…, separated by commas.");
        }
    }

    private static string Endpoints(ConfigurationOptions configuration) =>
        string.Join(", ", configuration.EndPoints.Select(e => e switch
        {
            System.Net.IPEndPoint ip => ip.ToString(),
            System.Net.DnsEndPoint dns => string.Create(CultureInfo.InvariantCulture, $"{dns.Host}:{dns.Port}"),
            _ => e.ToString(),
        }));

    private string Reason(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause.Message.Contains("NOAUTH", StringComparison.Ordinal) || cause.Message.Contains("WRONGPASS", StringComparison.Ordinal))
                return hasPassword ? "it refuses the password" : "it asks for a password; set Redis:Password";
            if (cause is System.Net.Sockets.SocketException socket) return socket.Message;
        }

        return e.Message;
    }
}

/// <summary>Redis cannot be reached or does not let us in.</summary>
public sealed class RedisUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
