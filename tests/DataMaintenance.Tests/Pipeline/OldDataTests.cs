using DataMaintenance.Pipeline;
using DataMaintenance.Store;

namespace DataMaintenance.Tests.Pipeline;

/// <summary>Rows that another service brought, and rows past their time.</summary>
public sealed class OldDataTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_brought_from_the_python_service_is_asked_of_the_provider_again()
    {
        await using var world = await World.StartAsync();
        var (store, then) = (world.Wiring.Store, world.Wiring.Clock.GetUtcNow());
        await store.SaveDailyAsync(World.Friday, [new(new("AAPL"), World.Friday, 1, 2, 1, 2, 3, null, null)], LegacyMigration.Source, then, final: false, Ct);
        await store.StageSlotsAsync([new(new("AAPL"), World.Friday, [new(70, 3, 3, null, null)])], LegacyMigration.Source, then, final: false, Ct);
        await store.PublishSlotsAsync(World.Friday, LegacyMigration.Source, then, final: false, Ct);

        var run = await world.RunAsync();
        Assert.True(run.Success, run.Failures());
        foreach (var dataset in Enum.GetValues<Dataset>())
        {
            var day = Assert.Single(await store.DayCoverageAsync(dataset, World.Friday, World.Friday, Ct));
            Assert.True(day.Final && day.Source != LegacyMigration.Source, $"{day}");
            Assert.DoesNotContain((await store.SymbolCoverageAsync(dataset, World.Friday, Ct)).Values, c => c.Source == LegacyMigration.Source);
        }
    }

    [Fact]
    public async Task Cleanup_drops_slots_past_their_retention_and_says_how_many_rows_there_were_before_and_after()
    {
        await using var world = await World.StartAsync();
        Assert.True((await world.RunAsync()).Success);
        var before = await world.CountAsync();
        var (store, old) = (world.Wiring.Store, new DateOnly(2025, 10, 1));
        await store.StageSlotsAsync([new(new("AAPL"), old, [new(70, 3, 3, null, null), new(71, 2, 5, null, null)])], "test", world.Wiring.Clock.GetUtcNow(), final: true, Ct);
        await store.PublishSlotsAsync(old, "test", world.Wiring.Clock.GetUtcNow(), final: true, Ct);

        var cleanup = (await world.Wiring.Runner.RunAsync(new(World.Monday, Plan.Cleanup, "test", null, false), Silent.Observer, Ct)).Of(TaskNames.CleanupOldData);
        Assert.Equal(TaskState.Completed, cleanup.State);
        Assert.Equal((2, 2), (cleanup.Counts["rows"], cleanup.Counts["rows_before"] - cleanup.Counts["rows_after"]));
        Assert.Equal(before, await world.CountAsync());
        var again = (await world.Wiring.Runner.RunAsync(new(World.Monday, Plan.Cleanup, "test", null, false), Silent.Observer, Ct)).Of(TaskNames.CleanupOldData);
        Assert.Equal(TaskState.Skipped, again.State);
    }
}
