using DataMaintenance.Store;

namespace DataMaintenance.Tests.Pipeline.Checks;

/// <summary>A clean simulated market raises no alarm: half days, listings, delistings and splits included.</summary>
public class SimulatedMarketTests
{
    [Fact]
    public async Task A_first_load_and_the_nights_after_it_raise_no_alarm()
    {
        await using var world = await World.StartAsync(600);
        Assert.True((await world.RunAsync(World.Friday)).Success);
        for (var session = World.Monday; session <= new DateOnly(2025, 12, 3); session = world.Wiring.Calendar.NextSession(session))
        {
            await world.MoveAsync(session);
            var run = await world.RunAsync(session);
            Assert.True(run.Success, run.Failures());
        }

        await RaisedNoAlarmAsync(world);
    }

    /// <summary>Full size, thirty sessions of bars and ten of slots, then three nights; run with <c>-explicit only</c>.</summary>
    [Fact(Explicit = true)]
    public async Task A_full_size_market_raises_no_alarm()
    {
        await using var world = await World.StartAsync(12_000, ("Store:MemoryMegabytes", "512"));
        for (var session = World.Friday; session <= new DateOnly(2025, 12, 3); session = world.Wiring.Calendar.NextSession(session))
        {
            await world.MoveAsync(session);
            var run = await world.RunAsync(session);
            Assert.True(run.Success, run.Failures());
        }

        await RaisedNoAlarmAsync(world);
    }

    /// <summary>That somebody has left can be known only after the list was asked: on a first load such a one is missed, and settled in the same run.</summary>
    private static async Task RaisedNoAlarmAsync(World world)
    {
        var ct = TestContext.Current.CancellationToken;
        var active = (await world.Wiring.Store.UniverseAsync(ct)).Where(u => u.IsActive).Select(u => u.Symbol).ToHashSet();
        var alarms = (await world.Wiring.Store.FindingsAsync(openOnly: false, 1_000, ct)).Where(f => f.State != FindingState.Healed || f.Rule != "set.missing" || active.Contains(f.Symbol!.Value));
        var told = string.Join("; ", alarms.Select(f => $"{f.Date:yyyy-MM-dd} {f.Rule} {f.Symbol}: {f.Value}, expected {f.Expectation}"));
        Assert.True(told.Length == 0, told);
    }
}
