using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Cache;

/// <summary>
/// How long keys live: as configured, but never less than until the next scheduled run plus four days, so that no key vanishes
/// while it is still the newest value there is.
/// </summary>
/// <param name="nextRun">The instant of the next scheduled run.</param>
public sealed class TimeToLive(RedisOptions options, TimeProvider clock, TradingCalendar calendar, Func<DateTimeOffset> nextRun)
{
    private static readonly TimeSpan Grace = TimeSpan.FromDays(4);
    private const int SessionsLookedAt = 7;

    public TimeSpan Of(Family family) => Longest(family == Family.Rvol ? options.RvolTtl : options.ValueTtl);

    /// <summary>The state of a session also outlives the time in which it is one of the last seven, which the service looks at when it starts.</summary>
    public TimeSpan OfState(DateOnly session)
    {
        var left = session;
        for (var newer = 0; newer <= SessionsLookedAt; newer++) left = calendar.NextSession(left);
        var needed = new DateTimeOffset(left, TimeOnly.MinValue, TimeSpan.Zero) + Grace - clock.GetUtcNow();
        var ttl = Longest(options.StateTtl);
        return needed > ttl ? needed : ttl;
    }

    private TimeSpan Longest(TimeSpan configured)
    {
        var untilRun = nextRun() - clock.GetUtcNow();
        var least = (untilRun > TimeSpan.Zero ? untilRun : TimeSpan.Zero) + Grace;
        return configured > least ? configured : least;
    }
}
