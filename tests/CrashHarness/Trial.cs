namespace CrashHarness;

/// <summary>What came of one trial.</summary>
/// <param name="Kills">SIGKILLs of the service that met a living process.</param>
/// <param name="Failures">Empty when it ended in exactly the undisturbed result, and every account of it was true.</param>
public sealed record Outcome(int Seed, Scenario Scenario, int Kills, IReadOnlyList<Blow> Blows, IReadOnlyList<string> Failures);

/// <summary>A scenario, struck some times at moments that the seed decides, then left to finish, then judged.</summary>
public sealed class Trial(Lane lane, int seed)
{
    private const int FewestBlows = 2, MostBlows = 12;

    /// <summary>Where all is done there is little left to strike: only one trial in so many goes on striking it.</summary>
    private const int StruckOnEvery = 4;

    /// <summary>The exports are computed from tables that every trial compares; one trial in so many asks for them all the same.</summary>
    private const int ExportsEvery = 5;
    private const int AttemptsToFinish = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(100);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<Attempt> attempts = [];
    private readonly List<Blow> struck = [];
    private readonly List<string> failures = [];
    private int kills;

    public async Task<Outcome> RunAsync(IReadOnlyList<Scenario> scenarios, CancellationToken ct)
    {
        var random = new Random(seed);
        var scenario = scenarios[random.Next(scenarios.Count)];
        var site = await lane.PrepareAsync(scenario, embeddedRedis: lane.Store == StoreKind.Embedded && scenario != Scenario.Serving && random.Next(3) == 0);
        try
        {
            var onAndOn = random.Next(StruckOnEvery) == 0;
            for (var blows = random.Next(FewestBlows, MostBlows + 1); blows > 0 && (onAndOn || !attempts.Any(a => a.SaidDone)); blows--)
                await StrikeAsync(Blow.Of(random, lane, lane.Expected(scenario)), site, scenario, ct);
            await FinishAsync(site, scenario, ct);
            if (failures.Count == 0) failures.AddRange(await JudgeAsync(lane, site, scenario, attempts, exports: seed % ExportsEvery == 0, ct));
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            failures.Add($"{e.GetType().Name}: {e.Message}");
        }
        finally
        {
            foreach (var attempt in attempts) attempt.Dispose();
            foreach (var server in lane.Servers) server.Thaw();
            await lane.FreeDiskAsync(ct);
        }

        if (failures.Count == 0) await lane.RemoveAsync(site);
        else failures.Add($"what its processes said is kept in {await lane.KeepAsync(site, seed, attempts, ct)}");
        return new(seed, scenario, kills, struck, failures);
    }

    private async Task StrikeAsync(Blow blow, Site site, Scenario scenario, CancellationToken ct)
    {
        struck.Add(blow);
        if (blow.AtStart) lane.Disk.Fill(blow.Leaves);
        var attempt = Attempt.Start(lane, site, scenario);
        attempts.Add(attempt);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var ending = attempt.EndAsync(scenario == Scenario.Serving && blow.Target != Target.Service ? Patience : Limit, ended.Token);
        if (!await blow.StrikeAsync(lane, attempt, ct)) (blow, attempt.WasSignalled) = (blow with { Target = Target.Provider }, false);
        if (blow is { Target: Target.Service, Harm: Harm.Kill })
        {
            kills++;
            await attempt.Process.EndedAsync(TimeSpan.FromSeconds(10));
            await ended.CancelAsync();
            await ending.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            if (await Journal.AheadAsync(lane, site, ct) is { } ahead) failures.Add(ahead);
            if (!blow.WaitsForLease) await lane.EndLeaseAsync(site);
            return;
        }

        if (blow is { Target: Target.Service } && !await attempt.Process.EndedAsync(TimeSpan.FromSeconds(11))) failures.Add($"did not end within 11 s of SIGTERM: {attempt.Process.Said}");
        // It may fail, and say so; it may not hang. A service tries again at hours of its own, which need not be waited for.
        if (await ending is { } reason && !attempt.Process.HasEnded && scenario != Scenario.Serving) failures.Add(reason);
        failures.AddRange(Complaints(blow, attempt, scenario));
        Abandon(attempt);
    }

    /// <summary>What an attempt that nobody signalled may not do: a service ends by itself only before it serves, and what failed for want of room says so.</summary>
    private static IEnumerable<string> Complaints(Blow blow, Attempt attempt, Scenario scenario)
    {
        if (attempt.WasSignalled || attempt.SaidDone || !attempt.Process.HasEnded) yield break;
        var said = attempt.Process.Said;
        if (scenario == Scenario.Serving && said.Contains("\"service_started\"", StringComparison.Ordinal)) yield return $"the service ended by itself: {said}";
        // A PostgreSQL without room for its log ends, and then there is nobody to say why.
        string[] reasons = blow.Target != Target.Disk ? [""] : attempt.OnServer ? ["is full", "does not answer", "is going down or coming up"] : ["is full"];
        if (!reasons.Any(r => said.Contains(r, StringComparison.Ordinal))) yield return $"failed on a full disk without saying so: {said}";
    }

    private async Task FinishAsync(Site site, Scenario scenario, CancellationToken ct)
    {
        for (var left = AttemptsToFinish; left > 0; left--)
        {
            var attempt = Attempt.Start(lane, site, scenario);
            attempts.Add(attempt);
            if (await attempt.EndAsync(Limit, ct) is not { } reason) return;
            Abandon(attempt);
            if (left == 1) failures.Add($"does not finish in {AttemptsToFinish} undisturbed attempts; the last: {reason}");
        }
    }

    /// <summary>One that has gone on for long enough is killed, and its exit says nothing of its runs.</summary>
    private static void Abandon(Attempt attempt)
    {
        if (attempt.Process.Signal(Signal.Kill)) attempt.WasSignalled = true;
    }

    /// <summary>One line for each thing that is not as an undisturbed run leaves it, and for each untrue account.</summary>
    public static async Task<List<string>> JudgeAsync(Lane lane, Site site, Scenario scenario, IReadOnlyList<Attempt> attempts, bool exports, CancellationToken ct)
    {
        // First, while Redis is as the last attempt left it.
        return
        [
            .. site.EmbeddedRedis ? [] : await LookAsync(async () => { await lane.CommandAsync(site, "verify"); return []; }),
            .. await LookAsync(() => Journal.UntruthsAsync(lane, site, attempts, ct)),
            .. await LookAsync(async () => lane.Expected(scenario).Evidence.Differences(await Evidence.OfAsync(lane, site, exports, ct))),
        ];
    }

    /// <summary>A command that fails over what is there has noticed it, and does not keep the others from looking.</summary>
    private static async Task<IReadOnlyList<string>> LookAsync(Func<Task<IEnumerable<string>>> look)
    {
        try
        {
            return [.. await look()];
        }
        catch (InvalidOperationException e)
        {
            return [e.Message];
        }
    }
}
