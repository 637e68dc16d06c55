using DataMaintenance.Pipeline;
using DataMaintenance.Store;

namespace DataMaintenance.Tests.Pipeline;

/// <summary>The first nights after a universe was brought from elsewhere.</summary>
public sealed class BroughtUniverseTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_list_of_hundreds_against_two_symbols_brought_from_elsewhere_is_a_warning_and_no_failure()
    {
        await using var world = await World.StartAsync(150);
        UniverseEntry Brought(string symbol) => new(new(symbol), true, "CS", "XNAS", World.Friday, World.Friday, null);
        await world.Wiring.Store.SaveUniverseAsync([Brought("AAPL"), Brought("MSFT")], Ct);
        var task = (await world.RunAsync(World.Monday, false, TaskNames.LoadOhlc, TaskNames.AutoRecover)).Of(TaskNames.AutoRecover);
        Assert.True(task.State.IsSuccess(), task.Error);
        Assert.Contains(task.Checks, c => c.ToString().StartsWith("warning", StringComparison.OrdinalIgnoreCase) && c.ToString().Contains("are new against 2 active ones", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_list_that_grows_by_a_third_over_a_universe_of_our_own_fails()
    {
        await using var world = await World.StartAsync(150);
        await world.RunAsync(World.Monday, false, TaskNames.LoadOhlc, TaskNames.AutoRecover);
        var lost = (await world.Wiring.Store.UniverseAsync(Ct)).Where(e => e.IsActive).Take(40).Select(e => $"'{e.Symbol}'");
        await world.ExecuteAsync($"DELETE FROM ticker_universe WHERE symbol IN ({string.Join(", ", lost)})");
        var task = (await world.RunAsync(World.Monday, true, TaskNames.AutoRecover)).Of(TaskNames.AutoRecover);
        Assert.Equal(TaskState.Failed, task.State);
        Assert.Contains("40 symbols are new against", task.Error!, StringComparison.Ordinal);
    }
}
