using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>
/// Drops slots past their retention, never those that a baseline may still need, and compresses those past the sessions that are still corrected,
/// where the engine can. Bars, counts and coverage stay.
/// </summary>
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
        var removed = old.Length == 0 ? 0 : await store.DropSlotsBeforeAsync(before, ct);
        var compressed = await store.CompressSlotsBeforeAsync(needed, ct);
        if (old.Length == 0) report.Ok($"no slots before {before:yyyy-MM-dd}");
        else report.Worked().Note($"slots of {old.Length} sessions before {before:yyyy-MM-dd} dropped");
        Say(compressed, report);

        var after = await store.CountAsync(Dataset.Slots, DateOnly.MinValue, DateOnly.MaxValue, ct);
        report.Counted("slots left", after.Values.Sum(), rows.Values.Sum() - old.Sum(r => r.Value));
        var lost = rows.Where(r => r.Key >= before && after.GetValueOrDefault(r.Key) != r.Value).Select(r => r.Key).Order().ToArray();
        if (lost.Length > 0) report.Fail($"{Names.Sessions(lost)} changed although they were to stay");
        return report.Count("rows_before", rows.Values.Sum()).Count("rows_after", after.Values.Sum()).Count("rows", removed).Count("sessions", old.Length).Count("compressed", compressed.Sessions);
    }

    private static void Say(SlotCompression compressed, TaskReport report)
    {
        if (compressed.Sessions > 0) report.Worked();
        report.Note(compressed.Unavailable ?? $"slots of {compressed.Sessions} sessions compressed; all compressed ones take {compressed.BytesAfter / 1e6:N0} MB instead of {compressed.BytesBefore / 1e6:N0} MB");
    }
}
