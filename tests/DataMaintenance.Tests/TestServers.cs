using DataMaintenance.Tests.Store;

namespace DataMaintenance.Tests;

/// <summary>
/// With <c>DATA_MAINTENANCE_TEST_STORE=servers</c> the tests of nights, faults, heals and recorded data run over a PostgreSQL database and a redis-server of
/// their own, a pair for each test, instead of the embedded parts.
/// </summary>
internal sealed class TestServers : IAsyncDisposable
{
    private readonly PostgresTestStore store = new();
    private readonly RedisServer redis = new();

    /// <summary>What points a service at them, under names with colons; empty where the embedded parts do.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; private set; } = new Dictionary<string, string>();

    public bool Used => Settings.Count > 0;

    public static async Task<TestServers> StartAsync()
    {
        var servers = new TestServers();
        if (Environment.GetEnvironmentVariable("DATA_MAINTENANCE_TEST_STORE") is not { Length: > 0 } asked) return servers;
        if (asked != "servers") throw new InvalidOperationException($"DATA_MAINTENANCE_TEST_STORE is '{asked}', expected 'servers' or nothing");
        await servers.store.CreateEmptyAsync();
        await servers.redis.StartAsync();
        servers.Settings = new Dictionary<string, string>
        {
            ["Store:Kind"] = "Postgres",
            ["Store:ConnectionString"] = servers.store.Options.ConnectionString!,
            ["Store:Schema"] = servers.store.Options.Schema,
            ["Redis:Kind"] = "Server",
            ["Redis:ConnectionString"] = servers.redis.Options().ConnectionString!,
        };
        return servers;
    }

    /// <summary>Changes the tables behind the service's back.</summary>
    public Task ExecuteAsync(string sql) => store.ExecuteAsync(sql);

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await redis.DisposeAsync();
    }
}
