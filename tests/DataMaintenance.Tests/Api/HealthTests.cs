using System.Net;
using System.Text.Json.Nodes;
using DataMaintenance.Api;

namespace DataMaintenance.Tests.Api;

/// <summary><c>GET /health</c> as probes read it: the code tells, the fields stay.</summary>
public sealed class HealthTests
{
    /// <summary>Fields that existing probes and orchestrators read, in the contract's order.</summary>
    private static readonly string[] Contract = ["status", "service", "version", "timestamp", "redis", "timescaledb", "last_maintenance", "scheduler_running", "schedule"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_turns_503_with_the_same_fields_when_redis_stops_and_200_when_it_is_back()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync();
        await using var service = await Service.EmptyAsync(("Redis:Kind", "Server"), ("Redis:ConnectionString", redis.Options().ConnectionString!));
        await TurnsAsync(service, "redis", redis.KillAsync, () => redis.StartAsync());
    }

    [Fact]
    public async Task It_turns_503_with_the_same_fields_when_the_database_stops_and_200_when_it_is_back()
    {
        await using var server = await PostgresServer.StartOwnAsync();
        await using var service = await Service.EmptyAsync(("Store:Kind", "Postgres"), ("Store:ConnectionString", server.ConnectionString));
        await TurnsAsync(service, "timescaledb", server.StopAsync, server.StartAgainAsync);
    }

    [Fact]
    public async Task Embedded_parts_are_told_under_the_same_names()
    {
        await using var service = await Service.EmptyAsync();
        var (status, health) = await AskAsync(service);
        Assert.Equal((HttpStatusCode.OK, "healthy", "data_maintenance", "connected", "connected"),
            (status, health["status"]!.GetValue<string>(), health["service"]!.GetValue<string>(), health["redis"]!.GetValue<string>(), health["timescaledb"]!.GetValue<string>()));
        Assert.Contains("DuckDB", health["store"]!.GetValue<string>(), StringComparison.Ordinal);
        foreach (var path in new[] { "/health", "/health/live", "/status", "/" })
        {
            using var head = new HttpRequestMessage(HttpMethod.Head, new Uri(path, UriKind.Relative));
            using var reply = await service.Http.SendAsync(head, Ct);
            Assert.Equal((path, HttpStatusCode.OK, ""), (path, reply.StatusCode, await reply.Content.ReadAsStringAsync(Ct)));
        }

        Assert.Equal("no_maintenance_run_yet", (await service.GetAsync("/status"))["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_process_that_starts_says_that_it_lives_and_is_not_healthy_yet()
    {
        await using var ready = await Service.EmptyAsync();
        await using var listener = await Listener.StartAsync(new() { Urls = "http://127.0.0.1:0" }, new Between(new(), TimeProvider.System).AnswerAsync, Ct);
        using var http = new HttpClient { BaseAddress = listener.Url };
        using var live = await http.GetAsync(new Uri("/health/live", UriKind.Relative), Ct);
        Assert.Equal((HttpStatusCode.OK, """{"status":"alive"}"""), (live.StatusCode, await live.Content.ReadAsStringAsync(Ct)));
        using var reply = await http.GetAsync(new Uri("/health", UriKind.Relative), Ct);
        var health = JsonNode.Parse(await reply.Content.ReadAsStringAsync(Ct))!.AsObject();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unhealthy", "starting"), (reply.StatusCode, health["status"]!.GetValue<string>(), health["role"]!.GetValue<string>()));
        Assert.Equal((await AskAsync(ready)).Item2.Select(f => f.Key), health.Select(f => f.Key));
        using var other = await http.GetAsync(new Uri("/status", UriKind.Relative), Ct);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "application/problem+json"), (other.StatusCode, other.Content.Headers.ContentType!.MediaType));
    }

    private static async Task TurnsAsync(Service service, string part, Func<Task> stop, Func<Task> start)
    {
        var (status, well) = await AskAsync(service);
        Assert.Equal((HttpStatusCode.OK, "healthy", "connected"), (status, well["status"]!.GetValue<string>(), well[part]!.GetValue<string>()));
        Assert.Equal(Contract, well.Select(f => f.Key).Where(Contract.Contains));
        await stop();
        (status, var ill) = await AskAsync(service);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unhealthy"), (status, ill["status"]!.GetValue<string>()));
        Assert.StartsWith("disconnected: ", ill[part]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(well.Select(f => f.Key), ill.Select(f => f.Key));
        Assert.Equal("alive", (await service.GetAsync("/health/live"))["status"]!.GetValue<string>());
        await start();
        for (var attempt = 0; (await AskAsync(service)).Status != HttpStatusCode.OK; attempt++)
        {
            Assert.True(attempt < 100, $"{part} is back, and health does not see it");
            await Task.Delay(100, Ct);
        }
    }

    private static async Task<(HttpStatusCode Status, JsonObject Json)> AskAsync(Service service)
    {
        using var reply = await service.Http.GetAsync(new Uri("/health", UriKind.Relative), Ct);
        return (reply.StatusCode, JsonNode.Parse(await reply.Content.ReadAsStringAsync(Ct))!.AsObject());
    }
}
