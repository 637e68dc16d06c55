using static System.FormattableString;

namespace Market;

/// <summary>What is true of every bar and slot; a breach names the rule, what came and what was expected.</summary>
public static class BarChecks
{
    /// <summary>Rounding allowed to a vwap beside the bar's low and high, relative.</summary>
    private const double VwapRounding = 1e-6;

    /// <summary>Allowed between an accumulated volume and the running sum, relative: sums of fractional shares round.</summary>
    private const double SumRounding = 1e-9;

    /// <summary>The rules a daily bar breaks; empty, without allocation, for a sound one.</summary>
    /// <remarks>
    /// A vwap outside low and high is a warning: it counts pre- and post-market trades, open to close are of the regular session.
    /// </remarks>
    public static IReadOnlyList<Breach> Of(in DailyBar bar)
    {
        List<Breach>? breaches = null;
        if (!(double.IsFinite(bar.Open) && double.IsFinite(bar.High) && double.IsFinite(bar.Low) && double.IsFinite(bar.Close) && double.IsFinite(bar.Volume) && double.IsFinite(bar.Vwap ?? 0)))
            return [Error("bar.not_finite", Invariant($"o {bar.Open} h {bar.High} l {bar.Low} c {bar.Close} v {bar.Volume} vw {bar.Vwap}"), "finite numbers")];

        if (!(bar.Open > 0 && bar.High > 0 && bar.Low > 0 && bar.Close > 0))
            Add(ref breaches, Error("bar.price_not_positive", Invariant($"o {bar.Open} h {bar.High} l {bar.Low} c {bar.Close}"), "prices above 0"));
        if (bar.High < bar.Low)
            Add(ref breaches, Error("bar.high_below_low", Invariant($"high {bar.High}"), Invariant($"at least low {bar.Low}")));
        else
        {
            if (Outside(bar, bar.Open)) Add(ref breaches, Error("bar.open_outside_range", Invariant($"open {bar.Open}"), Range(bar)));
            if (Outside(bar, bar.Close)) Add(ref breaches, Error("bar.close_outside_range", Invariant($"close {bar.Close}"), Range(bar)));
            if (bar.Vwap is { } vwap && (vwap < bar.Low * (1 - VwapRounding) || vwap > bar.High * (1 + VwapRounding)))
                Add(ref breaches, new Breach("bar.vwap_outside_range", Severity.Warning, Invariant($"vwap {vwap}"), Range(bar)));
        }
        if (bar.Volume < 0) Add(ref breaches, Error("bar.volume_negative", Invariant($"{bar.Volume}"), "0 or more shares"));
        if (bar.Trades < 0) Add(ref breaches, Error("bar.trades_negative", Invariant($"{bar.Trades}"), "0 or more trades"));
        return breaches ?? (IReadOnlyList<Breach>)[];
    }

    /// <summary>The rules the slots of one symbol and session break, each rule once, at its first slot.</summary>
    public static IReadOnlyList<Breach> Of(ReadOnlySpan<Slot> slots, SlotGrid grid)
    {
        List<Breach>? breaches = null;
        var (previous, sum) = (-1, 0.0);
        foreach (ref readonly var slot in slots)
        {
            if (slot.Number < 0 || slot.Number >= grid.Count)
                AddOnce(ref breaches, Error("slot.outside_grid", Invariant($"slot {slot.Number}"), Invariant($"0 to {grid.Count - 1}")));
            if (slot.Number <= previous)
                AddOnce(ref breaches, Error("slot.not_ascending", Invariant($"slot {slot.Number} after {previous}"), "ascending numbers, each once"));
            if (!(double.IsFinite(slot.Volume) && slot.Volume >= 0))
                AddOnce(ref breaches, Error("slot.volume_negative", Invariant($"{slot.Volume} in slot {slot.Number}"), "0 or more shares"));
            if (slot.Trades < 0)
                AddOnce(ref breaches, Error("slot.trades_negative", Invariant($"{slot.Trades} in slot {slot.Number}"), "0 or more trades"));
            if (slot.AveragePrice is { } price && !(double.IsFinite(price) && price > 0))
                AddOnce(ref breaches, Error("slot.price_not_positive", Invariant($"{price} in slot {slot.Number}"), "a price above 0"));
            sum += slot.Volume;
            if (!(Math.Abs(slot.Accumulated - sum) <= SumRounding * Math.Abs(sum)))
                AddOnce(ref breaches, Error("slot.accumulated_not_sum", Invariant($"{slot.Accumulated} at slot {slot.Number}"), Invariant($"running sum {sum}")));
            previous = slot.Number;
        }
        return breaches ?? (IReadOnlyList<Breach>)[];
    }

    private static bool Outside(in DailyBar bar, double price) => price < bar.Low || price > bar.High;

    private static string Range(in DailyBar bar) => Invariant($"low {bar.Low} to high {bar.High}");

    private static Breach Error(string rule, string value, string expectation) => new(rule, Severity.Error, value, expectation);

    private static void Add(ref List<Breach>? breaches, Breach breach) => (breaches ??= []).Add(breach);

    private static void AddOnce(ref List<Breach>? breaches, Breach breach)
    {
        if (breaches is null || breaches.TrueForAll(known => known.Rule != breach.Rule)) Add(ref breaches, breach);
    }
}
