using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace DataMaintenance.Tests.Api;

/// <summary>What is answered, and how soon, while Redis is away or frozen.</summary>
[Collection(nameof(House.Alone))]
public sealed class OutageTests
{
    /// <summary>The promise is two seconds; a busy machine of several test classes may take some more. Unbounded it was 15 and more.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(6);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Health_verify_and_doctor_say_at_once_that_redis_does_not_answer(bool frozen)
    {
        await using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var service = await Service.EmptyAsync(("Redis:Kind", "Server"), ("Redis:ConnectionString", redis.Options().ConnectionString!));
        Assert.Equal("connected", (await service.GetAsync("/health"))["redis"]!.GetValue<string>());
        if (frozen) redis.Freeze();
        else await redis.KillAsync();

        var health = await AskAsync(service, "/health", HttpStatusCode.ServiceUnavailable);
        Assert.Equal(("unhealthy", "connected"), (health["status"]!.GetValue<string>(), health["timescaledb"]!.GetValue<string>()));
        Assert.StartsWith("disconnected: ", health["redis"]!.GetValue<string>(), StringComparison.Ordinal);

        var verify = await AskAsync(service, "/api/verify", HttpStatusCode.ServiceUnavailable);
        // The address stands in a connection string, which is blotted out as a secret.
        Assert.Matches("^Redis at .* does not answer: ", verify["detail"]!.GetValue<string>());

        var doctor = await AskAsync(service, "/api/doctor", HttpStatusCode.OK);
        var checks = doctor["checks"]!.AsArray().ToDictionary(c => c!["what"]!.GetValue<string>(), c => c!);
        Assert.False(doctor["healthy"]!.GetValue<bool>());
        Assert.Equal((true, false, false), (Ok("store"), Ok("redis"), Ok("redis families")));
        Assert.Equal("not looked at, since Redis does not answer", checks["redis families"]["said"]!.GetValue<string>());

        bool Ok(string what) => checks[what]["ok"]!.GetValue<bool>();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Readers_are_answered_from_the_store_at_once_where_redis_is_not(bool frozen)
    {
        await using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var service = await Service.EmptyAsync(("Redis:Kind", "Server"), ("Redis:ConnectionString", redis.Options().ConnectionString!));
        Assert.True((await service.World.RunAsync()).Success);
        var before = await AskAsync(service, "/api/metadata/AAPL", HttpStatusCode.OK);
        if (frozen) redis.Freeze();
        else await redis.KillAsync();
        Assert.Equal(before.ToJsonString(), (await AskAsync(service, "/api/metadata/AAPL", HttpStatusCode.OK)).ToJsonString());
        Assert.Equal(2, (await AskAsync(service, "/api/metadata/bulk?symbols=AAPL,MSFT", HttpStatusCode.OK))["count"]!.GetValue<int>());
        foreach (var family in new[] { "atr", "rvol" }) Assert.Equal("AAPL", (await AskAsync(service, $"/api/{family}/AAPL", HttpStatusCode.OK))["symbol"]!.GetValue<string>());
    }

    private static async Task<JsonNode> AskAsync(Service service, string path, HttpStatusCode expected)
    {
        var began = Stopwatch.GetTimestamp();
        using var reply = await service.Http.GetAsync(new Uri(path, UriKind.Relative), Ct);
        var text = await reply.Content.ReadAsStringAsync(Ct);
        Assert.True(reply.StatusCode == expected, $"{path}: {(int)reply.StatusCode} {text}");
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, Soon);
        return JsonNode.Parse(text)!;
    }
}
