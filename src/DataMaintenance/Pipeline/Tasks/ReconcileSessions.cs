using System.Globalization;
using DataMaintenance.Pipeline.Reconciling;
using DataMaintenance.Provider;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>
/// Holds the last stored sessions against what the provider says of them now, field by field: differences go into the ledger and the newest
/// word into the store, both in one transaction. Which values are stale by it their own inputs say; the tasks that follow publish only those.
/// </summary>
public sealed class ReconcileSessions(
    IMarketSource source, IStore store, TradingCalendar calendar, RevisionTally tally, ReconcileOptions options, SlotGrid grid,
    TimeProvider clock) : IMaintenanceTask
{
    public string Name => TaskNames.ReconcileSessions;
    public IReadOnlyList<string> After => [];

    public async Task<TaskReport> RunAsync(RunContext run, CancellationToken ct)
    {
        var report = new TaskReport();
        var findings = new ReconcileFindings(store, clock);
        var sessions = run.Range ?? calendar.LastSessions(options.Sessions, run.Session);
        var bars = new DailyReconciliation(source, store, findings, tally, options, clock);
        var slots = new SlotReconciliation(source, store, calendar, grid, findings, tally, options, clock);
        var done = new List<Reconciled>();
        foreach (var session in sessions)
        {
            if (await IsStoredAsync(Dataset.Daily, session, report, ct)) done.Add(await bars.RunAsync(run, session, Age(session), report, ct));
            if (await IsStoredAsync(Dataset.Slots, session, report, ct)) done.Add(await slots.RunAsync(run, session, Age(session), report, ct));
            run.Progress(Name, session.DayNumber - sessions[0].DayNumber + 1, sessions[^1].DayNumber - sessions[0].DayNumber + 1, "days");
        }

        await new LookAgain(source, store, calendar, grid, clock).RunAsync(done, Name, report, ct);
        if (done.LastOrDefault(d => d.Dataset == Dataset.Daily && d.Compared > 0) is { } newest) tally.Reconciled(clock.GetUtcNow(), newest.Share);
        var symbols = done.SelectMany(d => d.Symbols).ToHashSet();
        report.Ok(string.Create(CultureInfo.InvariantCulture, $"{done.Count(d => d.Compared > 0):N0} series of {sessions.Count:N0} sessions compared, {symbols.Count:N0} symbols revised"));
        return report.Count("sessions", sessions.Count).Count("symbols", symbols.Count);
    }

    /// <summary>
    /// What was never loaded, or is damaged, is for the tasks that load it. What is provisional, perhaps for one refused symbol, is compared like the
    /// rest before they ask for it again: readers had these numbers, and what became of them belongs in the ledger.
    /// </summary>
    private async Task<bool> IsStoredAsync(Dataset dataset, DateOnly session, TaskReport report, CancellationToken ct)
    {
        var known = (await store.DayCoverageAsync(dataset, session, session, ct)).SingleOrDefault();
        if (known is { Rows: > 0 } && known.Rows == (await store.CountAsync(dataset, session, session, ct)).GetValueOrDefault(session)) return true;
        report.Note($"{session:yyyy-MM-dd} {dataset.ToString().ToLowerInvariant()}: {(known is null or { Rows: 0 } ? "not stored" : "rows are missing")}, so it is loaded rather than compared");
        return false;
    }

    /// <summary>1 for the newest session that has ended.</summary>
    private int Age(DateOnly session) => calendar.Sessions(session, calendar.NewestEnded(clock.GetUtcNow())).Count;
}
