using System.Globalization;
using Market;

namespace DataMaintenance.Provider.Massive;

/// <summary>
/// Sorts the bars of one symbol into the slots of the sessions wanted. A bar of a day between them that was not wanted, or outside
/// a narrow grid but within 04:00 to 20:00, is left aside; everything else that does not fit is rejected by name. Of two different
/// bars of one time the one with more trades is kept. Used for symbol after symbol; not thread-safe.
/// </summary>
internal sealed class SlotSorter(SlotGrid grid)
{
    private const long SlotMs = 5 * 60_000;
    private const int MostTrades = 100_000_000;

    private readonly SlotBuilder builder = new(grid);

    /// <param name="days">The sessions wanted, ascending.</param>
    public SlotReply Sort(Symbol symbol, ReadOnlySpan<NewYorkDay> days, RangeBars bars, string source)
    {
        Rejections? rejections = null;
        var result = new (DateOnly Date, Slot[] Slots)[days.Length];
        var ordered = bars.Ordered();
        int at = 0, kept = -1;
        for (var i = 0; i < ordered.Length; i++)
        {
            ref readonly var bar = ref ordered[i];
            if (!IsSound(symbol, bar, ref rejections)) continue;
            if (kept >= 0 && ordered[kept].T == bar.T)
            {
                if (bar != ordered[kept])
                    Reject(ref rejections, symbol, "slot.duplicate", bar, Text($"volume {bar.Volume}"), Text($"one bar per time; kept volume {ordered[kept].Volume}"));
                continue;
            }
            kept = i;
            while (at < days.Length && bar.T >= End(days[at])) Close(result, days, at++);
            if (at < days.Length && days[at].MinuteOf(bar.T) >= 0) Place(symbol, bar, days[at], ref rejections);
            else RejectDay(symbol, bar, days, ref rejections);
        }
        while (at < days.Length) Close(result, days, at++);
        return new SlotReply(symbol, result, rejections?.ToRows() ?? [], source);
    }

    private static long End(NewYorkDay day) => day.UnixMilliseconds(TimeOnly.MinValue) + (24 * 60 * 60_000L);

    private void Close((DateOnly Date, Slot[] Slots)[] result, ReadOnlySpan<NewYorkDay> days, int at) => result[at] = (days[at].Date, builder.Build());

    private void Place(Symbol symbol, in RangeBar bar, NewYorkDay day, ref Rejections? rejections)
    {
        var slot = day.SlotOf(bar.T, grid);
        if (slot >= 0)
            builder.Add(slot, bar.Volume, double.IsNaN(bar.Vwap) ? null : bar.Vwap, bar.Trades < 0 ? null : bar.Trades);
        else if (day.SlotOf(bar.T, SlotGrid.Extended) < 0)
            Reject(ref rejections, symbol, "slot.outside_grid", bar, "", "04:00 to 20:00 New York");
    }

    private static bool IsSound(Symbol symbol, in RangeBar bar, ref Rejections? rejections)
    {
        if (!Plausible.Prices(bar.Open, bar.High, bar.Low, bar.Close) || !(double.IsNaN(bar.Vwap) || Plausible.Price(bar.Vwap)))
        {
            return Reject(ref rejections, symbol, "slot.price", bar,
                Text($"open {bar.Open}, high {bar.High}, low {bar.Low}, close {bar.Close}, vwap {bar.Vwap}"), Plausible.PriceText);
        }
        if (!Plausible.Volume(bar.Volume)) return Reject(ref rejections, symbol, "slot.volume", bar, Text($"volume {bar.Volume}"), Plausible.VolumeText);
        if (bar.Trades is < -1 or > MostTrades) return Reject(ref rejections, symbol, "slot.trades", bar, Text($"trades {bar.Trades}"), Plausible.TradesText);
        return bar.T % SlotMs == 0 || Reject(ref rejections, symbol, "slot.misaligned", bar, "", "a start on a full five minutes");
    }

    private static void RejectDay(Symbol symbol, in RangeBar bar, ReadOnlySpan<NewYorkDay> days, ref Rejections? rejections)
    {
        var (first, last) = (days[0].Date, days[^1].Date);
        var date = Stamp.DateOf(bar.T);
        if (date is null || date < first || date > last)
            Reject(ref rejections, symbol, "slot.wrong_day", bar, "", Text($"{first:yyyy-MM-dd} to {last:yyyy-MM-dd}"));
        else if (date.Value.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
            Reject(ref rejections, symbol, "slot.weekend", bar, "", "a weekday");
    }

    private static bool Reject(ref Rejections? rejections, Symbol symbol, string rule, in RangeBar bar, string value, string expectation)
    {
        rejections ??= new Rejections();
        rejections.Add(symbol.Text, rule, value.Length > 0 ? $"{Stamp.Text(bar.T)}: {value}" : Stamp.Text(bar.T), expectation);
        return false;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
