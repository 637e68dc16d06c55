using Market;
using static System.FormattableString;

namespace DataMaintenance.Pipeline.Checks;

/// <summary>The overnight step of the market as a whole. News moves each by its own measure; one factor moves all alike.</summary>
internal sealed class MarketMove
{
    public const double LeastShares = 10_000;

    /// <summary>In logarithms, and the spread from the lowest to the highest tenth as a part of it.</summary>
    public const double Moved = 0.03, Alike = 0.7;

    public const int LeastSymbols = 100;
    private const int LeastBars = 5;

    private readonly List<double> steps = [];

    public void Look(in DailyBar bar, BarHistory.Past past, Adjustment? adjustment)
    {
        if (past.Count < LeastBars || past.Median(static b => b.Volume) < LeastShares) return;
        steps.Add(Math.Log(bar.Open / (past[0].Close * (adjustment?.FactorBetween(past[0].Date, bar.Date) ?? 1))));
    }

    public Breach? OfDay()
    {
        var market = Spread.Of(steps);
        return market.Count >= LeastSymbols && Math.Abs(market.Median) >= Moved && market.Width <= Alike * Math.Abs(market.Median)
            ? Rules.MarketPrice.Breach(Invariant($"{market.Count:N0} symbols open at {Math.Exp(market.Median):0.000} times their close, eight tenths of them within {market.Width:0.000}"), Invariant($"less than {Moved:P0}, or wider spread than {Alike * Math.Abs(market.Median):0.000}"))
            : null;
    }
}
