using DataMaintenance.Values;
using StackExchange.Redis;

namespace DataMaintenance.Tests.Pipeline;

/// <summary>What others delete while it is written is not taken for what should be there.</summary>
public sealed class RedisLossesTests(RedisServer server) : IClassFixture<RedisServer>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keys_deleted_while_they_are_put_back_are_missed_at_the_next_look()
    {
        await using var world = await World.StartAsync(60, ("Redis:Kind", "Server"), ("Redis:ConnectionString", server.Options().ConnectionString!));
        var night = await world.RunAsync();
        Assert.True(night.Success, night.Failures());
        await using var redis = await ConnectionMultiplexer.ConnectAsync(server.Address + ",allowAdmin=true");
        var (db, watch) = (redis.GetDatabase(), world.Wiring.RedisWatch);
        Assert.Empty(await watch.LookAsync(Ct));
        var keys = await redis.GetServers()[0].KeysAsync(pattern: "atr:data:*").ToArrayAsync(Ct);
        Assert.Equal(keys.Length, (await world.Wiring.Cache.DerivedAsync(Family.Atr, Ct))!.Count);
        await db.KeyDeleteAsync(keys);

        var seen = await watch.FindAsync(Ct);
        var rebuilding = watch.RebuildAsync(seen, Ct);
        do await db.KeyDeleteAsync(keys);
        while (!rebuilding.IsCompleted);
        await rebuilding;
        await db.KeyDeleteAsync(keys);

        Assert.StartsWith("atr: ", Assert.Single(await watch.LookAsync(Ct)), StringComparison.Ordinal);
        Assert.Equal(keys.Length, await db.KeyExistsAsync(keys));
        Assert.Empty(watch.Lacking);
    }
}
