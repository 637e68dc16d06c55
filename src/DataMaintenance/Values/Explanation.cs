using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Values;

/// <summary>One symbol's values as of a session, with everything that went into them. A value that is absent has too few inputs; they are listed all the same.</summary>
/// <param name="AdjustTo">Splits executed on or before it adjust.</param>
/// <param name="Splits">The symbol's splits that adjust.</param>
/// <param name="Boundary">Where the ticker passed to its present bearer; null when it has always been its own, as far as is known.</param>
/// <param name="Inputs">What ATR, average volumes and baseline came from, in this order.</param>
/// <param name="Metadata">What is known of the security now; null when nothing is.</param>
/// <param name="Fingerprints">Of the inputs, by family, as they are published.</param>
/// <param name="Bars">The bars that ATR and average volumes may use, oldest first.</param>
/// <param name="Sessions">The sessions averaged into the RVOL baseline, oldest first.</param>
public sealed record Explanation(
    Symbol Symbol, DateOnly AsOf, DateOnly AdjustTo, IReadOnlyList<Split> Splits, IReadOnlyList<ExplainedBar> Bars, IReadOnlyList<ExplainedSession> Sessions,
    AtrValue? Atr, AverageVolumeValue? AverageVolume, RvolValue? Rvol, TickerMetadata? Metadata, IReadOnlyDictionary<Family, string> Fingerprints,
    StoredBoundary? Boundary, IReadOnlyList<ValueInputs> Inputs)
{
    /// <summary>Whether the store holds anything of the symbol.</summary>
    public bool IsKnown => Bars.Count > 0 || Sessions.Count > 0 || Metadata is not null;
}

/// <summary>What one value came from.</summary>
/// <param name="Print">A digest of it; null when there is no value.</param>
/// <param name="Published">That of the value published last, of whatever session; null when none was.</param>
/// <param name="Stale">Whether the two differ; null when another session is published.</param>
/// <param name="Formula">Goes up when the same inputs give other values.</param>
/// <param name="Options">In words.</param>
/// <param name="Sessions">Whose rows went in, ascending.</param>
/// <param name="Splits">That adjust any of them.</param>
public sealed record ValueInputs(
    Family Family, ulong? Print, ulong? Published, bool? Stale, int Formula, string Options, IReadOnlyList<DateOnly> Sessions, IReadOnlyList<Split> Splits);

/// <param name="Raw">As the provider sent it.</param>
/// <param name="Adjusted">On the split basis of the day adjusted to.</param>
/// <param name="PriceFactor">From one to the other; volumes are divided by it.</param>
/// <param name="TrueRange">USD per share, adjusted; null for the oldest bar listed.</param>
/// <param name="InAtr">Whether the bar is one of those that the ATR is computed from.</param>
/// <param name="Coverage">Where it came from and when; null when the store does not say.</param>
public sealed record ExplainedBar(DailyBar Raw, DailyBar Adjusted, double PriceFactor, double? TrueRange, bool InAtr, Coverage? Coverage);

/// <param name="VolumeFactor">What the session's volumes are multiplied by.</param>
/// <param name="Slots">As fetched, ascending.</param>
/// <param name="Cumulative">Adjusted volume since the day's first slot at the end of every slot of the grid, shares.</param>
/// <param name="Coverage">Where they came from and when; null when the store does not say.</param>
public sealed record ExplainedSession(DateOnly Date, double VolumeFactor, IReadOnlyList<Slot> Slots, IReadOnlyList<double> Cumulative, Coverage? Coverage)
{
    internal static async Task<IReadOnlyList<ExplainedSession>> OfAsync(IStore store, Inputs inputs, ValuesOptions options, Symbol symbol, CancellationToken ct)
    {
        var sessions = new List<ExplainedSession>();
        var first = inputs.Calendar.LastSessions(options.RvolLookbackSessions, inputs.AsOf)[0];
        var coverage = (await store.CoverageOfAsync(Dataset.Slots, symbol, first, inputs.AsOf, ct)).ToDictionary(c => c.Date);
        foreach (var part in await Rvol.PlanAsync(store, inputs, options, [symbol], ct))
        {
            await foreach (var day in inputs.SlotsAsync(part.Day.Date, part.Symbols, part.Rows, ct))
            {
                var factor = inputs.AdjustmentOf(symbol).VolumeFactor(day.Date);
                var cumulative = new double[options.Grid.Count];
                VolumeProfile.AddSession(day.Slots, factor, cumulative);
                sessions.Add(new(day.Date, factor, day.Slots, cumulative, coverage.GetValueOrDefault(day.Date)));
            }
        }

        return sessions;
    }
}

internal static class ExplainedBars
{
    /// <param name="inAtr">How many of the newest the ATR is computed from.</param>
    public static async Task<IReadOnlyList<ExplainedBar>> OfAsync(IStore store, Inputs inputs, Symbol symbol, int count, int inAtr, CancellationToken ct)
    {
        var adjustment = inputs.AdjustmentOf(symbol);
        var raws = new List<DailyBar>(count);
        await foreach (var raw in store.ReadNewestDailyAsync([symbol], inputs.AsOf, count, ct))
            if (raw.Date >= inputs.Since(symbol)) raws.Add(raw);
        if (raws.Count == 0) return [];
        var coverage = (await store.CoverageOfAsync(Dataset.Daily, symbol, raws[0].Date, inputs.AsOf, ct)).ToDictionary(c => c.Date);
        var bars = new List<ExplainedBar>(count);
        foreach (var raw in raws)
        {
            var adjusted = adjustment.Apply(raw);
            double? range = bars is [.., var before] ? TrueRange.Of(new(adjusted.High, adjusted.Low, adjusted.Close), before.Adjusted.Close) : null;
            bars.Add(new(raw, adjusted, adjustment.PriceFactor(raw.Date), range, bars.Count >= raws.Count - inAtr, coverage.GetValueOrDefault(raw.Date)));
        }

        return bars;
    }
}
