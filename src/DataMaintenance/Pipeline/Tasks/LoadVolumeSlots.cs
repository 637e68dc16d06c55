using System.Globalization;
using DataMaintenance.Pipeline.Checks;
using DataMaintenance.Provider;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>
/// Five-minute slots of the target session and of every recent one that is missing, provisional or damaged. Asks only for the
/// symbols and sessions whose reply is neither stored nor staged, so that a crash costs no call twice. A session whose minute file
/// is out comes from it; the others are asked symbol by symbol.
/// </summary>
public sealed class LoadVolumeSlots(
    IMarketSource source, IStore store, TradingCalendar calendar, Freshness freshness, Bounds bounds, ChecksOptions checks, TaskOptions options, SlotGrid grid, TimeProvider clock) : IMaintenanceTask
{
    public string Name => TaskNames.LoadVolumeSlots;
    public IReadOnlyList<string> After => [TaskNames.AutoRecover, TaskNames.LoadOhlc, TaskNames.ReconcileSessions];

    /// <summary>Where sessions are reconciled in the same run their slots change before this task's turn, and are counted then.</summary>
    public void Prepare(RunContext run, CancellationToken ct)
    {
        if (!run.Ends.ContainsKey(TaskNames.ReconcileSessions)) run.Begin(Name, () => CountAsync(SessionsOf(run), ct));
    }

    public async Task<TaskReport> RunAsync(RunContext run, CancellationToken ct)
    {
        var report = new TaskReport();
        var sessions = SessionsOf(run);
        var counted = await run.TakeAsync(Name, () => CountAsync(sessions, ct));
        var wanted = await new SlotGaps(source, store, freshness, clock).FindAsync(run, sessions, report, discard: true, ct, counted);
        if (wanted.Due.Count > 0)
        {
            report.Worked();
            var left = await new SlotFiles(source, store, calendar, freshness, grid, clock).LoadAsync(run, Name, wanted, report, ct);
            if (left.Due.Count > 0) await LoadAsync(run, left, report, ct);
            var after = await CountAsync([.. wanted.Due.Select(d => d.Session)], ct);
            var (before, written) = (counted, wanted.Due.Select(d => d.Session).ToHashSet());
            counted = sessions.ToDictionary(s => s, s => (written.Contains(s) ? after : before).GetValueOrDefault(s));
            report.Ok(string.Create(CultureInfo.InvariantCulture, $"{wanted.Due.Sum(d => counted[d.Session]):N0} slots of {wanted.Due.Count} sessions counted afterwards"));
        }

        await SlotsAgain.LookAsync(store, calendar, [.. sessions.Except(wanted.Due.Select(d => d.Session))], grid, Name, clock.GetUtcNow(), ct);
        await CheckAsync(run, sessions, counted, report, ct);
        return report;
    }

    private IReadOnlyList<DateOnly> SessionsOf(RunContext run) => run.Range ?? calendar.LastSessions(options.SlotSessions, run.Session);

    private Task<IReadOnlyDictionary<DateOnly, long>> CountAsync(IReadOnlyList<DateOnly> sessions, CancellationToken ct) => store.CountAsync(Dataset.Slots, sessions[0], sessions[^1], ct);

    private async Task LoadAsync(RunContext run, SlotsWanted wanted, TaskReport report, CancellationToken ct)
    {
        IReadOnlyList<SymbolFailure> failures = [];
        string? stopped = null;
        var suspicion = await SlotSuspicion.OfAsync(store, calendar, wanted.Due.Select(d => d.Session), grid, ct);
        await using var staging = new SlotStaging(store, session => freshness.IsFinal(session, clock.GetUtcNow(), run.FinalDelay), suspicion, clock,
            done => run.Progress(Name, done, wanted.BySymbol.Count, "symbols"), ct);
        try
        {
            failures = await source.SlotsAsync(wanted.BySymbol, grid, staging.AddAsync, ct);
        }
        catch (ProviderException e)
        {
            stopped = e.Message;
            report.NotReached(e);
        }
        finally
        {
            await staging.CompleteAsync();
        }

        if (failures.Count > 0)
            report.Fail($"{failures.Count:N0} symbols never answered: {Names.List(failures.Select(f => f.Symbol.Text))} ({failures[0].Error.Message})");
        if (stopped is not null) report.Fail(stopped);
        ReportRefused(staging, report);
        if (suspicion.Absent.Count > 0) report.Warn($"the files hold no minute of {Names.List(suspicion.Absent.Keys.Select(k => k.Symbol.Text).Distinct())}, of which {SlotSuspicion.LeastTraded:N0} shares and more traded");
        report.Count("replies", staging.Replies).Count("rows", staging.Rows + report.Counts.GetValueOrDefault("file_rows"));
        var bySession = wanted.BySession();
        foreach (var due in wanted.Due) await PublishAsync(run, due.Session, bySession.GetValueOrDefault(due.Session) ?? [], staging, suspicion, report, ct);
        foreach (var look in suspicion.Looks)
        {
            var found = await SlotChecks.EndAsync(store, calendar, look, [.. staging.Refused.Where(r => r.Session == look.Session).Select(r => r.Row)], Name, clock.GetUtcNow(), ct, run.Range is null && look.Session == run.Session ? run.Shared : null);
            // What a file was doubted for as a whole is judged anew now that the doubtful part of it was asked for.
            if (!look.IsWhole && await DailyChecks.IsGraveAsync(store, Rules.Slots, look.Session, ct)) found = await SlotChecks.AgainAsync(store, calendar, look.Session, grid, Name, clock.GetUtcNow(), ct);
            DailyWords.Tell(look.Session.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), found, report);
            if (look.Session == run.Session) foreach (var words in look.Words) report.Ok($"{look.Session:yyyy-MM-dd} {words}");
        }
    }

    /// <summary>Publishes a session from staging when enough of it answered; a torso stays staged and the next run goes on from it.</summary>
    private async Task PublishAsync(RunContext run, DateOnly session, IReadOnlyList<Symbol> asked, SlotStaging staging, SlotSuspicion suspicion, TaskReport report, CancellationToken ct)
    {
        var staged = await store.StagedAsync(session, ct);
        var answered = asked.Count == 0 ? 1 : asked.Count(staged.Contains) / (double)asked.Count;
        if (staged.Count == 0 || answered < PublishShare)
        {
            report.Fail($"{session:yyyy-MM-dd} not published: {answered:P0} of {asked.Count:N0} symbols answered{(staged.Count > 0 ? $"; {staged.Count:N0} replies are kept for the next run" : "")}");
            return;
        }

        var suspected = suspicion.Found.Where(f => f.Key.Session == session).ToArray();
        if (suspected.Length > 0)
            report.Add(new(suspicion.IsGrave(session) ? CheckResult.Failed : CheckResult.Warning,
                $"{session:yyyy-MM-dd}: {suspected.Length:N0} symbols cannot be whole and will be asked for again: {Names.List(suspected.Select(f => f.Key.Symbol.Text))} (first: {suspected[0].Key.Symbol} {suspected[0].Value})"));
        var asOf = clock.GetUtcNow();
        var final = freshness.IsFinal(session, asOf, run.FinalDelay);
        if (!final) report.Warn($"{session:yyyy-MM-dd} is provisional: its figures are final from {freshness.FinalAt(session, run.FinalDelay):u} on; it is due again then");
        using (Traces.Start("store publish slots", System.Diagnostics.ActivityKind.Client))
            await store.PublishSlotsAsync(session, staging.Source ?? source.SlotsSource, asOf, final && answered == 1 && suspected.Length == 0, ct);
    }

    private static void ReportRefused(SlotStaging staging, TaskReport report)
    {
        if (staging.Refused.Count == 0) return;
        var first = staging.Refused[0].Row;
        report.Warn($"{staging.Refused.Count:N0} five-minute rows refused, of {Names.List(staging.Refused.Select(r => r.Row.Symbol).Distinct())} (first: {first.Symbol} {first.Rule}: {first.Value}, expected {first.Expectation})");
    }

    /// <param name="rows">In the table, by session; of those that were written, afterwards.</param>
    private async Task CheckAsync(RunContext run, IReadOnlyList<DateOnly> sessions, IReadOnlyDictionary<DateOnly, long> rows, TaskReport report, CancellationToken ct)
    {
        var coverage = (await store.DayCoverageAsync(Dataset.Slots, sessions[0].AddDays(-120), sessions[^1].AddDays(120), ct)).ToDictionary(c => c.Date);
        foreach (var session in sessions)
        {
            var held = rows.GetValueOrDefault(session);
            var known = coverage.GetValueOrDefault(session);
            if (known is null)
            {
                if (report.Error is null) report.Fail($"{session:yyyy-MM-dd}: no slots were loaded");
            }
            else if (known.Rows != held) report.Fail($"{session:yyyy-MM-dd}: wrote {known.Rows:N0} rows, counted {held:N0} afterwards; run it again");
        }

        foreach (var session in (run.Range ?? [run.Session]).Where(coverage.ContainsKey))
        {
            var held = rows.GetValueOrDefault(session);
            report.AtLeast($"{session:yyyy-MM-dd} slots", held, bounds.Absolute(session, checks.MinSlotRows));
            report.Add(bounds.Learned($"{session:yyyy-MM-dd} slots", session, held, coverage.Values.Select(c => (c.Date, c.Rows))));
        }

        var symbols = await store.SymbolCoverageAsync(Dataset.Slots, run.Session, ct);
        report.Count("symbols", symbols.Values.Count(c => c.Rows > 0)).Count("silent", symbols.Values.Count(c => c.Rows == 0)).Count("session_rows", rows.GetValueOrDefault(run.Session));
        if (!report.Counts.ContainsKey("rows")) report.Count("rows", report.Counts.GetValueOrDefault("file_rows"));
    }

    private const double PublishShare = 0.8;
}
