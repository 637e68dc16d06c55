namespace DataMaintenance.Provider.Massive;

/// <summary>
/// Calls per second over all routes. Every call reserves the next free moment, one per 1/rate seconds, and waits for it:
/// first come, first served, and no second holds more than the rate.
/// </summary>
internal sealed class CallBudget(int callsPerSecond, TimeProvider clock, UsageCounter usage)
{
    private readonly long step = callsPerSecond == 0 ? 0 : clock.TimestampFrequency / callsPerSecond;
    private long next = clock.GetTimestamp();

    public ValueTask WaitAsync(CancellationToken ct)
    {
        if (step == 0) return ValueTask.CompletedTask;
        var wait = clock.GetElapsedTime(clock.GetTimestamp(), Reserve());
        return wait < TimeSpan.FromMilliseconds(1) ? ValueTask.CompletedTask : DelayAsync(wait, ct);
    }

    private long Reserve()
    {
        while (true)
        {
            var free = Interlocked.Read(ref next);
            var mine = Math.Max(free, clock.GetTimestamp());
            if (Interlocked.CompareExchange(ref next, mine + step, free) == free) return mine;
        }
    }

    private async ValueTask DelayAsync(TimeSpan wait, CancellationToken ct)
    {
        usage.Waited(wait);
        await Task.Delay(wait, clock, ct);
    }
}
