using DataMaintenance.Cache;
using DataMaintenance.Values;
using static DataMaintenance.Tests.Cache.CacheWorld;

namespace DataMaintenance.Tests.Cache;

/// <summary>Servers that are away, locked, full or restarted.</summary>
public sealed class ConnectionTests
{
    [Fact]
    public async Task The_embedded_server_takes_any_free_port_and_other_clients_find_it()
    {
        await using var embedded = await RedisConnection.OpenAsync(new(), Ct);
        await using var other = await RedisConnection.OpenAsync(new() { Kind = RedisKind.Server, ConnectionString = embedded.Address }, Ct);
        await embedded.Database.StringSetAsync("a", "b");
        Assert.Equal("b", await other.Database.StringGetAsync("a"));
    }

    [Fact]
    public async Task A_taken_port_is_named()
    {
        await using var first = await RedisConnection.OpenAsync(new(), Ct);
        var port = int.Parse(first.Address.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
        var error = await Assert.ThrowsAsync<RedisUnavailableException>(() => RedisConnection.OpenAsync(new() { Port = port }, Ct));
        Assert.Contains($"127.0.0.1:{port}", error.Message, StringComparison.Ordinal);
        Assert.Contains("Redis:Port", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_away_is_said_by_address_and_without_the_password()
    {
        await using var redis = await RedisConnection.OpenAsync(new() { Kind = RedisKind.Server, ConnectionString = "127.0.0.1:1,password=hunter2,connectTimeout=300,connectRetry=1" }, Ct);
        var error = await Assert.ThrowsAsync<RedisUnavailableException>(() => redis.PingAsync(Ct));
        Assert.Contains("127.0.0.1:1", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_string_that_cannot_be_read_is_not_quoted()
    {
        var error = await Assert.ThrowsAsync<RedisUnavailableException>(() => RedisConnection.OpenAsync(new() { Kind = RedisKind.Server, ConnectionString = "localhost,pasword=hunter2" }, Ct));
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "asks for a password")]
    [InlineData("wrong", "refuses the password")]
    public async Task A_password_that_is_missing_or_wrong_is_said_in_words(string? password, string words)
    {
        await using var server = new RedisServer();
        await server.StartAsync("--requirepass", "right");
        await using (var right = await RedisConnection.OpenAsync(server.Options() with { Password = "right" }, Ct)) await right.PingAsync(Ct);
        await using var redis = await RedisConnection.OpenAsync(new() { Kind = RedisKind.Server, ConnectionString = server.Address + ",connectTimeout=500,connectRetry=1", Password = password }, Ct);
        var error = await Assert.ThrowsAsync<RedisUnavailableException>(() => redis.PingAsync(Ct));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restarted_server_is_found_again_and_known_to_be_empty()
    {
        await using var server = new RedisServer();
        await server.StartAsync();
        await using var world = await OpenAsync(new Started(server));
        await world.Publisher.PublishAsync(Atr(("AAPL", 1)), null, Ct);
        await server.KillAsync();
        await Assert.ThrowsAsync<RedisUnavailableException>(() => world.Redis.PingAsync(Ct));
        await server.StartAsync();
        await RetryUntilAnsweredAsync(world.Redis);
        Assert.Null(await world.Reader.DerivedAsync(Family.Atr, Ct));
        Assert.Equal(1, (await world.Publisher.PublishAsync(Atr(("AAPL", 1)), null, Ct)).Written);
    }

    [Fact]
    public async Task A_full_server_is_one_clear_error_and_keeps_the_old_values()
    {
        await using var server = new RedisServer();
        await server.StartAsync();
        await using var world = await OpenAsync(new Started(server));
        var old = Of(Family.Rvol, Symbols(500).Select(s => Rvol(s, 1)));
        await world.Publisher.PublishAsync(old, null, Ct);
        await world.Db.ExecuteAsync("CONFIG", "SET", "maxmemory", "1mb");
        var error = await Assert.ThrowsAsync<RedisRefusedException>(() => world.Publisher.PublishAsync(Of(Family.Rvol, Symbols(500).Select(s => Rvol(s, 2)), fingerprint: "new"), null, Ct));
        Assert.Contains("no memory left: it has reached its limit, maxmemory 1.00M; the old values are kept", error.Message, StringComparison.Ordinal);
        Assert.Empty(await world.Reader.CompareAsync(old, null, new Random(1), Ct));
        Assert.Equal("0123456789abcdef", (await world.Reader.DerivedAsync(Family.Rvol, Ct))!.Fingerprint);
    }

    [Fact]
    public async Task A_server_full_from_the_start_is_told_by_its_limit_and_reading_goes_on()
    {
        await using var server = new RedisServer();
        await server.StartAsync("--maxmemory", "1kb");
        await using var redis = await RedisConnection.OpenAsync(server.Options(), Ct);
        var keys = new Keys(server.Options());
        var fence = new Fence(redis, keys);
        var error = await Assert.ThrowsAsync<RedisRefusedException>(() => fence.RaiseAsync(7, Ct));
        Assert.Contains("no memory left: it has reached its limit, maxmemory 1.00K; the old values are kept. Raise maxmemory or make room", error.Message, StringComparison.Ordinal);

        await fence.BeginAsync(7, mayBeAway: false, Ct);
        Assert.Null(await new Reader(redis, keys).DerivedAsync(Family.Atr, Ct));
        Assert.True((await Assert.ThrowsAsync<RedisRefusedException>(() => fence.WriteAsync(t => [t.StringSetAsync("a", "b")], Ct))).IsFull);
        await redis.Database.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        await fence.WriteAsync(t => [t.StringSetAsync("a", "b")], Ct);
        Assert.Equal(7, await redis.Database.StringGetAsync(keys.Fence));
    }

    [Fact]
    public async Task A_replica_from_the_start_is_told_at_once_with_what_to_do()
    {
        await using var server = new RedisServer();
        await server.StartAsync("--replicaof", "127.0.0.1 1");
        await using var redis = await RedisConnection.OpenAsync(server.Options(), Ct);
        var error = await Assert.ThrowsAsync<RedisRefusedException>(() => new Fence(redis, new(server.Options())).BeginAsync(7, mayBeAway: true, Ct).WaitAsync(TimeSpan.FromSeconds(10), Ct));
        Assert.Equal($"Redis at {server.Address} is a read-only replica (READONLY); point Redis:ConnectionString at its primary", error.Message);
    }

    [Fact]
    public async Task A_wrong_password_is_told_with_the_patience_of_a_service_too()
    {
        await using var server = new RedisServer();
        await server.StartAsync("--requirepass", "right");
        await using var redis = await RedisConnection.OpenAsync(server.Options() with { Password = "wrong" }, Ct);
        await UntilRefusedAsync(redis);
        var error = await Assert.ThrowsAsync<RedisUnavailableException>(() => new Fence(redis, new(server.Options())).BeginAsync(7, mayBeAway: true, Ct));
        Assert.Contains("refuses the password", error.Message, StringComparison.Ordinal);
    }

    /// <summary>On a busy machine the first attempt to connect may still be under way.</summary>
    private static async Task UntilRefusedAsync(RedisConnection redis)
    {
        for (var attempt = 0; attempt < 20; attempt++)
            if ((await Assert.ThrowsAsync<RedisUnavailableException>(() => redis.PingAsync(Ct))).LocksOut) return;
    }

    private static async Task RetryUntilAnsweredAsync(RedisConnection redis)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await redis.PingAsync(Ct);
                return;
            }
            catch (RedisUnavailableException) when (attempt < 100)
            {
                await Task.Delay(100, Ct);
            }
        }
    }

    private sealed class Started(RedisServer server) : IServerUnderTest
    {
        public RedisOptions Options() => server.Options();
    }
}
