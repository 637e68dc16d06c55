using DataMaintenance.Pipeline;
using DataMaintenance.Pipeline.Tasks;
using DataMaintenance.Store;

namespace DataMaintenance.Tests.Pipeline;

/// <summary>A loading task counts in the store what it claims to have written: a row that goes between its write and its check makes it fail.</summary>
public class CountedAfterwardsTests
{
    [Fact]
    public async Task A_bar_deleted_behind_load_ohlc_makes_it_fail()
    {
        await using var world = await World.StartAsync();
        var store = Saboteur.Behind(world.Wiring.Store, nameof(IStore.SaveDailyAsync), () => world.ExecuteAsync("DELETE FROM market_data_daily_raw WHERE date = '2025-12-01' AND symbol = 'AAPL'"));
        await FailsAsync(world, new LoadOhlc(world.Wiring.Source, store, world.Wiring.Calendar, Fresh(world, store), world.Bounds, world.Wiring.Settings.Checks, world.Wiring.Settings.Tasks, world.Wiring.Clock), "2025-12-01");
    }

    [Fact]
    public async Task A_slot_deleted_behind_load_volume_slots_makes_it_fail()
    {
        await using var world = await World.StartAsync();
        await world.RunAsync(tasks: [TaskNames.LoadOhlc, TaskNames.AutoRecover]);
        var store = Saboteur.Behind(world.Wiring.Store, nameof(IStore.PublishSlotsAsync), () => world.ExecuteAsync("DELETE FROM volume_slots_raw WHERE date = '2025-12-01' AND symbol = 'AAPL' AND slot_number = 70"));
        await FailsAsync(world, new LoadVolumeSlots(world.Wiring.Source, store, world.Wiring.Calendar, Fresh(world, store), world.Bounds, world.Wiring.Settings.Checks, world.Wiring.Settings.Tasks,
            world.Wiring.Settings.Values.Grid, world.Wiring.Clock), "2025-12-01");
    }

    [Fact]
    public async Task A_symbol_deleted_behind_auto_recover_makes_it_fail()
    {
        await using var world = await World.StartAsync();
        var store = Saboteur.Behind(world.Wiring.Store, nameof(IStore.SaveUniverseAsync), () => world.ExecuteAsync("DELETE FROM ticker_universe WHERE symbol = 'AAPL'"));
        await FailsAsync(world, new AutoRecoverMissingTickers(world.Wiring.Source, store, world.Wiring.Cache, world.Wiring.Calendar, world.Wiring.Settings.Checks, world.Wiring.Clock), "AAPL");
    }

    [Fact]
    public async Task A_split_deleted_behind_reconcile_splits_makes_it_fail()
    {
        await using var world = await World.StartAsync();
        await world.RunAsync(tasks: [TaskNames.LoadOhlc]);
        var store = Saboteur.Behind(world.Wiring.Store, nameof(IStore.SaveSplitsAsync), () => world.ExecuteAsync("DELETE FROM splits"));
        await FailsAsync(world, new ReconcileSplits(world.Wiring.Source, store, world.Wiring.Calendar, world.Wiring.Settings.Tasks, world.Wiring.Clock), "splits in force");
    }

    [Fact]
    public async Task Details_deleted_behind_enrich_metadata_make_it_fail()
    {
        await using var world = await World.StartAsync();
        await world.RunAsync(tasks: [TaskNames.LoadOhlc, TaskNames.AutoRecover]);
        var store = Saboteur.Behind(world.Wiring.Store, nameof(IStore.SaveMetadataAsync), () => world.ExecuteAsync("DELETE FROM ticker_metadata WHERE last_attempt_at IS NOT NULL"));
        await FailsAsync(world, new EnrichMetadata(world.Wiring.Source, store, world.Wiring.Cache, world.Wiring.Calendar, world.Wiring.Settings.Checks, world.Wiring.Settings.Tasks, world.Wiring.Clock), "details");
    }

    private static Freshness Fresh(World world, IStore store) => new(store, world.Wiring.Calendar, world.Wiring.Settings.Checks);

    private static async Task FailsAsync(World world, IMaintenanceTask task, string named)
    {
        var run = new RunContext(1, World.Monday, null, false, TimeSpan.FromHours(1), new HashSet<string>(), world.Wiring.Clock.GetUtcNow(), Silent.Observer);
        var report = await task.RunAsync(run, TestContext.Current.CancellationToken);
        Assert.Equal(TaskState.Failed, report.State);
        Assert.Contains(report.Checks, c => c.Result == CheckResult.Failed && c.Text.Contains(named, StringComparison.Ordinal));
    }
}
