using System.Collections.Concurrent;
using Market;

namespace Simulator.World;

/// <summary>
/// What the provider still changes after a session: a share of its securities is told early figures at first, corrected on the mornings of
/// the next two sessions. A pure function of security, session and time, so that REST and files say the same at the same time.
/// </summary>
/// <param name="share">Of a session's securities, 0 to 1.</param>
internal sealed class Revisions(TradingCalendar calendar, double share)
{
    private const ulong Purpose = 0x7265766973696F6E;

    internal double Share { get; } = share;

    private static readonly TimeOnly Morning = new(10, 30);
    private readonly ConcurrentDictionary<DateOnly, (long First, long Second)> mornings = new();

    private enum Kind { LatePrints, MissingMinutes, CancelledPrints, WrongPrice, LateSecurity, WithdrawnSecurity }

    // Most revisions are prints that came late.
    private static readonly Kind[] Drawn =
        [Kind.LatePrints, Kind.LatePrints, Kind.LatePrints, Kind.MissingMinutes, Kind.MissingMinutes, Kind.CancelledPrints, Kind.WrongPrice, Kind.WrongPrice, Kind.LateSecurity, Kind.WithdrawnSecurity];

    /// <summary>How many of the two mornings are over at the instant, Unix milliseconds: 2 is the last word.</summary>
    internal int StageOf(DateOnly session, long now)
    {
        var (first, second) = Mornings(session);
        return now < first ? 0 : now < second ? 1 : 2;
    }

    /// <summary>When the stage began; null for the first, which has been there from the start.</summary>
    internal DateTimeOffset? Since(DateOnly session, int stage)
    {
        var (first, second) = Mornings(session);
        return stage == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(stage == 1 ? first : second);
    }

    /// <summary>Turns the minutes of the unrevised world into those told at the instant.</summary>
    /// <returns>How many they are.</returns>
    internal int Apply(Security security, TradingDay day, Span<Bar> minutes, long now)
    {
        var draw = Hash.Of(security.Key, Purpose, (ulong)day.Date.DayNumber);
        if (Hash.Unit(draw) >= Share) return minutes.Length;
        var kind = Drawn[(int)(Hash.Mix(draw) % (ulong)Drawn.Length)];
        var stage = StageOf(day.Date, now);
        if (kind == Kind.WithdrawnSecurity) return stage < 2 ? minutes.Length : 0;
        if (kind == Kind.LateSecurity) return stage == 0 ? 0 : minutes.Length;
        if (stage == 2) return minutes.Length;
        var count = 0;
        foreach (var minute in minutes)
        {
            var one = Hash.Of(draw, (ulong)minute.Start);
            if (kind == Kind.MissingMinutes && one % (stage == 0 ? 8UL : 16UL) == 0) continue;
            minutes[count++] = kind switch
            {
                Kind.LatePrints when one % 3 == 0 => Lessened(minute, (stage == 0 ? .04 : .015) * Hash.Unit(Hash.Mix(one)), day.Fractional),
                Kind.CancelledPrints when one % 5 == 0 => Swollen(minute, day.Fractional),
                Kind.WrongPrice when stage == 0 && one % 4 == 0 => Dearer(minute),
                _ => minute,
            };
        }

        return count;
    }

    private static Bar Lessened(in Bar minute, double part, bool fractional)
    {
        var less = (long)(minute.Volume * part);
        if (!fractional) less -= less % Bar.VolumeScale;
        return minute with { Volume = minute.Volume - less, Trades = Math.Max(1, minute.Trades - (long)Math.Ceiling(minute.Trades * part)) };
    }

    private static Bar Swollen(in Bar minute, bool fractional)
    {
        var more = minute.Volume / 5;
        if (!fractional) more -= more % Bar.VolumeScale;
        return minute with { Volume = minute.Volume + more, Trades = minute.Trades + 1 };
    }

    // Half a percent, in whole cents above a dollar.
    private static Bar Dearer(in Bar minute)
    {
        var more = minute.Open / 200;
        if (minute.Open >= Bar.PriceScale) more = Math.Max(100, more - (more % 100));
        return minute with { Open = minute.Open + more, High = Math.Max(minute.High, minute.Open + more) };
    }

    private (long First, long Second) Mornings(DateOnly session) => mornings.GetOrAdd(session, date =>
    {
        var next = calendar.NextSession(date);
        return (At(next), At(calendar.NextSession(next)));
    });

    private static long At(DateOnly date) => TradingCalendar.At(date, Morning).ToUnixTimeMilliseconds();
}
