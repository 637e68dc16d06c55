using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>Drops slots past their retention, never those that a baseline may still need. Bars, counts and coverage stay.</summary>
public sealed class CleanupOldData(IStore store, TradingCalendar calendar, Values.ValuesOptions values, TaskOptions options) : IMaintenanceTask
{
    public string Name => TaskNames.CleanupOldData;
    public IReadOnlyList<string> After => [];

    public async Task<TaskReport> RunAsync(RunContext run, CancellationToken ct)
    {
        var report = new TaskReport();
        var needed = calendar.LastSessions(Math.Max(values.RvolLookbackSessions, options.SlotSessions), run.Session)[0];
        var retained = run.Session.AddDays(-options.SlotRetentionDays);
        var before = retained < needed ? retained : needed;
        var rows = await store.CountAsync(Dataset.Slots, DateOnly.MinValue, DateOnly.MaxValue, ct);
        var old = rows.Where(r => r.Key < before).ToArray();
        if (old.Length == 0) return report.Ok($"no slots before {before:yyyy-MM-dd}").Count("rows_before", rows.Values.Sum()).Count("rows_after", rows.Values.Sum());

        report.Worked();
        var removed = await store.DropSlotsBeforeAsync(before, ct);
        var after = await store.CountAsync(Dataset.Slots, DateOnly.MinValue, DateOnly.MaxValue, ct);
        report.Counted("slots left", after.Values.Sum(), rows.Values.Sum() - old.Sum(r => r.Value));
        var lost = rows.Where(r => r.Key >= before && after.GetValueOrDefault(r.Key) != r.Value).Select(r => r.Key).Order().ToArray();
        if (lost.Length > 0) report.Fail($"{Names.Sessions(lost)} changed although they were to stay");
        return report.Count("rows_before", rows.Values.Sum()).Count("rows_after", after.Values.Sum()).Count("rows", removed).Count("sessions", old.Length);
    }
}
