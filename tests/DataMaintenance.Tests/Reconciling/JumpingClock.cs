namespace DataMaintenance.Tests.Reconciling;

/// <summary>A clock that goes on by itself and is set ahead by a test: leases and time-outs are of real time, hours and days are not waited for.</summary>
internal sealed class JumpingClock(DateTimeOffset start) : TimeProvider
{
    private long ahead = (start - System.GetUtcNow()).Ticks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref ahead));

    public void Set(DateTimeOffset now) => Interlocked.Exchange(ref ahead, (now - System.GetUtcNow()).Ticks);
}
