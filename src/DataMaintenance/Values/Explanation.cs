using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Values;

/// <summary>One symbol's values as of a session, with everything that went into them. A value that is absent has too few inputs; they are listed all the same.</summary>
/// <param name="AdjustTo">Splits executed on or before it adjust.</param>
/// <param name="Splits">The symbol's splits that adjust.</param>
/// <param name="Bars">The bars that ATR and average volumes may use, oldest first.</param>
/// <param name="Sessions">The sessions averaged into the RVOL baseline, oldest first.</param>
public sealed record Explanation(
    Symbol Symbol, DateOnly AsOf, DateOnly AdjustTo, IReadOnlyList<Split> Splits, IReadOnlyList<ExplainedBar> Bars, IReadOnlyList<ExplainedSession> Sessions,
    AtrValue? Atr, AverageVolumeValue? AverageVolume, RvolValue? Rvol);

/// <param name="Raw">As the provider sent it.</param>
/// <param name="Adjusted">On the split basis of the day adjusted to.</param>
/// <param name="PriceFactor">From one to the other; volumes are divided by it.</param>
/// <param name="TrueRange">USD per share, adjusted; null for the oldest bar listed.</param>
public sealed record ExplainedBar(DailyBar Raw, DailyBar Adjusted, double PriceFactor, double? TrueRange);

/// <param name="VolumeFactor">What the session's volumes are multiplied by.</param>
/// <param name="Slots">As fetched, ascending.</param>
/// <param name="Cumulative">Adjusted volume since the day's first slot at the end of every slot of the grid, shares.</param>
public sealed record ExplainedSession(DateOnly Date, double VolumeFactor, IReadOnlyList<Slot> Slots, IReadOnlyList<double> Cumulative)
{
    internal static async Task<IReadOnlyList<ExplainedSession>> OfAsync(IStore store, Inputs inputs, ValuesOptions options, Symbol symbol, CancellationToken ct)
    {
        var sessions = new List<ExplainedSession>();
        foreach (var part in await Rvol.PlanAsync(store, inputs, options, [symbol], ct))
        {
            await foreach (var day in inputs.SlotsAsync(part.Session, part.Symbols, part.Rows, ct))
            {
                var factor = inputs.AdjustmentOf(symbol).VolumeFactor(day.Date);
                var cumulative = new double[options.Grid.Count];
                VolumeProfile.AddSession(day.Slots, factor, cumulative);
                sessions.Add(new(day.Date, factor, day.Slots, cumulative));
            }
        }

        return sessions;
    }
}

internal static class ExplainedBars
{
    public static async Task<IReadOnlyList<ExplainedBar>> OfAsync(IStore store, Inputs inputs, Symbol symbol, int count, CancellationToken ct)
    {
        var adjustment = inputs.AdjustmentOf(symbol);
        var bars = new List<ExplainedBar>(count);
        await foreach (var raw in store.ReadNewestDailyAsync([symbol], inputs.AsOf, count, ct))
        {
            var adjusted = adjustment.Apply(raw);
            double? range = bars is [.., var before] ? TrueRange.Of(new(adjusted.High, adjusted.Low, adjusted.Close), before.Adjusted.Close) : null;
            bars.Add(new(raw, adjusted, adjustment.PriceFactor(raw.Date), range));
        }

        return bars;
    }
}
