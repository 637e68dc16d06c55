using System.Collections.Frozen;

namespace Market;

/// <summary>
/// The splits of one symbol executed on or before a day, as factors by the date of a bar: prices of bars before a split are
/// multiplied by its from/to, volumes divided by it, and several splits multiply. A bar dated on an execution date is already on
/// the new basis. Where a ticker passed to another security (<see cref="SymbolBoundary"/>), splits of the one leave the bars of the other alone.
/// </summary>
public sealed class Adjustment
{
    /// <summary>No splits: every factor is 1.</summary>
    public static Adjustment None { get; } = new([]);

    /// <summary>By execution date; at each, the product of it and all later splits of the same security.</summary>
    private readonly Step[] steps;

    private Adjustment(Step[] steps) => this.steps = steps;

    public bool IsNone => steps.Length == 0;

    /// <param name="splits">Of one symbol, in any order; the result does not depend on it. Those executed after <paramref name="asOf"/> are left out.</param>
    /// <param name="boundaries">First dates of later bearers of the ticker, ascending; null for none. A split of such a day is the new bearer's.</param>
    /// <exception cref="ArgumentException">Splits of two symbols, or a factor that is not a positive number.</exception>
    public static Adjustment Of(IEnumerable<Split> splits, DateOnly asOf, IReadOnlyList<DateOnly>? boundaries = null)
    {
        var executed = splits.ToArray();
        foreach (var split in executed) Check(split, executed[0].Symbol);
        executed = [.. executed.Where(split => split.ExecutionDate <= asOf).OrderBy(split => split.ExecutionDate).ThenBy(split => split.From).ThenBy(split => split.To)];
        if (executed.Length == 0) return None;

        var steps = new Step[executed.Length];
        var (from, to) = (1.0, 1.0);
        var since = DateOnly.MaxValue;
        for (var i = executed.Length - 1; i >= 0; i--)
        {
            if (executed[i].ExecutionDate < since)
            {
                since = boundaries?.LastOrDefault(b => b <= executed[i].ExecutionDate) ?? DateOnly.MinValue;
                (from, to) = (1.0, 1.0);
            }

            (from, to) = (from * executed[i].From, to * executed[i].To);
            steps[i] = new Step(executed[i], since, from / to, to / from);
        }
        return new Adjustment(steps);
    }

    /// <summary>The splits that adjust a bar of the date, by execution date.</summary>
    public IEnumerable<Split> After(DateOnly date) =>
        Find(date) is { } first ? steps.Where(step => date < step.Split.ExecutionDate && step.Since == first.Since).Select(step => step.Split) : [];

    /// <summary>The adjustments of many symbols; one without a split executed by <paramref name="asOf"/> is absent.</summary>
    public static FrozenDictionary<Symbol, Adjustment> BySymbol(IEnumerable<Split> splits, DateOnly asOf, IEnumerable<SymbolBoundary>? boundaries = null)
    {
        var firstDates = (boundaries ?? []).GroupBy(boundary => boundary.Symbol).ToDictionary(of => of.Key, of => of.Select(boundary => boundary.FirstDate).Order().ToArray());
        return splits.Where(split => split.ExecutionDate <= asOf)
            .GroupBy(split => split.Symbol)
            .ToFrozenDictionary(ofSymbol => ofSymbol.Key, ofSymbol => Of(ofSymbol, asOf, firstDates.GetValueOrDefault(ofSymbol.Key)));
    }

    /// <summary>What a price of a bar of the date is multiplied by.</summary>
    public double PriceFactor(DateOnly date) => Find(date)?.PriceFactor ?? 1;

    /// <summary>What a volume of a bar of the date is multiplied by: 1 / <see cref="PriceFactor"/>, and exact where that is a whole number.</summary>
    public double VolumeFactor(DateOnly date) => Find(date)?.VolumeFactor ?? 1;

    /// <summary>What a close of the earlier bar is multiplied by to be on the basis of the later one: the splits executed after the first date, up to the second.</summary>
    public double FactorBetween(DateOnly earlier, DateOnly later) => PriceFactor(earlier) / PriceFactor(later);

    /// <summary>The bar on the basis of the as-of day.</summary>
    public DailyBar Apply(in DailyBar bar) => Find(bar.Date) is { } step ? Scale(bar, step.PriceFactor, step.VolumeFactor) : bar;

    /// <summary>The bar as it was before <see cref="Apply(in DailyBar)"/>, up to rounding.</summary>
    public DailyBar Undo(in DailyBar bar) => Find(bar.Date) is { } step ? Scale(bar, step.VolumeFactor, step.PriceFactor) : bar;

    /// <summary>The slot of a session on the basis of the as-of day.</summary>
    public Slot Apply(in Slot slot, DateOnly date) => Find(date) is { } step
        ? slot with { Volume = slot.Volume * step.VolumeFactor, Accumulated = slot.Accumulated * step.VolumeFactor, AveragePrice = slot.AveragePrice * step.PriceFactor }
        : slot;

    private static DailyBar Scale(in DailyBar bar, double price, double volume) => bar with
    {
        Open = bar.Open * price,
        High = bar.High * price,
        Low = bar.Low * price,
        Close = bar.Close * price,
        Volume = bar.Volume * volume,
        Vwap = bar.Vwap * price,
    };

    /// <summary>The first split after the date, with all later ones; null when that is one of a later bearer of the ticker.</summary>
    private Step? Find(DateOnly date)
    {
        foreach (var step in steps)
            if (date < step.Split.ExecutionDate) return date < step.Since ? null : step;
        return null;
    }

    private static void Check(Split split, Symbol symbol)
    {
        if (split.Symbol != symbol) throw new ArgumentException($"An adjustment is of one symbol; got splits of {symbol} and {split.Symbol}.", nameof(split));
        if (!(double.IsFinite(split.From) && split.From > 0 && double.IsFinite(split.To) && split.To > 0))
            throw new ArgumentException($"The split of {split.Symbol} on {split.ExecutionDate:yyyy-MM-dd} is {split.From} to {split.To}; both must be positive numbers.", nameof(split));
    }

    /// <param name="Since">The first date of the security that was split.</param>
    private readonly record struct Step(Split Split, DateOnly Since, double PriceFactor, double VolumeFactor);
}
