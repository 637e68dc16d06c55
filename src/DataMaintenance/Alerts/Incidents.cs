using System.Globalization;
using DataMaintenance.Pipeline;
using DataMaintenance.Schedule;
using Market;

namespace DataMaintenance.Alerts;

/// <summary>The incidents that stand, derived from what is recorded and nothing else: the same snapshot gives the same list.</summary>
internal sealed class Incidents(AlertsOptions options)
{
    /// <returns>In the order of <see cref="IncidentKind"/>, a key once.</returns>
    public IReadOnlyList<Incident> Of(Snapshot snapshot)
    {
        var outcomes = Outcome.All(snapshot).ToArray();
        // What turned out to be no session cannot have failed: nobody can run it, or need it.
        var closed = snapshot.Events.Where(e => e.Kind == CalendarDoubt.ClosedLearned).Select(e => e.Date).ToHashSet();
        var failed = outcomes.Where(o => !o.Success && !closed.Contains(o.Run.Date) && IsFinal(o, snapshot)).Select(o => Failed(o, snapshot)).ToArray();
        var neverBegan = NeverBegan(snapshot).ToArray();
        var told = failed.Concat(neverBegan).Select(i => i.Date).ToHashSet();
        return
        [
            .. failed, .. neverBegan,
            .. new Deadlines(options).Of(snapshot, outcomes).Where(i => !told.Contains(i.Date)),
            .. Unreachable(snapshot), .. CalendarDisagreements(snapshot), .. Paused(snapshot), .. RedisRebuilt(snapshot), .. Ended(outcomes, snapshot),
        ];
    }

    /// <summary>Whether nothing tries again by itself any more; until then only the deadline is watched.</summary>
    private bool IsFinal(Outcome outcome, Snapshot snapshot)
    {
        var at = outcome.EndedAt ?? outcome.Run.StartedAt;
        if (at < snapshot.Now - Snapshot.Reach || GoesOn(outcome, snapshot)) return false;
        var expected = snapshot.Expected.LastOrDefault(e => e.Plan == outcome.Run.Plan && e.Session == outcome.Run.Date);
        return outcome.Run.Trigger != "schedule" || expected is null || snapshot.Now >= expected.WindowEnds;
    }

    /// <summary>Whether a recovery was cut off by a restart, and the one at the start has not had its time yet. Cut off twice, it is told.</summary>
    private bool GoesOn(Outcome outcome, Snapshot snapshot) =>
        outcome.CutOff && outcome.Run.Trigger == "recovery" && snapshot.Now < snapshot.Began + options.StartGrace
        && snapshot.Runs.Count(r => r.Date == outcome.Run.Date && r.IsCutOff(snapshot.Epoch)) == 1
        && !snapshot.WasTold(outcome.Run.Date, IncidentKind.RunFailed, IncidentKind.PartialSuccess);

    private Incident Failed(Outcome outcome, Snapshot snapshot)
    {
        var run = outcome.Run;
        var lines = outcome.Failed.Take(TasksNamed).Select(f => $"{f.Task}: {f.Reason}").ToList();
        if (snapshot.Events.FirstOrDefault(e => e.Kind == Runner.CancelledEvent && e.Subject == run.Id.ToString(CultureInfo.InvariantCulture)) is { } stopped) lines.Insert(0, $"It was stopped on purpose: {stopped.Text}");
        if (outcome.Failed.Count > TasksNamed) lines.Add($"and {outcome.Failed.Count - TasksNamed} more tasks");
        lines.AddRange(Findings(run.Date, snapshot));
        if (snapshot.Expected.LastOrDefault(e => e.Plan == run.Plan && e.Session == run.Date)?.ReadyBy is { } readyBy) lines.Add($"Readers open at {NewYork(readyBy)}; what succeeded is published, old values stay for the rest");
        lines.Add(run.Full ? "What is missing stays due while the session is among the last seven: the hourly recovery goes on from what is stored; a run started by hand does at any time"
            : snapshot.Expected.Any(e => e.Plan == run.Plan && e.LooksBack) ? $"It is tried again when nothing else is due; at once by data-maintenance run --plan {run.Plan}"
            : $"It is not tried again before its next hour; at once by data-maintenance run --plan {run.Plan}");
        lines.Add(Link(run.Id));
        var subject = run.Full ? Day(run.Date) : $"{Day(run.Date)}:{run.Plan}";
        return outcome.IsTotal
            ? new(IncidentKind.RunFailed, subject, run.Date, $"{run.Plan} of {Day(run.Date)} failed: {(outcome.CutOff ? "the process ended during the run, " : "")}{outcome.FailedInWords}", lines)
            : new(IncidentKind.PartialSuccess, subject, run.Date, $"{run.Plan} of {Day(run.Date)} is incomplete: {outcome.FailedInWords}", lines);
    }

