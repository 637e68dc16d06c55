using System.Globalization;
using DataMaintenance.Pipeline.Checks;
using DataMaintenance.Provider;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>Daily bars of the target session and of every recent one that is missing, short or provisional: one call a session.</summary>
public sealed class LoadOhlc(
    IMarketSource source, IStore store, TradingCalendar calendar, Freshness freshness, Bounds bounds, ChecksOptions checks, TaskOptions options, TimeProvider clock) : IMaintenanceTask
{
    public string Name => TaskNames.LoadOhlc;
    public IReadOnlyList<string> After => [TaskNames.ReconcileSessions];

    public async Task<TaskReport> RunAsync(RunContext run, CancellationToken ct)
    {
        var report = new TaskReport();
        var sessions = run.Range ?? calendar.LastSessions(options.DailySessions, run.Session);
        var due = await WithSilentAsync(sessions, await freshness.DueAsync(Dataset.Daily, sessions, clock.GetUtcNow(), run.FinalDelay, run.Force, ct), ct);
        if (due.Count > 0) report.Worked();
        if (due.Count is > 0 and <= 5) foreach (var d in due) report.Note($"{d.Session:yyyy-MM-dd} was due: {d.Why}");

        var loaded = await LoadAsync(run, due, report, ct);
        await CheckAsync(run, sessions, loaded, report, ct);
        return report;
    }

    /// <summary>A session that says of somebody that there is no bar is asked for once more when slots that came later say otherwise.</summary>
    private async Task<IReadOnlyList<Due>> WithSilentAsync(IReadOnlyList<DateOnly> sessions, IReadOnlyList<Due> due, CancellationToken ct)
    {
        var said = (await store.OpenFindingsAsync(Rules.Slots, sessions[0], sessions[^1], ct)).Where(f => f.Rule == Rules.Untold.Name && f.Symbol is not null).ToLookup(f => f.Date);
        if (said.Count == 0) return due;
        var known = (await store.DayCoverageAsync(Dataset.Daily, sessions[0], sessions[^1], ct)).ToDictionary(c => c.Date, c => c.AsOf);
        return
        [
            .. due.Concat(sessions.Except(due.Select(d => d.Session)).Where(s => known.TryGetValue(s, out var asOf) && said[s].Any(f => f.FoundAt >= asOf))
                .Select(s => new Due(s, DueReason.Short, $"{Names.List(said[s].Select(f => f.Symbol!.Value.Text))} traded in slots that came later, and has no bar"))).OrderBy(d => d.Session),
        ];
    }

    private async Task<IReadOnlyDictionary<DateOnly, DailyReply>> LoadAsync(RunContext run, IReadOnlyList<Due> due, TaskReport report, CancellationToken ct)
    {
        var loaded = new Dictionary<DateOnly, DailyReply>();
        var failures = new List<(DateOnly Session, ProviderException Error)>();
        // Fetched a few ahead of the one being saved; the source bounds its own concurrency.
        var ahead = new Queue<(DateOnly Session, Task<DailyReply> Reply)>();
        var looks = due.Count == 0 ? null : await DailyChecks.OpenAsync(store, calendar, Name, () => SplitsAsync(ct), due[0].Session, due[^1].Session, ct);
        var next = 0;
        while (next < due.Count || ahead.Count > 0)
        {
            while (next < due.Count && ahead.Count < FetchAhead) ahead.Enqueue((due[next].Session, source.DailyAsync(due[next++].Session, ct)));
            var (session, fetch) = ahead.Dequeue();
            try
            {
                var reply = await fetch;
                if (reply.Bars.Count == 0) throw new ProviderException(ProviderFault.NotYet, reply.Source, $"no bar at all for the session {session:yyyy-MM-dd}; not published yet, or a fault at the source");
                await SaveAsync(run, reply, looks!, report, ct);
                loaded[session] = reply;
            }
            catch (ProviderException e)
            {
                failures.Add((session, e));
            }

            run.Progress(Name, loaded.Count + failures.Count, due.Count, "sessions");
        }

        Report(run, failures, report);
        return loaded;
    }

    private async Task SaveAsync(RunContext run, DailyReply reply, DailyChecks looks, TaskReport report, CancellationToken ct)
    {
        var asOf = clock.GetUtcNow();
        var verdict = await looks.JudgeAsync(reply, asOf, ct);
        DailyWords.Tell(verdict, report, reply.Date == run.Session);
        if (verdict.IsOld) throw new ProviderException(ProviderFault.Nonsense, reply.Source, $"what came for {reply.Date:yyyy-MM-dd} are the bars of an earlier session; nothing of it was taken");

        // A session that lacks a symbol the source did send, only wrongly, or that as a whole cannot be right, is due again.
        var (ended, missing) = (freshness.IsFinal(reply.Date, asOf, run.FinalDelay), verdict.Lost.Select(s => s.Text).ToArray());
        var final = ended && missing.Length == 0 && !await DailyChecks.IsGraveAsync(store, Rules.Daily, reply.Date, ct);
        using (Traces.Start("store publish daily", System.Diagnostics.ActivityKind.Client))
            await store.SaveDailyAsync(reply.Date, verdict.Good, verdict.Silent, reply.Source, asOf, final, ct);
        if (!ended) report.Warn($"{reply.Date:yyyy-MM-dd} is provisional: its figures are final from {freshness.FinalAt(reply.Date, run.FinalDelay):u} on; it is due again then");
        if (verdict.Refused.Count == 0) return;
        var first = (missing.Length > 0 ? verdict.Refused.First(r => r.Symbol is { } s && verdict.Lost.Contains(s)) : verdict.Refused[0]).Breach;
        if (missing.Length > 0) report.Fail($"{reply.Date:yyyy-MM-dd}: rows refused, so these have no bar: {Names.List(missing)} ({first.Rule}: {first.Value}, expected {first.Expectation})");
        else report.Warn($"{reply.Date:yyyy-MM-dd}: {verdict.Refused.Count:N0} rows refused, no symbol lost by it (first: {verdict.Refused[0].Symbol} {first.Rule} {first.Value})");
    }

    /// <summary>For an empty store, whose own list comes later in the run; without one, steps are judged as if nothing had split.</summary>
    private async Task<IReadOnlyList<ListedSplit>> SplitsAsync(CancellationToken ct)
    {
        try
        {
            return await source.SplitsAsync(ct);
        }
        catch (ProviderException)
        {
            return [];
        }
    }

    /// <summary>A source that simply does not reach back is a warning for older sessions, never for the target.</summary>
    private static void Report(RunContext run, List<(DateOnly Session, ProviderException Error)> failures, TaskReport report)
    {
        var notYet = failures.Count(f => f.Error.Fault == ProviderFault.NotYet);
        if (notYet > 0) report.Count(TaskReport.NotYet, notYet);
        foreach (var group in failures.GroupBy(f => f.Session != run.Session && run.Range is null && f.Error.Fault is ProviderFault.NotFound or ProviderFault.TooOld))
        {
            var sessions = group.Select(f => f.Session).Order().ToArray();
            var text = $"{Names.Sessions(sessions)} not loaded: {group.First().Error.Message}";
            if (group.Key) report.Warn(text);
            else report.NotReached(group.First().Error).Fail(text);
        }
    }

    private async Task CheckAsync(RunContext run, IReadOnlyList<DateOnly> sessions, IReadOnlyDictionary<DateOnly, DailyReply> loaded, TaskReport report, CancellationToken ct)
    {
        var rows = await store.CountAsync(Dataset.Daily, sessions[0], sessions[^1], ct);
        var history = await store.DayCoverageAsync(Dataset.Daily, run.Session.AddDays(-120), run.Session.AddDays(120), ct);
        foreach (var (session, reply) in loaded)
        {
            var coverage = history.FirstOrDefault(c => c.Date == session) ?? (await store.DayCoverageAsync(Dataset.Daily, session, session, ct)).SingleOrDefault();
            var held = rows.GetValueOrDefault(session);
            if (coverage is null || coverage.Rows != held || coverage.Rows > reply.Bars.Count)
                report.Fail($"{session:yyyy-MM-dd}: received {reply.Bars.Count:N0} bars, coverage says {coverage?.Rows ?? 0:N0}, {held:N0} counted afterwards; run it again");
        }

        if (loaded.Count > 0) report.Ok(string.Create(CultureInfo.InvariantCulture, $"{loaded.Values.Sum(r => r.Bars.Count):N0} bars of {loaded.Count} sessions counted afterwards"));
        var judged = run.Range is null ? [run.Session] : sessions;
        foreach (var session in judged)
        {
            var held = rows.GetValueOrDefault(session);
            report.AtLeast($"{session:yyyy-MM-dd} symbols", held, bounds.Absolute(session, checks.MinDailySymbols));
            report.Add(bounds.Learned($"{session:yyyy-MM-dd} symbols", session, held, history.Select(c => (c.Date, c.Rows))));
        }

        report.Count("sessions", loaded.Count).Count("symbols", rows.GetValueOrDefault(run.Session)).Count("rows", loaded.Values.Sum(r => (double)r.Bars.Count));
    }

    private const int FetchAhead = 4;
}
