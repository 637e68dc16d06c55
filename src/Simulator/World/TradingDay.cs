using Market;

namespace Simulator.World;

/// <summary>What all securities share on one session: its place among the sessions, its hours, how busy each half hour is.</summary>
public sealed class TradingDay
{
    /// <summary>Minutes of the longest day, 04:00 to 20:00 New York.</summary>
    public const int Minutes = 960;
    internal const int BlockMinutes = 30;
    internal const int Blocks = Minutes / BlockMinutes;
    /// <summary>The minute of 09:30, counted from 04:00.</summary>
    internal const int OpenMinute = 330;

    /// <summary>From here on the consolidated tape carries fractions of shares.</summary>
    internal static readonly DateOnly FractionsSince = new(2026, 2, 23);

    // Trades a minute relative to the mean of the regular session, by half hour from 04:00: a trickle before the open, a U, a tail.
    private static readonly double[] Before = [.002, .002, .002, .003, .004, .005, .008, .010, .016, .022, .035];
    private static readonly double[] Regular = [2.30, 1.42, 1.12, .95, .82, .74, .68, .66, .70, .78, .92, 1.12, 1.80];
    private static readonly double[] After = [.090, .022, .012, .008, .006, .004, .003, .003];

    private readonly double[] activity = new double[Blocks];

    internal TradingDay(SessionHours hours, int ordinal)
    {
        (Date, Ordinal, Start) = (hours.Date, ordinal, hours.PreMarket.ToUnixTimeMilliseconds());
        CloseMinute = (int)(hours.Close - hours.PreMarket).TotalMinutes;
        EndMinute = (int)(hours.PostMarketEnd - hours.PreMarket).TotalMinutes;
        Midnight = TradingCalendar.At(hours.Date, TimeOnly.MinValue).ToUnixTimeMilliseconds();
        Fractional = hours.Date >= FractionsSince;
        Before.CopyTo(activity, 0);
        var regularBlocks = (CloseMinute - OpenMinute) / BlockMinutes;
        for (var block = 0; block < regularBlocks; block++)
            activity[Before.Length + block] = Regular[block * (Regular.Length - 1) / (regularBlocks - 1)];
        After.AsSpan(0, (EndMinute - CloseMinute) / BlockMinutes).CopyTo(activity.AsSpan(Before.Length + regularBlocks));
    }

    public DateOnly Date { get; }
    /// <summary>Position among the world's sessions, from 0.</summary>
    public int Ordinal { get; }
    /// <summary>04:00 New York, Unix milliseconds.</summary>
    public long Start { get; }
    /// <summary>00:00 New York, Unix milliseconds.</summary>
    public long Midnight { get; }
    /// <summary>Minutes from 04:00 to the close; the minute that starts then holds the closing auction.</summary>
    public int CloseMinute { get; }
    /// <summary>Minutes from 04:00 to the end of post-market.</summary>
    public int EndMinute { get; }
    public bool Fractional { get; }

    /// <summary>The close, Unix milliseconds: the end of the day's window.</summary>
    public long Close => Start + (CloseMinute * 60_000L);
    /// <summary>End of post-market, Unix milliseconds.</summary>
    public long End => Start + (EndMinute * 60_000L);

    internal ReadOnlySpan<double> Activity => activity;
}
