using Market;
using static System.FormattableString;

namespace DataMaintenance.Pipeline.Checks;

/// <summary>One bar by itself, and against the symbol's own recent prices.</summary>
internal static class PriceRules
{
    /// <summary>How far a price is from the others when no ordinary move explains it, as a ratio either way.</summary>
    public const double Far = 4;

    /// <summary>Shares and dollars, in medians, that trade when news moves a price so far.</summary>
    public const double Surge = 3;

    /// <summary>Median USD a day below which prices are noise.</summary>
    public const double LeastDollars = 10_000;

    /// <summary>How far outside low and high a vwap is believed, relative; and the volume from which the narrower bound holds.</summary>
    public const double LiquidVwap = 0.05, AnyVwap = 0.25, LiquidShares = 1_000_000;

    /// <summary>Shares of a day, this one and the usual one, that have more than one price, and the least distance from low to high on the days before, relative.</summary>
    public const double FlatShares = 100_000, LeastRange = 0.0075;

    private const int Closes = 5;

    public static Breach? Vwap(in DailyBar bar)
    {
        if (bar.Vwap is not { } vwap) return null;
        var tolerance = bar.Volume >= LiquidShares ? LiquidVwap : AnyVwap;
        return vwap >= bar.Low * (1 - tolerance) && vwap <= bar.High * (1 + tolerance) ? null
            : Rules.Vwap.Breach(Invariant($"vwap {vwap}"), Invariant($"low {bar.Low} to high {bar.High}, within {tolerance:P0}"));
    }

    public static Breach? Spike(in DailyBar bar)
    {
        var (upper, lower) = (Math.Max(bar.Open, bar.Close), Math.Min(bar.Open, bar.Close));
        if (bar.High >= Far * upper) return Rules.Spike.Breach(Invariant($"high {bar.High}"), Invariant($"below {Far} times open {bar.Open} and close {bar.Close}"));
        return bar.Low <= lower / Far ? Rules.Spike.Breach(Invariant($"low {bar.Low}"), Invariant($"above a quarter of open {bar.Open} and close {bar.Close}")) : null;
    }

    /// <summary>One price all day, of a symbol that never had only one.</summary>
    public static Breach? Flat(in DailyBar bar, BarHistory.Past past)
    {
        if (bar.High > bar.Low || bar.Close < 1 || bar.Volume < FlatShares || past.Count < Closes || past.Median(static b => b.Volume) < FlatShares) return null;
        for (var i = 0; i < past.Count; i++) if (past[i].High - past[i].Low < LeastRange * past[i].Close) return null;
        return Rules.Flat.Breach(Invariant($"{bar.Volume:0} shares at {bar.Close}"), Invariant($"a high above the low, as on each of {past.Count} days before"));
    }

    /// <param name="adjustment">Of the splits in force; null without any.</param>
    public static Breach? Absurd(in DailyBar bar, BarHistory.Past past, Adjustment? adjustment)
    {
        var session = bar.Date;
        var last = past[0].Close * Factor(past[0].Date);
        if (!IsFar(bar.Open, last) || !IsFar(bar.Close, last) || bar.Open > last != bar.Close > last) return null;
        Span<double> closes = stackalloc double[Math.Min(past.Count, Closes)];
        for (var i = 0; i < closes.Length; i++) closes[i] = past[i].Close * Factor(past[i].Date);
        closes.Sort();
        var middle = closes[closes.Length / 2];
        if (!IsFar(bar.Open, middle) || !IsFar(bar.Close, middle)) return null;

        if (IsNewsOrNoise(bar, past, Factor(past[0].Date))) return null;
        return Rules.Absurd.Breach(Invariant($"open {bar.Open}, close {bar.Close}, {bar.Volume:0} shares"),
            Invariant($"within {Far} times the last close {last:0.####} and the median {middle:0.####}, unless {Surge} times the usual {past.Median(static b => b.Volume):0} shares trade"));

        double Factor(DateOnly date) => adjustment?.FactorBetween(date, session) ?? 1;
    }

    /// <summary>Whether a price that moved far did so by news, on many more shares and dollars than usual, or in a market so thin that it says nothing. A split moves as many dollars as before.</summary>
    /// <param name="factor">Of the splits since the bars before, as for prices.</param>
    public static bool IsNewsOrNoise(in DailyBar bar, BarHistory.Past past, double factor)
    {
        var (shares, dollars) = (past.Median(static b => b.Volume), past.Median(static b => b.Volume * b.Close));
        return dollars < LeastDollars || (bar.Volume >= Surge * shares / factor && bar.Volume * bar.Close >= Surge * dollars);
    }

    private static bool IsFar(double price, double from) => price >= from * Far || price <= from / Far;
}
