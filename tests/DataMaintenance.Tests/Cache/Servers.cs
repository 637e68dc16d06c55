using DataMaintenance.Cache;

namespace DataMaintenance.Tests.Cache;

/// <summary>A server that the promises of the cache are held against.</summary>
public interface IServerUnderTest
{
    /// <summary>How another connection gets to it.</summary>
    RedisOptions Options();
}

public sealed class Embedded : IServerUnderTest, IDisposable
{
    private readonly EmbeddedRedis server = EmbeddedRedis.Start(0, new RedisOptions().MemoryMegabytes);

    public RedisOptions Options() => new() { Kind = RedisKind.Server, ConnectionString = $"127.0.0.1:{server.Port}" };

    public void Dispose() => server.Dispose();
}

public sealed class Server : IServerUnderTest, IAsyncLifetime
{
    private readonly RedisServer server = new();

    public ValueTask InitializeAsync() => server.InitializeAsync();

    public RedisOptions Options() => server.Options();

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
