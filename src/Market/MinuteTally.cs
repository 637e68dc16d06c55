using System.Numerics;

namespace Market;

/// <summary>
/// In each minute of a session, how many of the symbols that trade nearly all the time do: a minute that a file has lost shows, however
/// few shares it holds. Not thread-safe.
/// </summary>
/// <param name="close">The session's, New York: minutes from the open up to it are counted.</param>
public sealed class MinuteTally(TimeOnly close)
{
    /// <summary>Share of the session's minutes in which a symbol must trade to be counted.</summary>
    public const double Busy = 0.9;

    /// <summary>How many fewer than beside it make a minute lost: so many symbols, this share of all, and so many standard deviations of chance.</summary>
    public const int LeastLost = 10;
    public const double LeastShare = 0.1, Deviations = 6;

    /// <summary>Minutes after the open that are not judged, since some open late; and those to either side that a minute is held against.</summary>
    private const int Settling = 5, Beside = 15;

    private static readonly int Open = MinuteOf(TradingCalendar.RegularOpen);
    private readonly int[] trading = new int[MinuteOf(close) - Open];

    public TimeOnly Close => close;

    /// <summary>Those that trade nearly all the time.</summary>
    public int Symbols { get; private set; }

    /// <summary>Takes one symbol.</summary>
    /// <param name="minutes">In which it traded: one bit each, from midnight on.</param>
    public void Add(ReadOnlySpan<ulong> minutes)
    {
        var traded = 0;
        for (var word = Open >> 6; word <= (Open + trading.Length - 1) >> 6; word++) traded += BitOperations.PopCount(minutes[word] & Inside(word));
        if (traded < Busy * trading.Length) return;
        Symbols++;
        for (var i = 0; i < trading.Length; i++) trading[i] += (int)((minutes[(Open + i) >> 6] >> ((Open + i) & 63)) & 1);
    }

    /// <summary>Minutes in which far fewer trade than in those beside it; in order.</summary>
    public IReadOnlyList<LostMinute> Lost()
    {
        var lost = new List<LostMinute>();
        if (Symbols < LeastLost) return lost;
        Span<int> beside = stackalloc int[2 * Beside];
        for (var i = Settling; i < trading.Length; i++)
        {
            var (from, to) = (Math.Max(Settling, i - Beside), Math.Min(trading.Length, i + Beside + 1));
            trading.AsSpan(from..i).CopyTo(beside);
            trading.AsSpan((i + 1)..to).CopyTo(beside[(i - from)..]);
            var near = beside[..(to - from - 1)];
            near.Sort();
            var usual = near[near.Length / 2];
            var chance = Math.Sqrt(Math.Max(1, usual * (1 - ((double)usual / Symbols))));
            if (usual - trading[i] >= Math.Max(Math.Max(LeastLost, LeastShare * Symbols), Deviations * chance))
                lost.Add(new(TradingCalendar.RegularOpen.AddMinutes(i), trading[i], usual));
        }

        return lost;
    }

    /// <summary>The bits of a word that are minutes of the session.</summary>
    private ulong Inside(int word)
    {
        var (first, end) = (Math.Max(Open - (word * 64), 0), Math.Min(Open + trading.Length - (word * 64), 64));
        return (ulong.MaxValue << first) & (ulong.MaxValue >> (64 - end));
    }

    private static int MinuteOf(TimeOnly time) => (time.Hour * 60) + time.Minute;
}

/// <param name="Minute">New York.</param>
/// <param name="Trading">Symbols that trade in it, of those that do nearly all the time.</param>
/// <param name="Usual">The same of the minutes beside it, in the median.</param>
public readonly record struct LostMinute(TimeOnly Minute, int Trading, int Usual);
