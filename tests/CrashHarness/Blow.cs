namespace CrashHarness;

public enum Target { Service, Postgres, Redis, Provider, Disk }

public enum Harm { Kill, Freeze, Terminate, Fill }

/// <summary>One thing done from outside, at one moment of an attempt.</summary>
/// <param name="After">Since the attempt's start, or since the line or request waited for.</param>
/// <param name="Lines">Lines the service has said by then; 0 = not waited for.</param>
/// <param name="Requests">Requests the provider has answered by then; 0 = not waited for.</param>
/// <param name="Lasts">How long a server stays away, or frozen, or the disk full.</param>
/// <param name="WaitsForLease">After a kill, the next start waits for the dead leader's lease, as it would in life.</param>
/// <param name="Leaves">Bytes that a filled disk still takes.</param>
/// <param name="AtStart">Before the service is started.</param>
public sealed record Blow(Target Target, Harm Harm, TimeSpan After, int Lines, long Requests, TimeSpan Lasts, bool WaitsForLease, long Leaves, bool AtStart)
{
    public static Blow Of(Random random, Lane lane, Expectation expectation)
    {
        var (target, harm) = lane.OnlyDisk ? (Target.Disk, Harm.Fill) : random.Next(100) switch
        {
            < 80 => (Target.Service, Harm.Kill),
            < 83 => (Target.Service, Harm.Terminate),
            < 86 => (Target.Redis, Harm.Kill),
            < 88 => (Target.Redis, Harm.Freeze),
            < 91 => (Target.Provider, Harm.Kill),
            < 93 => (Target.Provider, Harm.Freeze),
            < 96 => (Target.Postgres, Harm.Kill),
            < 98 => (Target.Postgres, Harm.Freeze),
            _ => (Target.Disk, Harm.Fill),
        };
        if ((target == Target.Postgres && lane.Store == StoreKind.Embedded) || (target == Target.Disk && !lane.Disk.CanFill)) (target, harm) = (Target.Service, Harm.Kill);
        // The service is killed early rather than late: what goes on where another was killed has less to do.
        var part = random.NextDouble() * (target == Target.Service ? random.NextDouble() : 1);
        var (lines, requests) = random.Next(100) switch
        {
            < 25 => (0, 0L),
            < 65 => (1 + (int)(part * expectation.Lines), 0L),
            _ => (0, 1 + (long)(part * expectation.Requests)),
        };
        var after = lines == 0 && requests == 0 ? part * expectation.Took.TotalMilliseconds * 1.1 : random.NextDouble() * 150;
        // Past a lease, rarely: the service loses the lead by it.
        var lasts = target == Target.Postgres && harm == Harm.Freeze && random.Next(4) == 0 ? 20_000 : random.Next(50, target == Target.Disk ? 6_000 : 2_500);
        var leaves = random.Next(2) == 0 ? 0 : random.NextInt64(lane.Store == StoreKind.Postgres ? 4_000_000 : 400_000);
        var atStart = target == Target.Disk && random.Next(4) == 0;
        return new(target, harm, TimeSpan.FromMilliseconds(after), atStart ? 0 : lines, atStart ? 0 : requests, TimeSpan.FromMilliseconds(lasts), random.Next(20) == 0, leaves, atStart);
    }

    public override string ToString() => $"{Harm} {Target} {(AtStart ? "before the start" : $"{After.TotalMilliseconds:0} ms {(Lines > 0 ? $"after line {Lines}" : Requests > 0 ? $"after request {Requests}" : "in")}")}"
        + (Target == Target.Service ? WaitsForLease ? ", lease waited for" : "" : $", for {Lasts.TotalMilliseconds:0} ms")
        + (Target == Target.Disk ? $", but for {Leaves / 1_000} kB" : "");

    /// <summary>Waits for the moment, then strikes and, where a server or the disk was struck, brings it back.</summary>
    /// <returns>Whether what was to be struck was there.</returns>
    public async Task<bool> StrikeAsync(Lane lane, Attempt attempt, CancellationToken ct)
    {
        if (Lines > 0) await attempt.Process.UntilLinesAsync(Lines, ct);
        if (Requests > 0) await RequestsAsync(lane.Provider, attempt, ct);
        // One that ended before its moment need not be waited for.
        if (!AtStart) await attempt.Process.EndedAsync(After);
        if (Target == Target.Service)
        {
            attempt.WasSignalled = true;
            return attempt.Process.Signal(Harm == Harm.Kill ? Signal.Kill : Signal.Term);
        }

        if (Target == Target.Disk)
        {
            if (!AtStart) lane.Disk.Fill(Leaves);
            await LastAsync(attempt, ct);
            await lane.FreeDiskAsync(ct);
            return true;
        }

        Server server = Target switch { Target.Redis => lane.Redis, Target.Provider => lane.Provider, _ => lane.Postgres! };
        if (Harm == Harm.Kill) await server.KillAsync();
        else server.Freeze();
        await LastAsync(attempt, ct);
        if (Harm == Harm.Kill) await server.StartAsync(ct);
        else server.Thaw();
        return true;
    }

    /// <summary>Once the attempt has ended there is nobody left to be without.</summary>
    private async Task LastAsync(Attempt attempt, CancellationToken ct)
    {
        await attempt.Process.EndedAsync(Lasts);
        ct.ThrowIfCancellationRequested();
    }

    private async Task RequestsAsync(Provider provider, Attempt attempt, CancellationToken ct)
    {
        var from = await provider.RequestsAsync(ct) ?? 0;
        while (!attempt.Process.HasEnded && (await provider.RequestsAsync(ct) ?? 0) - from < Requests) await Task.Delay(10, ct);
    }
}
