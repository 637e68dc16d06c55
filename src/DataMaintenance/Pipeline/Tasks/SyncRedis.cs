using DataMaintenance.Cache;
using DataMaintenance.Values;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>
/// Publishes universe, metadata and average volumes, restores ATR and RVOL keys that are absent, old or different, and reads
/// back what is there: everything of a family that was not published just now, a random sample of the rest.
/// </summary>
public sealed class SyncRedis(FamilyRefresh family, Publisher publisher, Reader cache, ChecksOptions checks) : IMaintenanceTask
{
    public string Name => TaskNames.SyncRedis;
    public IReadOnlyList<string> After => [TaskNames.AutoRecover, TaskNames.LoadVolumeSlots, TaskNames.ReconcileSplits, TaskNames.ReconcileSessions, TaskNames.CalculateAtr, TaskNames.CalculateRvol, TaskNames.EnrichMetadata];

    /// <summary>What each of its own families is computed from, and so waits for.</summary>
    private static readonly Dictionary<Family, string[]> Own = new Dictionary<Family, string[]>
    {
        [Family.Universe] = [TaskNames.AutoRecover],
        [Family.Metadata] = [TaskNames.AutoRecover, TaskNames.EnrichMetadata],
        [Family.AverageVolume] = [TaskNames.LoadOhlc, TaskNames.AutoRecover, TaskNames.ReconcileSplits, TaskNames.ReconcileSessions],
    };

    /// <summary>A family is published as soon as its facts are here, beside what goes on with others.</summary>
    public void Prepare(RunContext run, CancellationToken ct)
    {
        if (run.Range is not null) return;
        foreach (var (kind, before) in Own) run.Begin(Name + kind, async () =>
        {
            await run.AfterAsync(before).WaitAsync(ct);
            return await RefreshAsync(kind, run, ct);
        });
    }

    private async Task<(FamilyValues? Published, TaskReport Report)> RefreshAsync(Family kind, RunContext run, CancellationToken ct)
    {
        var report = new TaskReport();
        return (await family.RunAsync(kind, run, report, ct), report);
    }

    /// <summary>What was published beside other tasks; where Redis was away then, once more now, with this task's own patience.</summary>
    private async Task<(FamilyValues? Published, TaskReport Report)> OwnAsync(Family kind, RunContext run, CancellationToken ct)
    {
        Task<(FamilyValues?, TaskReport)> Now() => RefreshAsync(kind, run, ct);
        try
        {
            return await run.TakeAsync(Name + kind, Now);
        }
        catch (RedisUnavailableException) when (run.Range is null)
        {
            return await Now();
        }
    }

    public async Task<TaskReport> RunAsync(RunContext run, CancellationToken ct)
    {
        var report = new TaskReport();
        var random = new Random((int)run.RunId);
        var kept = new List<Family>();
        foreach (var kind in Enum.GetValues<Family>())
        {
            if (run.Range is not null && await cache.DerivedAsync(kind, ct) is null)
            {
                report.Ok($"{kind.Text()}: nothing published that the backfill could have changed");
                continue;
            }

            var published = run.Computed.GetValueOrDefault(kind);
            if (Own.ContainsKey(kind))
            {
                (published, var own) = await OwnAsync(kind, run, ct);
                report.Include(own);
            }

            if (published is null) await HealAsync(kind, report, random, ct);
            else await SampleAsync(published, report, random, ct);
            kept.Add(kind);
            run.Progress(Name, (int)kind + 1, Enum.GetValues<Family>().Length, "families");
        }

        // A server flushed meanwhile has lost what was seen to be there.
        foreach (var kind in kept)
            if (await cache.DerivedAsync(kind, ct) is null) await HealAsync(kind, report, random, ct);
        return report;
    }

    /// <summary>A family published earlier: every key is compared, and those that differ are written again.</summary>
    private async Task HealAsync(Family kind, TaskReport report, Random random, CancellationToken ct)
    {
        using var alone = await family.AloneAsync(kind, ct);
        if (await family.ComputeAsync(kind, ct) is not { } values) return;
        var published = await cache.DerivedAsync(kind, ct);
        if (await family.KeepOlderAsync(values, ct) is > 0 and var kept) report.Worked().Note($"{kept:N0} {kind.Text()} values that are held back were gone from Redis, and are there again as they were before the doubt");
        await RemoveSurplusAsync(values, report, ct);
        if (published is null || published.Session != values.Session || published.Fingerprint != values.Fingerprint)
        {
            // The task of that family failed before it published, or the server lost the record of it.
            report.Worked();
            var written = await family.PublishAsync(values, ct);
            report.Counted($"{kind.Text()} keys, absent or old in Redis,", written.Written, values.Items.Count);
        }
        else if (await cache.CompareAsync(values, null, random, ct) is { Count: > 0 } differences)
        {
            report.Worked();
            var symbols = differences.Select(d => d.Symbol).ToHashSet();
            await family.RestoreAsync(values, symbols, ct);
            report.Note($"{symbols.Count:N0} {kind.Text()} keys absent or different in Redis were restored: {Names.List(symbols.Select(s => s.Text))}");
        }
        else
        {
            report.Ok($"{kind.Text()}: all {values.Items.Count:N0} keys read back equal to the store").Count(kind.Text(), values.Items.Count);
            return;
        }

        await SampleAsync(values, report, random, ct);
    }

    /// <summary>Keys nobody has a value for, as somebody else wrote them: no reader should take them for ours.</summary>
    private async Task RemoveSurplusAsync(FamilyValues values, TaskReport report, CancellationToken ct)
    {
        var surplus = (await cache.SurplusAsync(values, ct)).Where(d => !values.HeldBack.ContainsKey(d.Symbol)).ToArray();
        if (surplus.Length == 0) return;
        report.Worked();
        await publisher.RemoveNamedAsync(surplus.Select(d => d.Key), ct);
        report.Note($"{surplus.Length:N0} {values.Family.Text()} keys of symbols that have no such value were removed: {Names.List(surplus.Select(d => d.Key))}");
    }

    private async Task SampleAsync(FamilyValues values, TaskReport report, Random random, CancellationToken ct)
    {
        var absent = await cache.AbsentAsync(values, ct);
        if (absent.Count > 0)
        {
            report.Note($"{absent.Count:N0} {values.Family.Text()} keys vanished after publishing, and were published once more");
            await family.PublishAsync(values, ct);
            absent = await cache.AbsentAsync(values, ct);
        }

        if (absent.Count > 0) report.Fail($"{absent.Count:N0} {values.Family.Text()} keys are absent after publishing: {Names.List(absent.Select(s => s.Text))}");
        var differences = await cache.CompareAsync(values, checks.SampleSize, random, ct);
        var sample = Math.Min(checks.SampleSize, values.Items.Count);
        if (differences.Count > 0) report.Fail($"{differences.Count:N0} of {sample:N0} {values.Family.Text()} keys read back differ: {differences[0].Key} holds {differences[0].Found ?? "nothing"}, expected {differences[0].Expected}");
        else report.Ok($"{values.Family.Text()}: {values.Items.Count - absent.Count:N0} keys there, a sample of {sample:N0} read back equal to the store");
        report.Count(values.Family.Text(), values.Items.Count - absent.Count);
    }
}
