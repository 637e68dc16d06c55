using DataMaintenance.Values;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>ATR and ATR% of every active symbol with enough bars, to Redis.</summary>
public sealed class CalculateAtr(FamilyRefresh family, ChecksOptions checks) : IMaintenanceTask
{
    public string Name => TaskNames.CalculateAtr;
    public IReadOnlyList<string> After => [TaskNames.LoadOhlc, TaskNames.AutoRecover, TaskNames.ReconcileSplits, TaskNames.ReconcileSessions];

    public async Task<TaskReport> RunAsync(RunContext run, CancellationToken ct)
    {
        var report = new TaskReport();
        if (await family.RunAsync(Family.Atr, run, report, ct) is not { } atr) return report;
        var wrong = atr.Items.Cast<AtrValue>().Where(v => !double.IsFinite(v.Atr) || v.Atr < 0 || !double.IsFinite(v.AtrPercent)).Select(v => v.Symbol.Text).ToArray();
        if (wrong.Length > 0) report.Fail($"{wrong.Length:N0} symbols have an ATR that is no number of at least 0: {Names.List(wrong)}");
        report.AtLeast("symbols with an ATR", atr.Items.Count, checks.MinAtrSymbols);
        report.AtLeast("share of the symbols with enough bars", atr.Items.Count == 0 ? 0 : 1 - ((double)wrong.Length / atr.Items.Count), checks.MinAtrRatio);
        return report.Ok($"{atr.TooShort:N0} symbols have too few bars and so no ATR").Count("symbols", atr.Items.Count).Count("too_short", atr.TooShort);
    }
}
