using DataMaintenance.Pipeline;
using DataMaintenance.Store;

namespace DataMaintenance.Dashboard;

/// <summary>Runs as the journal tells them.</summary>
internal sealed class RunReading(Wiring wiring)
{
    /// <summary>Runs looked at for what is usual: of a task, of a whole run.</summary>
    private const int Recent = 12, RunsLookedAt = 200;

    /// <summary>The run in progress; null when it left no row yet.</summary>
    public async Task<RunInProgress?> InProgressAsync(RunStarted current, CancellationToken ct)
    {
        if (await wiring.Store.FindRunAsync(current.RunId, ct) is not { } run) return null;
        var rows = await wiring.Store.TaskRunsAsync(run.Id, ct);
        var usual = await UsualAsync(run, ct);
        var lines = TaskLine.Of(run, rows, Told(current.RunId), usual);
        var whole = RunPace.Usual(await wiring.Store.RunsAsync(RunsLookedAt, ct), run.Plan);
        return new(current, lines, whole is { } length ? RunPace.ExpectedEnd(run, rows, length, wiring.Clock.GetUtcNow()) : null, run.StartedAt + whole);
    }

    /// <summary>By task the median duration in the newest successful runs of the same plan with the same tasks; nothing below two such runs.</summary>
    public async Task<IReadOnlyDictionary<string, TimeSpan>> UsualAsync(RunRecord run, CancellationToken ct)
    {
        var alike = (await wiring.Store.RunsAsync(60, ct)).Where(r => r.Id != run.Id && r.Success == true && r.Plan == run.Plan && r.Tasks.SequenceEqual(run.Tasks)).Take(Recent).ToArray();
        if (alike.Length < 2) return new Dictionary<string, TimeSpan>();
        var tasks = new Dictionary<string, List<TimeSpan>>(StringComparer.Ordinal);
        foreach (var other in alike)
        {
            foreach (var row in await wiring.Store.TaskRunsAsync(other.Id, ct))
            {
                if (row.EndedAt is not { } end) continue;
                if (!tasks.TryGetValue(row.Task, out var took)) tasks.Add(row.Task, took = []);
                took.Add(end - row.StartedAt);
            }
        }

        return tasks.ToDictionary(t => t.Key, t => Median(t.Value), StringComparer.Ordinal);
    }

    /// <summary>How far the tasks of the run are, as far as they tell.</summary>
    public IReadOnlyDictionary<string, TaskProgressLine> Told(long runId) =>
        wiring.Feed.Run is { } told && told.RunId == runId ? told.Tasks.ToDictionary(t => t.Task, StringComparer.Ordinal) : new Dictionary<string, TaskProgressLine>();

    private static TimeSpan Median(List<TimeSpan> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
