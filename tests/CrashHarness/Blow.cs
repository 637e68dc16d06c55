namespace CrashHarness;

public enum Target { Service, Postgres, Redis, Provider }

public enum Harm { Kill, Freeze, Terminate }

/// <summary>One thing done from outside, at one moment of an attempt.</summary>
/// <param name="After">Since the attempt's start, or since the line or request waited for.</param>
/// <param name="Lines">Lines the service has said by then; 0 = not waited for.</param>
/// <param name="Requests">Requests the provider has answered by then; 0 = not waited for.</param>
/// <param name="Lasts">How long a server stays away, or frozen.</param>
/// <param name="WaitsForLease">After a kill, the next start waits for the dead leader's lease, as it would in life.</param>
public sealed record Blow(Target Target, Harm Harm, TimeSpan After, int Lines, long Requests, TimeSpan Lasts, bool WaitsForLease)
{
    public static Blow Of(Random random, StoreKind store, Expectation expectation)
    {
        var (target, harm) = random.Next(100) switch
        {
            < 66 => (Target.Service, Harm.Kill),
            < 72 => (Target.Service, Harm.Terminate),
            < 78 => (Target.Redis, Harm.Kill),
            < 82 => (Target.Redis, Harm.Freeze),
            < 87 => (Target.Provider, Harm.Kill),
            < 90 => (Target.Provider, Harm.Freeze),
            < 96 => (Target.Postgres, Harm.Kill),
            _ => (Target.Postgres, Harm.Freeze),
        };
        if (store == StoreKind.Embedded && target == Target.Postgres) (target, harm) = (Target.Service, Harm.Kill);
        var (lines, requests) = random.Next(100) switch
        {
            < 45 => (0, 0L),
            < 80 => (random.Next(1, expectation.Lines + 1), 0L),
            _ => (0, random.NextInt64(1, Math.Max(2, expectation.Requests))),
        };
        var after = lines == 0 && requests == 0 ? expectation.Took.TotalMilliseconds * 1.1 : 150;
        // Past a lease, rarely: the service loses the lead by it.
        var lasts = target == Target.Postgres && harm == Harm.Freeze && random.Next(4) == 0 ? 20_000 : random.Next(50, 2_500);
        return new(target, harm, TimeSpan.FromMilliseconds(random.NextDouble() * after), lines, requests, TimeSpan.FromMilliseconds(lasts), random.Next(6) == 0);
    }

    public override string ToString() =>
        $"{Harm} {Target} {After.TotalMilliseconds:0} ms {(Lines > 0 ? $"after line {Lines}" : Requests > 0 ? $"after request {Requests}" : "in")}{(Target == Target.Service ? WaitsForLease ? ", lease waited for" : "" : $", for {Lasts.TotalMilliseconds:0} ms")}";

    /// <summary>Waits for the moment, then strikes and, where a server was struck, brings it back.</summary>
    /// <returns>Whether what was to be struck was there.</returns>
    public async Task<bool> StrikeAsync(Lane lane, Attempt attempt, CancellationToken ct)
    {
        if (Lines > 0) await attempt.Process.UntilLinesAsync(Lines, ct);
        if (Requests > 0) await RequestsAsync(lane.Provider, attempt, ct);
        await Task.Delay(After, ct);
        if (Target == Target.Service)
        {
            attempt.WasSignalled = true;
            return attempt.Process.Signal(Harm == Harm.Kill ? Signal.Kill : Signal.Term);
        }

        Server server = Target switch { Target.Redis => lane.Redis, Target.Provider => lane.Provider, _ => lane.Postgres! };
        if (Harm == Harm.Kill) await server.KillAsync();
        else server.Freeze();
        await Task.Delay(Lasts, ct);
        if (Harm == Harm.Kill) await server.StartAsync(ct);
        else server.Thaw();
        return true;
    }

    private async Task RequestsAsync(Provider provider, Attempt attempt, CancellationToken ct)
    {
        var from = await provider.RequestsAsync(ct) ?? 0;
        while (!attempt.Process.HasEnded && (await provider.RequestsAsync(ct) ?? 0) - from < Requests) await Task.Delay(5, ct);
    }
}
