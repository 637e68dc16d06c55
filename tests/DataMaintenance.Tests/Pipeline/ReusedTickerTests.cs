using DataMaintenance.Pipeline;
using DataMaintenance.Values;
using Market;
using Simulator;
using Simulator.World;

namespace DataMaintenance.Tests.Pipeline;

/// <summary>A ticker that another company takes on, and a company that goes on under another ticker, through whole nights.</summary>
public class ReusedTickerTests
{
    private static readonly Symbol Reused = new("INTC"), Left = new("PFE"), Next = new("PFEX");
    private static readonly DateOnly Taken = new(2025, 11, 17), FormerSplit = new(2025, 10, 27), NewSplit = new(2025, 11, 21);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_the_first_night_the_bars_and_splits_of_the_former_bearer_are_no_inputs()
    {
        await using var world = await World.StartAsync(Options(
            [new(Reused.Text, new(2025, 11, 3), Reused: Taken), new(Left.Text, new(2025, 11, 10), NextTicker: Next.Text)],
            new(Reused, FormerSplit, 1, 4), new(Reused, NewSplit, 1, 2)));
        var run = await world.RunAsync();
        Assert.True(run.Success, run.Failures());

        var boundary = Assert.Single(await world.Wiring.Store.BoundariesAsync(Ct));
        Assert.Equal(new(Reused, Taken), boundary.Boundary);
        Assert.Contains("delisted on 2025-11-03", boundary.Evidence, StringComparison.Ordinal);
        Assert.Contains(run.Of(TaskNames.AutoRecover).Checks, c => c.Text.Contains("INTC from 2025-11-17", StringComparison.Ordinal));

        var why = await world.Wiring.Values.ExplainAsync(Reused, World.Monday, null, Ct);
        Assert.Equal(Taken, why.Bars[0].Raw.Date);
        Assert.Equal(10, why.Bars.Count);
        Assert.Null(why.Atr);
        Assert.Equal(why.Bars.TakeLast(5).Average(b => b.Adjusted.Volume), why.AverageVolume!.Days5!.Value, 3);
        Assert.Equal(new[] { 0.5, 0.5, 0.5, 0.5, 1, 1, 1, 1, 1, 1 }, why.Bars.Select(b => b.PriceFactor));
        Assert.Equal([new Split(Reused, NewSplit, 1, 2)], why.Splits);
        Assert.False(await world.Wiring.Redis.Database.KeyExistsAsync("atr:data:INTC"));
        Assert.True(await world.Wiring.Redis.Database.KeyExistsAsync("rvol:hist:avg:INTC"));

        // The former bearer's bars are there, on the basis of its own split alone, also in the view that other programs read.
        var inputs = await Inputs.OpenAsync(world.Wiring.Store, world.Wiring.Calendar, World.Monday, null, Ct);
        var adjustment = inputs.AdjustmentOf(Reused);
        Assert.Equal((0.25, 1.0, 0.5), (adjustment.PriceFactor(FormerSplit.AddDays(-3)), adjustment.PriceFactor(FormerSplit), adjustment.PriceFactor(Taken)));

        // The renamed company begins anew under its ticker, and is nobody else.
        var renamed = await world.Wiring.Values.ExplainAsync(Next, World.Monday, null, Ct);
        Assert.Equal(new DateOnly(2025, 11, 10), renamed.Bars[0].Raw.Date);
        Assert.DoesNotContain(await world.Wiring.Store.FindingsAsync(openOnly: true, 1_000, Ct), f => f.Dataset == "splits" && f.Symbol == Next);
    }

    [Fact]
    public async Task A_ticker_reused_while_the_service_watches_starts_with_nothing_of_the_former_bearer()
    {
        await using var world = await World.StartAsync(Options([new(Reused.Text, new(2025, 12, 3), Reused: new(2025, 12, 10))]));
        Assert.True((await world.RunAsync()).Success);
        var former = Assert.Single(await world.Wiring.Store.MetadataAsync([Reused], Ct));
        foreach (var session in world.Wiring.Calendar.Sessions(new(2025, 12, 2), new(2025, 12, 10)))
        {
            await world.MoveAsync(session);
            var run = await world.RunAsync(session);
            Assert.True(run.Success, run.Failures());
        }

        var boundary = Assert.Single(await world.Wiring.Store.BoundariesAsync(Ct));
        Assert.Equal(new(Reused, new(2025, 12, 10)), boundary.Boundary);
        var present = Assert.Single(await world.Wiring.Store.MetadataAsync([Reused], Ct));
        Assert.NotEqual(former.CompositeFigi, present.CompositeFigi);
        Assert.NotEqual(former.Name, present.Name);
        Assert.NotEqual(former.ListDate ?? new(1990, 1, 1), present.ListDate);
        var why = await world.Wiring.Values.ExplainAsync(Reused, new(2025, 12, 10), null, Ct);
        Assert.Single(why.Bars);
        Assert.False(await world.Wiring.Redis.Database.KeyExistsAsync("atr:data:INTC"));
        // The night after finds nothing new, and forgets nothing.
        await world.MoveAsync(new(2025, 12, 11));
        Assert.True((await world.RunAsync(new(2025, 12, 11))).Success);
        Assert.Single(await world.Wiring.Store.BoundariesAsync(Ct));
        Assert.Equal(present.Description, Assert.Single(await world.Wiring.Store.MetadataAsync([Reused], Ct)).Description);
        Assert.NotNull(present.Description);
        Assert.True((await world.Wiring.Values.ExplainAsync(Reused, new(2025, 12, 1), null, Ct)).Atr is not null, "as of the former bearer's time its own values stand");
    }

    private static SimulatorOptions Options(TickerChange[] changes, params Split[] splits) => new() { Symbols = 150, TickerChanges = changes, Splits = splits };
}
