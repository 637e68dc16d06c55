using DataMaintenance.Store;
using DataMaintenance.Values;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>Time-of-day volume baselines of every active symbol that traded lately, to Redis.</summary>
public sealed class CalculateRvol(FamilyRefresh family, IStore store, Bounds bounds) : IMaintenanceTask
{
    public string Name => TaskNames.CalculateRvol;
    public IReadOnlyList<string> After => [TaskNames.LoadVolumeSlots, TaskNames.AutoRecover, TaskNames.ReconcileSplits, TaskNames.ReconcileSessions];

    public void Prepare(RunContext run, CancellationToken ct)
    {
        if (run.Range is null && !run.Force && run.Shared is { } shared) run.Begin(Name, async () =>
        {
            await family.ReadAheadAsync(run.Session, shared, ct);
            return true;
        });
    }

    public async Task<TaskReport> RunAsync(RunContext run, CancellationToken ct)
    {
        var report = new TaskReport();
        if (await family.RunAsync(Family.Rvol, run, report, ct) is not { } rvol) return report;
        var falling = rvol.Items.Cast<RvolValue>().Where(v => !NonDecreasing(v.AverageVolume)).Select(v => v.Symbol.Text).ToArray();
        if (falling.Length > 0) report.Fail($"{falling.Length:N0} baselines fall from one slot to the next: {Names.List(falling)}");
        else report.Ok($"{rvol.Items.Count:N0} baselines, none falls from one slot to the next");
        var history = await store.LearnedCountsAsync(Name, "symbols", rvol.Session, 60, ct);
        report.Add(bounds.Learned("baselines", rvol.Session, rvol.Items.Count, history));
        if (rvol.Items.Count == 0) report.Fail("no symbol has a baseline");
        return report.Count("symbols", rvol.Items.Count);
    }

    private static bool NonDecreasing(double[] curve)
    {
        for (var i = 1; i < curve.Length; i++) if (curve[i] < curve[i - 1]) return false;
        return true;
    }
}
