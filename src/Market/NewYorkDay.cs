namespace Market;

/// <summary>
/// One New York date with the one UTC offset it has from 03:00 to its end (daylight saving changes at 02:00), for turning many
/// instants of that date into wall time without asking the time zone for each. <c>default</c> is no day of this market.
/// </summary>
public readonly record struct NewYorkDay
{
    private const int MinutesPerDay = 24 * 60;
    private const long MillisecondsPerMinute = 60_000;
    private static readonly long MillisecondsPerSlot = SlotGrid.Width.Ticks / TimeSpan.TicksPerMillisecond;
    private static readonly TimeOnly Noon = new(12, 0);

    private readonly long origin;

    public NewYorkDay(DateOnly date)
    {
        Date = date;
        var noon = date.ToDateTime(Noon);
        Offset = noon - TradingCalendar.At(date, Noon).UtcDateTime;
        origin = new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), Offset).ToUnixTimeMilliseconds();
    }

    public DateOnly Date { get; }

    /// <summary>Added to UTC gives New York wall time, from 03:00 of the date to its end: −05:00, or −04:00 with daylight saving.</summary>
    public TimeSpan Offset { get; }

    /// <summary>The instant (UTC) of a wall time of this date, from 03:00 on.</summary>
    public DateTimeOffset At(TimeOnly time) => DateTimeOffset.FromUnixTimeMilliseconds(UnixMilliseconds(time));

    /// <summary>Unix milliseconds of a wall time of this date, from 03:00 on.</summary>
    public long UnixMilliseconds(TimeOnly time) => origin + (time.Ticks / TimeSpan.TicksPerMillisecond);

    /// <summary>Whole minutes since 00:00 wall time, 0 to 1439; −1 for an instant of another date. Exact from 03:00 on.</summary>
    public int MinuteOf(long unixMilliseconds)
    {
        var elapsed = unixMilliseconds - origin;
        return elapsed is >= 0 and < MinutesPerDay * MillisecondsPerMinute ? (int)(elapsed / MillisecondsPerMinute) : -1;
    }

    /// <summary>The slot that holds the instant, or −1 outside the grid or on another date.</summary>
    public int SlotOf(long unixMilliseconds, SlotGrid grid)
    {
        var elapsed = unixMilliseconds - origin - (grid.Start.Ticks / TimeSpan.TicksPerMillisecond);
        if (elapsed < 0) return -1;
        var slot = elapsed / MillisecondsPerSlot;
        return slot < grid.Count ? (int)slot : -1;
    }
}
