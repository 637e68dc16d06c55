using System.Text.Json.Nodes;
using StackExchange.Redis;

namespace DataMaintenance.Tests.Schedule;

public sealed class SessionMonitorTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_session_is_published_at_start_and_every_change_is_told_once_also_after_a_jump_and_a_flush()
    {
        await using var world = await ScheduledWorld.StartAsync("2025-12-02T08:59:59Z");
        var told = new List<string>();
        var arrived = new SemaphoreSlim(0);
        await world.Wiring.Redis.Subscriber.SubscribeAsync(RedisChannel.Literal("events:session:changed"), (_, message) =>
        {
            told.Add(message!);
            arrived.Release();
        });
        var monitor = world.Wiring.SessionMonitor;
        await monitor.StepAsync(Ct);
        Assert.Equal("""{"session":"CLOSED","trading_date":"2025-12-02","since":"2025-12-02T01:00:00Z","next":"PRE_MARKET","next_at":"2025-12-02T09:00:00Z"}""", await KeyAsync(world));

        world.At("2025-12-02T09:00:00Z");
        await monitor.StepAsync(Ct);
        await monitor.StepAsync(Ct);
        await arrived.WaitAsync(Ct);
        var first = JsonNode.Parse(Assert.Single(told))!;
        Assert.Equal(("session:changed", "PRE_MARKET", "CLOSED", "2025-12-02", "2025-12-02T09:00:00Z"),
            ((string)first["event_type"]!, (string)first["data"]!["new_session"]!, (string)first["data"]!["previous_session"]!, (string)first["data"]!["trading_date"]!, (string)first["timestamp"]!));

        // The machine slept over the open and the close.
        world.At("2025-12-02T22:00:00Z");
        await monitor.StepAsync(Ct);
        await arrived.WaitAsync(Ct);
        Assert.Contains("\"POST_MARKET\"", told[1], StringComparison.Ordinal);

        // A flush takes the key, not the knowledge: it is back without a message.
        await world.Wiring.Redis.Database.KeyDeleteAsync("market:session:current");
        world.At("2025-12-02T22:00:06Z");
        await monitor.StepAsync(Ct);
        Assert.Contains("POST_MARKET", await KeyAsync(world), StringComparison.Ordinal);
        Assert.Equal(2, told.Count);
    }

    private static async Task<string?> KeyAsync(ScheduledWorld world) => await world.Wiring.Redis.Database.StringGetAsync("market:session:current");
}
