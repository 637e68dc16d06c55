using Market;

namespace CorruptionBench;

/// <summary>Stands at an instant until it is moved, so that a run reads the same times whenever it is repeated.</summary>
internal sealed class NightClock : TimeProvider
{
    private DateTimeOffset now;

    public override DateTimeOffset GetUtcNow() => now;

    /// <summary>03:00 New York on the session after it.</summary>
    public void MorningAfter(DateOnly session) => now = TradingCalendar.At(TradingCalendar.Nyse.NextSession(session), new(3, 0));
}
