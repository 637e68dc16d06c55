using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Api;

/// <summary>Sessions against tasks, for a calendar page.</summary>
public sealed class CoverageOverview(IStore store, TradingCalendar calendar, TimeProvider clock)
{
    private const int MostDays = 800;
    private const int DefaultDays = 60;

    /// <param name="from">The first date; null for sixty days before <paramref name="to"/>.</param>
    /// <param name="to">The last date, inclusive; null for the newest session that has ended.</param>
    /// <exception cref="BadRequestException">The range is backwards or too long.</exception>
    public async Task<CoverageAnswer> OfAsync(DateOnly? from, DateOnly? to, CancellationToken ct)
    {
        var last = to ?? calendar.NewestEnded(clock.GetUtcNow());
        var first = from ?? last.AddDays(-DefaultDays);
        if (first > last) throw new BadRequestException($"to: {last:yyyy-MM-dd} lies before from, {first:yyyy-MM-dd}");
        if (last.DayNumber - first.DayNumber > MostDays) throw new BadRequestException($"from: at most {MostDays} days in one call, got {last.DayNumber - first.DayNumber + 1}");
        var daily = (await store.DayCoverageAsync(Dataset.Daily, first, last, ct)).ToDictionary(c => c.Date);
        var slots = (await store.DayCoverageAsync(Dataset.Slots, first, last, ct)).ToDictionary(c => c.Date);
        var runs = (await store.RunsOfAsync(first, last, ct)).ToLookup(r => r.Date);
        var tasks = (await store.TaskRunsAsync([.. runs.SelectMany(r => r).Select(r => r.Id)], ct)).ToLookup(t => t.RunId);
        var findings = (await store.FindingsAsync(openOnly: true, int.MaxValue, ct)).ToLookup(f => f.Date);
        var days = new List<DayAnswer>();
        for (var date = first; date <= last; date = date.AddDays(1))
        {
            if (date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) continue;
            var closed = calendar.ClosedReason(date);
            var line = TaskStates(runs[date], tasks);
            var state = closed is not null ? "closed" : State(runs[date].ToArray(), line, daily.ContainsKey(date), slots.ContainsKey(date));
            days.Add(new(date, closed, closed is null && calendar.IsHalfDay(date), state, runs[date].Select(r => (long?)r.Id).FirstOrDefault(),
                DatasetAnswer.Of(daily.GetValueOrDefault(date)), DatasetAnswer.Of(slots.GetValueOrDefault(date)), line, findings[date].Count()));
        }

        return new(first, last, days);
    }

    /// <summary>Each task as its newest attempt left it; a run that was cut off left it failed.</summary>
    private Dictionary<string, string> TaskStates(IEnumerable<RunRecord> runs, ILookup<long, TaskRunRecord> tasks)
    {
        var states = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var run in runs.Reverse())
            foreach (var task in tasks[run.Id]) states[task.Task] = task.State == "in_progress" && run.IsCutOff(store.Epoch) ? "failed" : task.State;
        return states;
    }

    private string State(RunRecord[] runs, Dictionary<string, string> tasks, bool hasDaily, bool hasSlots)
    {
        if (runs.Any(r => r.IsInProgress(store.Epoch))) return "in_progress";
        if (tasks.Count == 0) return hasDaily || hasSlots ? "loaded" : "missing";
        var good = tasks.Values.Count(s => s is "completed" or "skipped");
        if (good == tasks.Count && runs.Any(r => r.Full)) return runs.Any(r => r.Success == false || r.IsCutOff(store.Epoch)) ? "healed" : "complete";
        return good == 0 ? "failed" : "partial";
    }
}

internal static class CoverageApi
{
    public static void MapCoverage(this WebApplication app, Wiring wiring)
    {
        var overview = new CoverageOverview(wiring.Store, wiring.Calendar, wiring.Clock);
        app.MapGet("/api/coverage", async (string? from, string? to, CancellationToken ct) => await overview.OfAsync(RunsApi.Date("from", from), RunsApi.Date("to", to), ct))
            .Tells<CoverageAnswer>("Read side", "Every weekday of a range: what is held of it, and how its tasks ended", 400);
    }
}

/// <param name="Days">Weekdays, oldest first.</param>
public sealed record CoverageAnswer(DateOnly From, DateOnly To, IReadOnlyList<DayAnswer> Days);

/// <param name="Closed">Why there is no session; null on a session.</param>
/// <param name="State">closed, missing, loaded (facts are held, no run processed the session itself), in_progress, failed, partial, healed (complete after a failure), complete.</param>
/// <param name="RunId">The newest run of the session.</param>
/// <param name="Tasks">State by task, as its newest attempt left it.</param>
public sealed record DayAnswer(
    DateOnly Date, string? Closed, bool HalfDay, string State, long? RunId, DatasetAnswer? Daily, DatasetAnswer? Slots, IReadOnlyDictionary<string, string> Tasks, int OpenFindings);

/// <param name="Final">Whether it was fetched after its figures were final.</param>
public sealed record DatasetAnswer(long Rows, string Source, DateTimeOffset AsOf, bool Final)
{
    internal static DatasetAnswer? Of(Coverage? c) => c is null ? null : new(c.Rows, c.Source, c.AsOf, c.Final);
}
