namespace DataMaintenance.Settings;

/// <summary>
/// A clock that starts at another instant and runs at another speed. Waits shrink with the speed, down to a bound below which loops would only
/// eat the machine; timestamps, from which durations are measured, stay real.
/// </summary>
internal sealed class DrillClock(ClockOptions options, TimeProvider real) : TimeProvider
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(20);

    private readonly DateTimeOffset realStart = real.GetUtcNow();

    public override DateTimeOffset GetUtcNow()
    {
        var now = real.GetUtcNow();
        return (options.Start ?? realStart) + ((now - realStart) * options.Speed);
    }

    public override TimeZoneInfo LocalTimeZone => real.LocalTimeZone;
    public override long TimestampFrequency => real.TimestampFrequency;
    public override long GetTimestamp() => real.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Timer(real.CreateTimer(callback, state, Scaled(dueTime), Scaled(period)), this);

    private TimeSpan Scaled(TimeSpan wait) => wait <= TimeSpan.Zero ? wait : TimeSpan.FromTicks(Math.Max(Math.Min(wait.Ticks, Shortest.Ticks), (long)(wait.Ticks / options.Speed)));

    private sealed class Timer(ITimer timer, DrillClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(clock.Scaled(dueTime), clock.Scaled(period));
        public void Dispose() => timer.Dispose();
        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
