using DataMaintenance.Pipeline;
using DataMaintenance.Pipeline.Checks;
using DataMaintenance.Store;
using DataMaintenance.Tests.Pipeline;
using DataMaintenance.Tests.Pipeline.Checks;
using Market;

namespace DataMaintenance.Tests.Reconciling;

/// <summary>Rows that were healed are looked at like rows that were loaded: they settle what stood against the old ones, and are found odd where they are.</summary>
public class LookAgainTests
{
    private static readonly Symbol Big = new("XJL");
    private static readonly DateOnly Monday = ChecksWorld.Monday;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bar_that_was_found_odd_and_is_told_right_later_settles_it_and_its_values_follow()
    {
        await using var world = await ChecksWorld.StartAsync();
        world.Market.Bars[Monday] = bars => bars.Select(Spiked);
        await world.NightAsync(Monday);
        Assert.Equal(["bar.spike XJL", "slots.extremes XJL"], await world.FoundAsync());
        world.Market.Bars.Clear();
        var run = await world.NightAsync(Monday, tasks: [TaskNames.ReconcileSessions, TaskNames.CalculateAtr]);
        Assert.Empty(await world.FoundAsync());
        Assert.Equal(TaskNames.ReconcileSessions, Assert.Single(await world.Wiring.Store.FindingsAsync(openOnly: false, 10, Ct), f => f.Rule == "bar.spike").ClosedBy);
        Assert.Contains("settled by the rows as they are now: bar.spike of XJL 2025-12-01", string.Join('\n', run.Of(TaskNames.ReconcileSessions).Checks), StringComparison.Ordinal);
        Assert.Equal("2025-12-01", await world.Wiring.Redis.Database.HashGetAsync("atr:data:XJL", "date"));
    }

    [Fact]
    public async Task A_bar_that_is_told_oddly_later_is_found_and_holds_its_values_back()
    {
        await using var world = await ChecksWorld.StartAsync();
        await world.NightAsync(Monday);
        var before = await AtrAsync(world);
        world.Market.Bars[Monday] = bars => bars.Select(Spiked);
        var run = await world.NightAsync(Monday, tasks: [TaskNames.ReconcileSessions, TaskNames.CalculateAtr]);
        Assert.Equal(["bar.spike XJL", "slots.extremes XJL"], await world.FoundAsync());
        Assert.Contains("odd in the rows as they are now: bar.spike of XJL 2025-12-01", string.Join('\n', run.Of(TaskNames.ReconcileSessions).Checks), StringComparison.Ordinal);
        Assert.Equal(before, await AtrAsync(world));
    }

    [Fact]
    public async Task A_daily_volume_told_right_later_settles_what_was_found_of_its_slots()
    {
        await using var world = await ChecksWorld.StartAsync();
        world.Market.Bars[Monday] = bars => bars.Select(b => b.Symbol == Big ? b with { Volume = b.Volume * 2 } : b);
        await world.NightAsync(Monday);
        Assert.Equal(["slots.share XJL"], await world.FoundAsync());
        world.Market.Bars.Clear();
        await world.NightAsync(Monday, tasks: [TaskNames.ReconcileSessions]);
        Assert.Empty(await world.FoundAsync());
    }

    [Fact]
    public async Task Slots_that_a_file_published_later_tells_right_settle_what_was_found_of_them()
    {
        await using var world = await RevisedWorld.StartAsync(Monday, revised: 0);
        Assert.True((await world.NightAsync(Monday)).Success);
        var busiest = (await world.Store.ReadDailyAsync(Monday, Monday, null, Ct).ToListAsync(Ct)).MaxBy(b => b.Volume).Symbol;
        var slots = Assert.Single(await world.Store.ReadSlotsAsync(Monday, [busiest], Ct).ToListAsync(Ct));
        Slot[] half = [.. slots.Slots.Select(s => s with { Volume = s.Volume / 2, Accumulated = s.Accumulated / 2 })];
        var at = world.Clock.GetUtcNow();
        await world.Store.HealSlotsAsync(new(Monday, [slots with { Slots = half }], "massive:range", at, [], new(Dataset.Slots, Monday, "older", "older", 1, at, at)), Ct);
        await SlotChecks.AgainAsync(world.Store, world.Wiring.Calendar, Monday, SlotGrid.Extended, "test", at, Ct);
        Assert.Contains(await OpenAsync(), f => f.Rule == "slots.share" && f.Symbol == busiest);
        var run = await world.ReconcileAsync(Monday.AddDays(1), Monday);
        Assert.True(run.Success, run.Failures());
        Assert.Equal(slots.Slots.Select(s => s.Volume), Assert.Single(await world.Store.ReadSlotsAsync(Monday, [busiest], Ct).ToListAsync(Ct)).Slots.Select(s => s.Volume));
        Assert.DoesNotContain(await OpenAsync(), f => f.Rule == "slots.share");

        async Task<IReadOnlyList<Finding>> OpenAsync() => await world.Store.OpenFindingsAsync(Rules.Slots, Monday, Monday, Ct);
    }

    private static DailyBar Spiked(DailyBar bar) => bar.Symbol == Big ? bar with { High = 5 * bar.High } : bar;

    private static async Task<string> AtrAsync(ChecksWorld world) => string.Join(' ', (await world.Wiring.Redis.Database.HashGetAllAsync("atr:data:XJL")).Select(e => e.ToString()).Order(StringComparer.Ordinal));
}
