using System.Threading.Channels;

namespace DataMaintenance.Provider.Massive;

/// <summary>The few lanes on which details are asked, each resting for a while between two calls.</summary>
internal sealed class DetailLanes
{
    private readonly Channel<long> lanes;
    private readonly TimeSpan pause;
    private readonly TimeProvider clock;

    public DetailLanes(int count, TimeSpan pause, TimeProvider clock)
    {
        (this.pause, this.clock) = (pause, clock);
        lanes = Channel.CreateBounded<long>(count);
        var rested = clock.GetTimestamp() - (long)(pause.TotalSeconds * clock.TimestampFrequency);
        for (var i = 0; i < count; i++) lanes.Writer.TryWrite(rested);
    }

    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken ct)
    {
        var freeSince = await lanes.Reader.ReadAsync(ct);
        try
        {
            var rest = pause - clock.GetElapsedTime(freeSince);
            if (rest > TimeSpan.Zero) await Task.Delay(rest, clock, ct);
            return await call(ct);
        }
        finally
        {
            lanes.Writer.TryWrite(clock.GetTimestamp());
        }
    }
}
