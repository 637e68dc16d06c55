using Market;

namespace Simulator.Rest;

/// <summary>The instant of a request: what started later does not exist yet.</summary>
internal readonly record struct Moment(DateTimeOffset Instant)
{
    /// <summary>Unix milliseconds.</summary>
    internal long Milliseconds => Instant.ToUnixTimeMilliseconds();

    /// <summary>New York date.</summary>
    internal DateOnly Today => TradingCalendar.NewYorkDate(Instant);
}
