using DataMaintenance.Pipeline;

namespace DataMaintenance.Tests.Pipeline;

/// <summary>A provider that misbehaves: complete in the end, or failed with the missing named; never completed while short.</summary>
public class FaultTests
{
    [Theory]
    [InlineData("429")]
    [InlineData("500")]
    [InlineData("cut")]
    public async Task A_tenth_of_the_replies_bad_ends_complete(string kind)
    {
        await using var world = await World.StartAsync();
        using var _ = await world.FaultAsync($$"""{"kind":"{{kind}}","rate":0.1}""");
        var run = await world.RunAsync();
        Assert.True(run.Success, run.Failures());
        Assert.True(world.Wiring.Source.Usage.Retries > 0);
    }

    [Fact]
    public async Task A_poisoned_symbol_is_named_and_the_task_fails_while_the_others_are_published()
    {
        await using var world = await World.StartAsync();
        using var _ = await world.FaultAsync("""{"kind":"poison","symbol":"AAPL","route":"range"}""");
        var run = await world.RunAsync();
        var slots = run.Of(TaskNames.LoadVolumeSlots);
        Assert.Equal(TaskState.Failed, slots.State);
        Assert.Contains("AAPL", slots.Error, StringComparison.Ordinal);
        Assert.True(await world.Wiring.Redis.Database.KeyExistsAsync("rvol:hist:avg:MSFT"));
        Assert.False(await world.Wiring.Redis.Database.KeyExistsAsync("maintenance:executed:2025-12-01"));

        using var cleared = await world.Control.DeleteAsync(new Uri("_control/faults", UriKind.Relative), TestContext.Current.CancellationToken);
        var before = RangeCalls(world);
        var healed = await world.RunAsync();
        Assert.True(healed.Success, healed.Failures());
        Assert.Equal(1, RangeCalls(world) - before);
        Assert.True(await world.Wiring.Redis.Database.KeyExistsAsync("rvol:hist:avg:AAPL"));
    }

    [Fact]
    public async Task A_provider_that_is_down_fails_the_loads_and_loses_nothing_that_was_there()
    {
        await using var world = await World.StartAsync();
        Assert.True((await world.RunAsync(World.Friday)).Success);
        using var _ = await world.FaultAsync("""{"kind":"500","rate":1}""");
        var run = await world.RunAsync();
        Assert.Equal(TaskState.Failed, run.Of(TaskNames.LoadOhlc).State);
        Assert.Equal(TaskState.Failed, run.Of(TaskNames.LoadVolumeSlots).State);
        Assert.Equal("2025-11-28", await world.Wiring.Redis.Database.HashGetAsync("atr:data:AAPL", "date"));
        Assert.True(await world.Wiring.Redis.Database.KeyExistsAsync("rvol:hist:avg:AAPL"));
    }

    [Theory]
    [InlineData("missing-day")]
    [InlineData("wrong-day")]
    [InlineData("half-missing")]
    public async Task Replies_that_cannot_be_whole_fail_the_slots_are_named_and_are_asked_for_again(string kind)
    {
        await using var healthy = await World.StartAsync();
        Assert.True((await healthy.RunAsync()).Success);
        await using var world = await World.StartAsync();
        using var _ = await world.FaultAsync($$"""{"kind":"{{kind}}","rate":0.4,"route":"range"}""");
        var run = await world.RunAsync();
        var slots = run.Of(TaskNames.LoadVolumeSlots);
        Assert.Equal(TaskState.Failed, slots.State);
        Assert.Contains(slots.Checks, c => c.Result == CheckResult.Failed && c.Text.Contains("asked for again", StringComparison.Ordinal));

        using var cleared = await world.Control.DeleteAsync(new Uri("_control/faults", UriKind.Relative), TestContext.Current.CancellationToken);
        var healed = await world.RunAsync();
        Assert.True(healed.Success, healed.Failures());
        if (kind == "missing-day") Assert.Equal(await healthy.CountAsync(), await world.CountAsync());
    }

    [Fact]
    public async Task Details_that_the_provider_suddenly_does_not_know_are_taken_for_a_fault_and_asked_for_again()
    {
        await using var world = await World.StartAsync();
        using var _ = await world.FaultAsync("""{"kind":"404","rate":1,"route":"ticker"}""");
        Assert.Equal(TaskState.Failed, (await world.RunAsync()).Of(TaskNames.EnrichMetadata).State);
        using var cleared = await world.Control.DeleteAsync(new Uri("_control/faults", UriKind.Relative), TestContext.Current.CancellationToken);
        var healed = await world.RunAsync();
        Assert.True(healed.Success, healed.Failures());
        Assert.Equal(40, healed.Of(TaskNames.EnrichMetadata).Counts["symbols"]);
    }

    private static long RangeCalls(World world) => world.Wiring.Source.Usage.Calls.Where(c => c.Key.Route.Contains("range", StringComparison.Ordinal)).Sum(c => c.Value);
}
