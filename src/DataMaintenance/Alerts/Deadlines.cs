using DataMaintenance.Pipeline;
using DataMaintenance.Store;

namespace DataMaintenance.Alerts;

/// <summary>Watches the expected end of a session's run against the hour people rely on, while there is time to act.</summary>
internal sealed class Deadlines(AlertsOptions options)
{
    /// <summary>How long a run is taken to last while fewer than three have succeeded.</summary>
    private static readonly TimeSpan Unlearned = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan StillTold = TimeSpan.FromDays(1);

    /// <summary>By so much more must a run that was told to be late be early again to be believed: an expected end moves to and fro by minutes.</summary>
    private static readonly TimeSpan Believed = TimeSpan.FromMinutes(10);

    public IEnumerable<Incident> Of(Snapshot snapshot, IReadOnlyList<Outcome> outcomes)
    {
        foreach (var expected in snapshot.Expected.Where(e => e.DueAt >= snapshot.Since && e.DueAt <= snapshot.Now))
        {
            if (expected.ReadyBy is not { } readyBy || snapshot.Now > readyBy + StillTold) continue;
            if (snapshot.Now >= readyBy && snapshot.WasTold(expected.Session, IncidentKind.NeverBegan, IncidentKind.RunFailed, IncidentKind.PartialSuccess)) continue;
            if (snapshot.PausedAt(expected.DueAt) is not null) continue;
            if (outcomes.Any(o => o.Run.Date == expected.Session && o.Run.Full && o.Success)) continue;
            var run = snapshot.Runs.FirstOrDefault(r => r.Date == expected.Session && Outcome.InProgress(r, snapshot.Epoch));
            var end = ExpectedEnd(run, expected.Plan, snapshot);
            if (end <= readyBy - options.ReadyMargin - (snapshot.WasTold(expected.Session, IncidentKind.ReadyBy) ? Believed : TimeSpan.Zero)) continue;
            var failed = outcomes.FirstOrDefault(o => o.Run.Date == expected.Session)?.Failed ?? [];
            var day = Incidents.Day(expected.Session);
            yield return new(IncidentKind.ReadyBy, day, expected.Session, $"The session of {day} {(snapshot.Now < readyBy ? "may not be" : "was not")} ready by {Incidents.NewYork(readyBy)}",
            [
                run is not null ? $"Run {run.Id} began at {Incidents.NewYork(run.StartedAt)} and is expected to end at {Incidents.NewYork(end)}"
                    : failed.Count > 0 ? $"Failed so far: {string.Join(", ", failed.Select(f => f.Task))}; tried again until {Incidents.NewYork(expected.WindowEnds)}"
                    : $"Its run was due at {Incidents.NewYork(expected.DueAt)} and has not begun",
                "Values of the session before stay in Redis until then, whole and dated",
            ]);
        }
    }

    private static DateTimeOffset ExpectedEnd(RunRecord? running, string plan, Snapshot snapshot)
    {
        var usual = RunPace.Usual(snapshot.Runs, plan) ?? Unlearned;
        return running is null ? snapshot.Now + usual : RunPace.ExpectedEnd(running, snapshot.TaskRuns.GetValueOrDefault(running.Id, []), usual, snapshot.Now);
    }
}