    private static IEnumerable<string> Findings(DateOnly session, Snapshot snapshot) =>
        snapshot.Findings.Where(f => f.Date == session && f.Symbol is not null && f.Dataset != CalendarDataset).GroupBy(f => f.Rule).Take(RulesNamed)
            .Select(g => $"{g.Key}: {Names.List(g.Select(f => f.Symbol!.Value.Text).Distinct())}");

    private IEnumerable<Incident> NeverBegan(Snapshot snapshot)
    {
        foreach (var expected in snapshot.Expected)
        {
            if (expected.DueAt < snapshot.Since || expected.DueAt < snapshot.Now - Snapshot.Reach || expected.DueAt + options.StartGrace > snapshot.Now) continue;
            if (snapshot.Runs.Any(r => r.Date == expected.Session && (expected.Whole ? r.Full : r.Plan == expected.Plan && r.StartedAt >= expected.DueAt)) || snapshot.PausedAt(expected.DueAt) is not null) continue;
            var other = snapshot.Runs.FirstOrDefault(r => Outcome.InProgress(r, snapshot.Epoch));
            // One run at a time: behind another it waits, as long as its window is open, or as long as that one loads its own session; the deadline is watched meanwhile.
            if (other is not null && (snapshot.Now < expected.WindowEnds || (expected.Whole && other.Date == expected.Session))) continue;
            yield return new(IncidentKind.NeverBegan, $"{Day(expected.Session)}:{expected.Plan}", expected.Session, $"{expected.Plan} of {Day(expected.Session)} never began: it was due at {NewYork(expected.DueAt)}",
            [
                other is null ? "No run is going on" : $"Run {other.Id} ({other.Plan} of {Day(other.Date)}) has been going on since {NewYork(other.StartedAt)}",
                expected.Whole ? "The hourly recovery runs it when the timetable does not; start it by hand if the hour matters"
                    : expected.LooksBack ? "It is made good when nothing else is due; start it by hand if the hour matters"
                    : $"Nothing runs it before its next hour; at once by data-maintenance run --plan {expected.Plan}",
                Link(null),
            ]);
        }
    }

    private IEnumerable<Incident> Unreachable(Snapshot snapshot) =>
        snapshot.Outages.Where(o => snapshot.Now - o.Since >= options.UnreachableAfter).Select(Unreachable);

    public Incident Unreachable(Outage outage) => new(IncidentKind.Unreachable, outage.Name, null, $"{outage.Name} has been unreachable since {NewYork(outage.Since)}",
        [outage.Reason, "It is tried again all the time; nothing is lost that was committed, and Redis is filled again from the store", Link(null)]);

    private IEnumerable<Incident> CalendarDisagreements(Snapshot snapshot) =>
        snapshot.Findings.Where(f => f.Dataset == CalendarDataset).GroupBy(f => f.Date).Select(g => new Incident(IncidentKind.CalendarDisagreement, Day(g.Key), g.Key,
            $"The calendar is in doubt for {Day(g.Key)}", [.. g.Select(f => $"{f.Rule}: {f.Value}; expected {f.Expectation}"), "The safer reading is in force until the sources agree or Calendar:Extra settles it", Link(null)]));

