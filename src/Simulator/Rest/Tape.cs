using Market;
using Simulator.World;

namespace Simulator.Rest;

/// <summary>A row on its way into a reply or a file. The ticker is null where the reply names it once.</summary>
internal readonly record struct Row(byte[]? Ticker, Bar Bar);

/// <summary>The market up to a moment: minutes that have not ended are not there, a running day is partial, and what is revised later is told as it was then.</summary>
/// <param name="revisions">Null where nothing is ever revised.</param>
internal sealed class Tape(SimulatedMarket market, Revisions? revisions = null)
{
    [ThreadStatic] private static Bar[]? scratch;

    internal SimulatedMarket Market { get; } = market;
    internal Revisions? Revisions { get; } = revisions;

    /// <summary>Minute bars that had ended by the moment, oldest first, in a buffer that the thread's next call reuses.</summary>
    internal Span<Bar> Minutes(Security security, TradingDay day, long now)
    {
        if (now <= day.Start) return [];
        var buffer = scratch ??= new Bar[TradingDay.Minutes];
        var count = SimulatedMarket.Minutes(security, day, buffer);
        if (Revisions is not null) count = Revisions.Apply(security, day, buffer.AsSpan(0, count), now);
        if (now < day.End)
            while (count > 0 && buffer[count - 1].Start + 60_000 > now) count--;
        return buffer.AsSpan(0, count);
    }

    internal Bar? Daily(Security security, TradingDay day, long now) =>
        now < day.Start + (TradingDay.OpenMinute * 60_000L) ? null : SimulatedMarket.Daily(security, day, Minutes(security, day, now));

    /// <summary>Daily bars of every security that has one, in the market's order; none when the date is no session.</summary>
    internal void Daily(DateOnly date, long now, bool adjusted, DateOnly today, List<Row> into)
    {
        if (Market.FindDay(date) is not { } day || now <= day.Start) return;
        foreach (var security in Market.ListedOn(date))
            if (Daily(security, day, now) is { } bar)
                into.Add(new Row(security.Utf8, adjusted ? bar.Adjust(security.Adjustment(date, today)) : bar));
    }

    /// <summary>16:00 New York, early closes too: the end of the window that grouped and prev stamp.</summary>
    internal static long Stamp(DateOnly date) => TradingCalendar.At(date, new TimeOnly(16, 0)).ToUnixTimeMilliseconds();
}
