using DataMaintenance.Cache;
using DataMaintenance.Values;
using Market;
using static DataMaintenance.Tests.Cache.CacheWorld;

namespace DataMaintenance.Tests.Cache;

public sealed class FenceEmbeddedTests(Embedded server) : FenceTests(server), IClassFixture<Embedded>;
public sealed class FenceServerTests(Server server) : FenceTests(server), IClassFixture<Server>;

/// <summary>Only the leader writes.</summary>
public abstract class FenceTests(IServerUnderTest server)
{
    [Fact]
    public async Task An_instance_that_lost_the_lead_changes_nothing()
    {
        await using var old = await OpenAsync(server, epoch: 1);
        await old.Publisher.PublishAsync(Atr(("AAPL", 1)), null, Ct);
        await using var leader = await OpenAsync(server, epoch: 2, empty: false);
        await leader.Publisher.PublishAsync(Atr(("AAPL", 2)), null, Ct);

        await Assert.ThrowsAsync<FencedException>(() => old.Publisher.PublishAsync(Atr(("AAPL", 3), ("MSFT", 3)), new HashSet<Symbol>(), Ct));
        await Assert.ThrowsAsync<FencedException>(() => old.Publisher.PublishAsync(Universe("AAPL"), null, Ct));
        await Assert.ThrowsAsync<FencedException>(() => old.State.MarkExecutedAsync(Session, Ct));
        Assert.Equal("2", await leader.Db.HashGetAsync("atr:data:AAPL", "atr"));
        Assert.Equal(["atr:data:AAPL", "maintenance:derived", "maintenance:fence"], (await leader.AllKeysAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_fence_never_goes_down()
    {
        await using var world = await OpenAsync(server, epoch: 5);
        await world.Fence.RaiseAsync(5, Ct);
        await world.Fence.RaiseAsync(6, Ct);
        var refused = await Assert.ThrowsAsync<FencedException>(() => world.Fence.RaiseAsync(5, Ct));
        Assert.Contains("epoch 6", refused.Message, StringComparison.Ordinal);
        Assert.Equal("6", await world.Db.StringGetAsync("maintenance:fence"));
    }

    [Fact]
    public async Task Of_many_that_raise_at_once_the_highest_stays()
    {
        await using var world = await OpenAsync(server);
        await Task.WhenAll(Enumerable.Range(2, 20).Select(async epoch =>
        {
            try
            {
                await new Fence(world.Redis, world.Keys).RaiseAsync(epoch, Ct);
            }
            catch (FencedException)
            {
                // A higher one was there first.
            }
        }));
        Assert.Equal("21", await world.Db.StringGetAsync("maintenance:fence"));
    }

    [Fact]
    public async Task After_a_flush_the_families_read_as_absent_and_the_leader_publishes_again()
    {
        await using var world = await OpenAsync(server, epoch: 3);
        await world.Publisher.PublishAsync(Atr(("AAPL", 1)), null, Ct);
        await world.Db.ExecuteAsync("FLUSHALL");
        Assert.Null(await world.Reader.DerivedAsync(Family.Atr, Ct));

        await world.Publisher.PublishAsync(Atr(("AAPL", 1)), null, Ct);
        Assert.Equal("3", await world.Db.StringGetAsync("maintenance:fence"));
        Assert.Equal("1", await world.Db.HashGetAsync("atr:data:AAPL", "atr"));
    }

    [Fact]
    public async Task Nothing_is_written_before_the_fence_is_raised()
    {
        await using var world = await OpenAsync(server);
        var unraised = new Publisher(world.Redis, world.Keys, new Fence(world.Redis, world.Keys), world.Ttl, world.Reader, world.Clock);
        await Assert.ThrowsAsync<InvalidOperationException>(() => unraised.PublishAsync(Atr(("AAPL", 1)), null, Ct));
    }
}