    private IEnumerable<Incident> Paused(Snapshot snapshot)
    {
        if (snapshot.PausedAt(snapshot.Now) is not { } paused) yield break;
        var day = (int)((snapshot.Now - paused.At).TotalHours / 24);
        var missed = snapshot.Expected.Where(e => e.DueAt > paused.At && e.DueAt <= snapshot.Now).Select(e => $"{e.Plan} of {Day(e.Session)}").ToArray();
        yield return new(IncidentKind.Paused, $"{paused.Id}:{day}", null, $"Paused since {NewYork(paused.At)}: no scheduled run starts",
            [paused.Text, missed.Length == 0 ? "No run was due meanwhile" : $"Did not run: {string.Join(", ", missed.TakeLast(PlansNamed))}", "Resume with POST /resume; this is told once a day until then", Link(null)]);
    }

    private IEnumerable<Incident> RedisRebuilt(Snapshot snapshot) =>
        snapshot.Events.Where(e => e.Kind == Snapshot.RebuiltEvent).OrderBy(e => e.Id).Select(e => new Incident(IncidentKind.RedisRebuilt, e.Id.ToString(CultureInfo.InvariantCulture), e.Date,
            $"Redis lacked derived values, or held stale ones, at {NewYork(e.At)}; they were rebuilt from the store", [e.Text, Link(null)]));

    private IEnumerable<Incident> Ended(Outcome[] outcomes, Snapshot snapshot)
    {
        foreach (var outcome in outcomes.Where(o => o.Success && o.Run.Full && o.EndedAt > snapshot.Now - Snapshot.Reach))
        {
            var (run, day) = (outcome.Run, Day(outcome.Run.Date));
            var took = $"{run.Plan} ran from {NewYork(run.StartedAt)} to {NewYork(outcome.EndedAt!.Value)}; all {run.Tasks.Count} tasks succeeded";
            if (run.Trigger == "recovery" && options.OnRecovery && WasMissed(run.Date, snapshot)) yield return new(IncidentKind.Recovered, day, run.Date, $"The session of {day} was recovered", [took, Link(run.Id)]);
            else if (options.OnSuccess && outcome.EndedAt > snapshot.Now - Fresh) yield return new(IncidentKind.Succeeded, day, run.Date, $"The session of {day} is complete", [took, Link(run.Id)]);
        }
    }

    /// <summary>Whether this service was there when the session was due: what it loads at its first start had not been missed.</summary>
    private static bool WasMissed(DateOnly session, Snapshot snapshot) =>
        snapshot.Expected.FirstOrDefault(e => e.Whole && e.Session == session) is { } expected ? expected.WindowEnds > snapshot.Since : session >= TradingCalendar.NewYorkDate(snapshot.Since);

    private string Link(long? run) => (options.PublicUrl, run) switch
    {
        ({ } url, { } id) => new Uri(url, $"dashboard/runs/{id}").ToString(),
        ({ } url, null) => url.ToString(),
        (null, { } id) => $"Run {id}: data-maintenance history, or GET /runs/{id}",
        _ => "data-maintenance status, or GET /status",
    };

    internal static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static string NewYork(DateTimeOffset at) =>
        $"{TradingCalendar.NewYorkDate(at).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} {TradingCalendar.NewYorkTime(at).ToString("HH:mm", CultureInfo.InvariantCulture)} New York";

    /// <summary>The dataset of findings about the exchange's calendar.</summary>
    public const string CalendarDataset = "calendar";

    private static readonly TimeSpan Fresh = TimeSpan.FromDays(1);

    private const int TasksNamed = 6, RulesNamed = 5, PlansNamed = 7;
}
