using Market;
using static System.FormattableString;

namespace DataMaintenance.Pipeline.Checks;

/// <summary>Mean prices of the regular session's slots against the daily bars. Not thread-safe.</summary>
/// <param name="open">The session's first slot.</param>
/// <param name="end">The slot after its last.</param>
internal sealed class SlotPrices(int open, int end)
{
    /// <summary>Daily shares from which prices are judged, from which the close counts for the session, and from which the bar's own four prices are.</summary>
    public const double PricedShares = 10_000, PlacedShares = 100_000, LiquidShares = 1_000_000;

    /// <summary>How far outside the daily range a mean price is rounding, and which share of the volume may lie there.</summary>
    public const double Rounding = 0.005, MostOutside = 0.05;

    public const double MostCloseApart = 0.005;

    /// <summary>How far beyond every mean price high and low may lie, and how far from the nearest open and close; as ratios.</summary>
    public const double MostBeyond = 1.3, MostApart = 1.15;

    private const int LeastSlots = 3, LeastCloses = 8, CloseSlots = 3, LeastSteady = 20;

    private readonly List<double> closes = [];

    public Breach? Add(in DailyBar bar, ReadOnlySpan<Slot> slots)
    {
        var (volume, outside, count, least, most) = (0.0, 0.0, 0, double.MaxValue, 0.0);
        double? first = null, last = null;
        foreach (ref readonly var slot in slots)
        {
            if (slot.Number < open || slot.Number >= end || slot.AveragePrice is not { } price) continue;
            count++;
            volume += slot.Volume;
            (least, most) = (Math.Min(least, price), Math.Max(most, price));
            if (price < bar.Low * (1 - Rounding) || price > bar.High * (1 + Rounding)) outside += slot.Volume;
            if (slot.Number == open) first = price;
            if (slot.Number >= end - CloseSlots) last = price;
        }

        if (bar.Volume >= PlacedShares && last is { } at) closes.Add(Math.Abs((at / bar.Close) - 1));
        if (count >= LeastSlots && bar.Volume >= PricedShares && outside > MostOutside * volume)
            return Rules.Price.Breach(Invariant($"{outside / volume:P0} of the session's volume at prices outside"), Invariant($"low {bar.Low} to high {bar.High}"));
        return bar.Volume >= LiquidShares && count >= LeastSteady ? Extremes(bar, least, most, first, last) : null;
    }

    /// <summary>The close of the session's last slots against that of the bars, in the median.</summary>
    public Breach? OfDay()
    {
        closes.Sort();
        return closes.Count >= LeastCloses && closes[closes.Count / 2] > MostCloseApart
            ? Rules.DayClose.Breach(Invariant($"{closes[closes.Count / 2]:P2} apart in the median of {closes.Count:N0} symbols"), Invariant($"at most {MostCloseApart:P1}"))
            : null;
    }

    private static Breach? Extremes(in DailyBar bar, double least, double most, double? first, double? last)
    {
        var wrong = bar.High > MostBeyond * most ? Invariant($"high {bar.High}")
            : bar.Low < least / MostBeyond ? Invariant($"low {bar.Low}")
            : first is { } begun && IsApart(bar.Open, begun) ? Invariant($"open {bar.Open}")
            : last is { } ended && IsApart(bar.Close, ended) ? Invariant($"close {bar.Close}")
            : null;
        return wrong is null ? null : Rules.Extremes.Breach(wrong, Invariant($"near mean prices of {least:0.####} to {most:0.####} in slots, first {first:0.####}, last {last:0.####}"));
    }

    private static bool IsApart(double price, double mean) => price > MostApart * mean || price < mean / MostApart;
}
