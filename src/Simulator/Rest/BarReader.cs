using Market;
using Simulator.World;

namespace Simulator.Rest;

/// <summary>
/// Reads base bars of one ticker up to a limit and puts them together into windows. A window the limit cuts is left to the next page.
/// </summary>
internal sealed class BarReader(Tape tape, Windows windows, Moment now, bool adjusted, int limit, bool descending)
{
    /// <summary>Base bars read: minutes for minutes and hours, days for longer windows.</summary>
    internal int BaseBars { get; private set; }
    /// <summary>Whether the limit was reached and something is left.</summary>
    internal bool More { get; private set; }
    /// <summary>Ascending: start of the first window of the next page; descending: end, exclusive, of its last one. Unix milliseconds.</summary>
    internal long NextStart { get; private set; }

    /// <param name="from">Unix milliseconds, inclusive; snapped down to its window.</param>
    /// <param name="to">Unix milliseconds, inclusive; snapped up to its window.</param>
    internal void Read(string ticker, long from, long to, List<Row> rows)
    {
        ReadBase(ticker, from, to, rows);
        // A window wider than the limit is told in part; the next page must not begin with it again.
        if (!More || rows.Count == 0) return;
        var last = rows[^1].Bar.Start;
        NextStart = descending ? Math.Min(NextStart, last) : Math.Max(NextStart, windows.After(last));
    }

    private void ReadBase(string ticker, long from, long to, List<Row> rows)
    {
        var (first, last) = (Date(from), Date(Math.Min(to, now.Milliseconds)));
        if (!windows.OfMinutes)
        {
            first = windows.StartOf(first);
            last = Date(windows.After(Windows.Midnight(windows.StartOf(last))) - 1);
            ReadDays(ticker, first, last, rows);
            return;
        }
        var days = tape.Market.Days(first, last);
        foreach (var day in descending ? days.Reverse() : days)
        {
            if (tape.Market.FindListed(ticker, day.Date) is not { } security) continue;
            var minutes = Within(tape.Minutes(security, day, now.Milliseconds), day, from, to);
            if (minutes.Length == 0) continue;
            if (BaseBars == limit)
            {
                Stop(minutes, day);
                return;
            }
            var room = limit - BaseBars;
            var cut = minutes.Length > room;
            var taken = cut ? Whole(minutes, day, room) : minutes;
            BaseBars += cut ? room : minutes.Length;
            Join(taken, day, adjusted ? security.Adjustment(day.Date, now.Today) : 1, rows);
            if (!cut) continue;
            Stop(descending ? minutes[..^taken.Length] : minutes[taken.Length..], day);
            return;
        }
    }

    private void Stop(ReadOnlySpan<Bar> left, TradingDay day)
    {
        More = true;
        NextStart = descending ? windows.After(windows.StartOf(left[^1].Start, day)) : windows.StartOf(left[0].Start, day);
    }

    private Span<Bar> Within(Span<Bar> minutes, TradingDay day, long from, long to)
    {
        var (start, end) = (0, minutes.Length);
        while (start < end && windows.After(windows.StartOf(minutes[start].Start, day)) <= from) start++;
        while (end > start && windows.StartOf(minutes[end - 1].Start, day) > to) end--;
        return minutes[start..end];
    }

    // The windows complete within the room; the cut one too when it is the only one, so that every page gets somewhere.
    private Span<Bar> Whole(Span<Bar> minutes, TradingDay day, int room)
    {
        var take = room;
        if (descending)
        {
            while (take > 0 && Same(minutes[^take], minutes[^(take + 1)], day)) take--;
            return minutes[^(take == 0 && BaseBars == 0 ? room : take)..];
        }
        while (take > 0 && Same(minutes[take - 1], minutes[take], day)) take--;
        return minutes[..(take == 0 && BaseBars == 0 ? room : take)];
    }

    private bool Same(in Bar a, in Bar b, TradingDay day) => windows.StartOf(a.Start, day) == windows.StartOf(b.Start, day);

    private void Join(ReadOnlySpan<Bar> minutes, TradingDay day, double factor, List<Row> rows)
    {
        var added = rows.Count;
        for (int i = 0, end; i < minutes.Length; i = end)
        {
            var start = windows.StartOf(minutes[i].Start, day);
            var after = windows.After(start);
            for (end = i + 1; end < minutes.Length && minutes[end].Start < after; end++) { }
            var bar = end == i + 1 ? minutes[i] with { Start = start } : Bar.Join(minutes[i..end], start);
            rows.Add(new Row(null, bar.Adjust(factor)));
        }
        if (descending) rows.Reverse(added, rows.Count - added);
    }

    private void ReadDays(string ticker, DateOnly first, DateOnly last, List<Row> rows)
    {
        var pending = new List<Bar>();
        var days = tape.Market.Days(first, last);
        DateOnly? window = null;
        foreach (var day in descending ? days.Reverse() : days)
        {
            if (tape.Market.FindListed(ticker, day.Date) is not { } security || tape.Daily(security, day, now.Milliseconds) is not { } bar) continue;
            var start = windows.StartOf(day.Date);
            if (start != window) Flush(window, pending, rows);
            if (BaseBars == limit)
            {
                More = true;
                var next = Windows.Midnight(pending.Count > 0 ? window!.Value : start);
                NextStart = descending ? windows.After(next) : next;
                if (pending.Count > 0 && rows.Count == 0) Flush(window, pending, rows);
                return;
            }
            window = start;
            BaseBars++;
            pending.Add(adjusted ? bar.Adjust(security.Adjustment(day.Date, now.Today)) : bar);
        }
        Flush(window, pending, rows);
    }

    private void Flush(DateOnly? window, List<Bar> pending, List<Row> rows)
    {
        if (window is not { } start || pending.Count == 0) return;
        if (descending) pending.Reverse();
        rows.Add(new Row(null, Bar.Join(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(pending), Windows.Midnight(start))));
        pending.Clear();
    }

    private static DateOnly Date(long milliseconds) => TradingCalendar.NewYorkDate(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
}
