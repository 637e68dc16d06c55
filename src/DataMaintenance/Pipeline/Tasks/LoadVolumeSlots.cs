using System.Globalization;
using DataMaintenance.Provider;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>
/// Five-minute slots of the target session and of every recent one that is missing, provisional or damaged. Asks only for the
/// symbols and sessions whose reply is neither stored nor staged, so that a crash costs no call twice.
/// </summary>
public sealed class LoadVolumeSlots(
    IMarketSource source, IStore store, TradingCalendar calendar, Freshness freshness, Bounds bounds, ChecksOptions checks, TaskOptions options, SlotGrid grid, TimeProvider clock) : IMaintenanceTask
{
    public string Name => TaskNames.LoadVolumeSlots;
    public IReadOnlyList<string> After => [TaskNames.AutoRecover, TaskNames.LoadOhlc];

    public async Task<TaskReport> RunAsync(RunContext run, CancellationToken ct)
    {
        var report = new TaskReport();
        var sessions = run.Range ?? calendar.LastSessions(options.SlotSessions, run.Session);
        var gaps = new SlotGaps(source, store, freshness, clock);
        var wanted = await gaps.FindAsync(run, sessions, report, discard: true, ct);
        if (wanted.Due.Count > 0)
        {
            report.Worked();
            await LoadAsync(run, wanted, report, ct);
        }

        await CheckAsync(run, sessions, report, ct);
        return report;
    }

    private async Task LoadAsync(RunContext run, SlotsWanted wanted, TaskReport report, CancellationToken ct)
    {
        IReadOnlyList<SymbolFailure> failures = [];
        string? stopped = null;
        await using var staging = new SlotStaging(store, session => freshness.IsFinal(session, clock.GetUtcNow(), run.FinalDelay), clock,
            done => run.Progress(Name, done, wanted.BySymbol.Count, "symbols"), ct);
        try
        {
            failures = await source.SlotsAsync(wanted.BySymbol, grid, staging.AddAsync, ct);
        }
        catch (ProviderException e)
        {
            stopped = e.Message;
        }
        finally
        {
            await staging.CompleteAsync();
        }

        if (staging.Refused.Count > 0)
        {
            foreach (var session in wanted.Due.Select(d => d.Session))
                await Findings.SaveAsync(store, "slots", session, [.. staging.Refused.Where(r => r.Session == session).Select(r => (r.Row.Symbol, r.Row.Rule, r.Row.Value, r.Row.Expectation))], clock.GetUtcNow(), ct);
            report.Warn($"{staging.Refused.Count:N0} five-minute rows refused (first: {staging.Refused[0].Row.Symbol} {staging.Refused[0].Row.Rule}: {staging.Refused[0].Row.Value}, expected {staging.Refused[0].Row.Expectation})");
        }

        if (failures.Count > 0)
            report.Fail($"{failures.Count:N0} symbols never answered: {Names.List(failures.Select(f => f.Symbol.Text))} ({failures[0].Error.Message})");
        if (stopped is not null) report.Fail($"stopped by the source: {stopped}");

        report.Count("replies", staging.Replies).Count("rows", staging.Rows);
        // Below this share a session would be published as a torso; what came stays staged and the next run goes on from it.
        var answered = wanted.BySymbol.Count == 0 ? 1 : 1 - ((double)failures.Count / wanted.BySymbol.Count);
        if (stopped is not null || answered < PublishShare)
        {
            report.Fail($"{Names.Sessions([.. wanted.Due.Select(d => d.Session)])} not published: {answered:P0} of the symbols answered; {staging.Replies:N0} replies are kept");
            return;
        }

        foreach (var due in wanted.Due)
        {
            var asOf = clock.GetUtcNow();
            await store.PublishSlotsAsync(due.Session, staging.Source ?? source.Name, asOf, failures.Count == 0 && freshness.IsFinal(due.Session, asOf, run.FinalDelay), ct);
        }
    }

    private async Task CheckAsync(RunContext run, IReadOnlyList<DateOnly> sessions, TaskReport report, CancellationToken ct)
    {
        var rows = await store.CountAsync(Dataset.Slots, sessions[0], sessions[^1], ct);
        var coverage = (await store.DayCoverageAsync(Dataset.Slots, sessions[0].AddDays(-120), sessions[^1].AddDays(120), ct)).ToDictionary(c => c.Date);
        foreach (var session in sessions)
        {
            var held = rows.GetValueOrDefault(session);
            var known = coverage.GetValueOrDefault(session);
            if (known is null)
            {
                if (session == run.Session || run.Range is not null) report.Fail($"{session:yyyy-MM-dd}: no slots were loaded");
                else report.Warn($"{session:yyyy-MM-dd}: no slots were loaded");
            }
            else if (known.Rows != held) report.Fail($"{session:yyyy-MM-dd}: wrote {known.Rows:N0} rows, counted {held:N0} afterwards; run it again");
        }

        if (report.DidWork) report.Ok(string.Create(CultureInfo.InvariantCulture, $"{rows.Values.Sum():N0} slots of {rows.Count} sessions counted afterwards"));
        foreach (var session in run.Range ?? [run.Session])
        {
            var held = rows.GetValueOrDefault(session);
            report.AtLeast($"{session:yyyy-MM-dd} slots", held, bounds.Absolute(session, checks.MinSlotRows));
            report.Add(bounds.Learned($"{session:yyyy-MM-dd} slots", session, held, coverage.Values.Select(c => (c.Date, c.Rows))));
            if (held > 0) await new SlotsAgainstDaily(store).CheckAsync(session, report, ct);
        }

        var symbols = await store.SymbolCoverageAsync(Dataset.Slots, run.Session, ct);
        report.Count("symbols", symbols.Values.Count(c => c.Rows > 0)).Count("silent", symbols.Values.Count(c => c.Rows == 0)).Count("session_rows", rows.GetValueOrDefault(run.Session));
        if (!report.Counts.ContainsKey("rows")) report.Count("rows", 0);
    }

    private const double PublishShare = 0.8;
}
