namespace Simulator;

/// <summary>The provider's clock: another clock, moved. Setting it moves it; it runs on with the other one.</summary>
public sealed class SimulatedClock(TimeProvider clock) : TimeProvider
{
    private long offsetTicks;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow().AddTicks(Interlocked.Read(ref offsetTicks));

    public void Set(DateTimeOffset now) => Interlocked.Exchange(ref offsetTicks, (now - clock.GetUtcNow()).Ticks);
}
