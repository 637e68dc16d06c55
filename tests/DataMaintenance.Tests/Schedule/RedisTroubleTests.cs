using DataMaintenance.Pipeline;
using DataMaintenance.Store;
using StackExchange.Redis;

namespace DataMaintenance.Tests.Schedule;

/// <summary>A night whose Redis is away, or full: failed by name, old values kept, and gone on with inside its window.</summary>
public sealed class RedisTroubleTests
{
    private static readonly string[] Publishing = [TaskNames.CalculateAtr, TaskNames.CalculateRvol, TaskNames.SyncRedis];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_night_whose_redis_is_away_fails_by_name_and_is_gone_on_with_when_it_is_back()
    {
        await using var server = new RedisServer();
        await server.StartAsync();
        await using var world = await StartAsync(server);
        await server.KillAsync();
        world.At("2025-12-03T08:00:00Z");
        var retry = await world.SettleAsync();
        var failed = await FailedAsync(world, $"Redis at {server.Address} does not answer");
        Assert.Equal(DateTimeOffset.Parse("2025-12-03T08:01:00Z"), retry);

        await server.StartAsync();
        for (var look = 0; look < 100 && !world.Wiring.Redis.Database.Multiplexer.IsConnected; look++) await Task.Delay(50, Ct);
        await MadeGoodAsync(world, failed, retry);
    }

    [Fact]
    public async Task A_night_whose_redis_is_full_fails_by_name_keeps_the_old_values_and_is_gone_on_with_when_there_is_room()
    {
        await using var server = new RedisServer();
        await server.StartAsync();
        await using var world = await StartAsync(server);
        var redis = world.Wiring.Redis.Database;
        var old = await redis.HashGetAllAsync("rvol:hist:avg:AAPL");
        await redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "1kb");
        world.At("2025-12-03T08:00:00Z");
        var retry = await world.SettleAsync();
        var failed = await FailedAsync(world, "has no memory left: it has reached its limit, maxmemory 1.00K; the old values are kept");
        Assert.Equal("2025-12-01", await redis.HashGetAsync("atr:data:AAPL", "date"));
        Assert.Equal(old, await redis.HashGetAllAsync("rvol:hist:avg:AAPL"));
        Assert.False(await redis.KeyExistsAsync("maintenance:executed:2025-12-02"));

        await redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        await MadeGoodAsync(world, failed, retry);
    }

    private static async Task<ScheduledWorld> StartAsync(RedisServer server)
    {
        var world = await ScheduledWorld.StartAsync("2025-12-02T12:10:00Z", null, ("Redis:Kind", "Server"), ("Redis:ConnectionString", server.Options().ConnectionString! + ",allowAdmin=true"), ("Redis:RetryFor", "00:00:01"));
        await world.SettleAsync();
        return world;
    }

    /// <summary>The facts are there, what publishes has failed, and says why.</summary>
    private static async Task<RunRecord> FailedAsync(ScheduledWorld world, string why)
    {
        var run = await world.LastRunAsync();
        Assert.True(run is { Success: false, Full: true } && run.Date == new DateOnly(2025, 12, 2), run.ToString());
        var tasks = await world.Store.TaskRunsAsync(run.Id, Ct);
        foreach (var facts in new[] { TaskNames.LoadOhlc, TaskNames.LoadVolumeSlots }) Assert.Equal("completed", tasks.Single(t => t.Task == facts).State);
        foreach (var task in Publishing)
        {
            var failed = tasks.Single(t => t.Task == task);
            Assert.Equal("failed", failed.State);
            Assert.Contains(why, failed.Error, StringComparison.Ordinal);
        }

        return run;
    }

    /// <summary>The same run ends well at the instant at which it is tried again, with its facts as they were.</summary>
    private static async Task MadeGoodAsync(ScheduledWorld world, RunRecord failed, DateTimeOffset retry)
    {
        world.Clock.SetUtcNow(retry);
        await world.SettleAsync();
        Assert.True((await world.Store.FindRunAsync(failed.Id, Ct))!.Success);
        var tasks = await world.Store.TaskRunsAsync(failed.Id, Ct);
        Assert.Equal([1], tasks.Where(t => t.Task == TaskNames.LoadOhlc).Select(t => t.Attempt));
        foreach (var task in Publishing) Assert.Equal([1, 2], tasks.Where(t => t.Task == task).Select(t => t.Attempt));
        var redis = world.Wiring.Redis.Database;
        Assert.Equal("2025-12-02", await redis.HashGetAsync("atr:data:AAPL", "date"));
        Assert.Equal("1", await redis.StringGetAsync("maintenance:executed:2025-12-02"));
    }
}
