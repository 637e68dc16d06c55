using DataMaintenance.Pipeline;
using StackExchange.Redis;

namespace DataMaintenance.Tests.Pipeline;

/// <summary>Redis is away while sync_redis publishes beside other tasks, and back when its own turn comes.</summary>
public sealed class RedisAwayAheadTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_could_not_be_published_beside_other_tasks_is_published_by_the_task_itself()
    {
        await using var server = new RedisServer();
        await server.StartAsync();
        await using var world = await World.StartAsync(60, ("Redis:Kind", "Server"), ("Redis:ConnectionString", server.Options().ConnectionString!), ("Redis:RetryFor", "00:00:03"));
        var night = await world.RunAsync();
        Assert.True(night.Success, night.Failures());

        var run = await world.Wiring.Runner.RunAsync(new(World.Monday, Plan.Nightly, "test", Force: true), new Outage(server), Ct);
        Assert.Contains(run.Tasks, t => t.Task == TaskNames.CalculateRvol && t.State == TaskState.Failed);
        var sync = run.Tasks.Single(t => t.Task == TaskNames.SyncRedis);
        Assert.True(sync.State == TaskState.Completed, sync.Error);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(server.Address);
        foreach (var key in new[] { "ticker:universe", "ticker:metadata:AAPL", "atr:data:AAPL", "rvol:hist:avg:AAPL" }) Assert.True(await redis.GetDatabase().KeyExistsAsync(key), key);
    }

    /// <summary>Kills the server as the universe is looked for, and starts it again as the last task begins.</summary>
    private sealed class Outage(RedisServer server) : IRunObserver
    {
        public void RunStarted(RunStarted run)
        {
        }

        public void TaskStarted(TaskStarted task)
        {
            if (task.Task == TaskNames.AutoRecover) server.KillAsync().GetAwaiter().GetResult();
            if (task.Task == TaskNames.SyncRedis) server.StartAsync().GetAwaiter().GetResult();
        }

        public void Progress(TaskProgress progress)
        {
        }

        public void TaskEnded(TaskEnded task)
        {
        }

        public void RunEnded(RunResult result)
        {
        }
    }
}
