using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Dashboard;

/// <summary>A day of the calendar: how each task of its session stands.</summary>
/// <param name="ClosedReason">Why there is no session; null when there is one.</param>
/// <param name="State">complete, healed, partial, failed, in_progress, cut_off; when nothing ran for it loaded (its bars are in the store) or none.</param>
/// <param name="Cells">By task; a task that never ran for the session is absent.</param>
public sealed record SessionLine(DateOnly Date, string? ClosedReason, bool HalfDay, string State, IReadOnlyDictionary<string, SessionCell> Cells)
{
    /// <summary>The state as people read it.</summary>
    public static string Word(string state) => state switch { "none" => "never ran", "loaded" => "loaded only", _ => Text.State(state) };
}

/// <param name="State">complete, healed (an earlier attempt failed), failed, in_progress or cut_off.</param>
/// <param name="RunId">Of the newest attempt.</param>
/// <param name="Attempts">Over all runs of the session.</param>
public sealed record SessionCell(string State, long RunId, int Attempts);

/// <summary>The calendar of sessions by task, from the journal.</summary>
internal static class SessionLines
{
    /// <summary>The weekdays back from <paramref name="newest"/>, newest first; holidays are among them.</summary>
    public static async Task<IReadOnlyList<SessionLine>> ReadAsync(IStore store, TradingCalendar calendar, DateOnly newest, int days, CancellationToken ct)
    {
        var weekdays = Enumerable.Range(0, days * 2).Select(i => newest.AddDays(-i)).Where(d => d.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)).Take(days).ToArray();
        var runs = await store.RunsOfAsync(weekdays[^1], newest, ct);
        var tasks = (await store.TaskRunsAsync([.. runs.Select(r => r.Id)], ct)).ToLookup(t => t.RunId);
        var byDay = runs.ToLookup(r => r.Date);
        var loaded = (await store.DayCoverageAsync(Dataset.Daily, weekdays[^1], newest, ct)).Where(c => c.Rows > 0).Select(c => c.Date).ToHashSet();
        return
        [
            .. weekdays.Select(day => calendar.ClosedReason(day) is { } reason
                ? new(day, reason, false, "none", new Dictionary<string, SessionCell>())
                : Of(day, calendar.IsHalfDay(day), [.. byDay[day]], tasks, loaded.Contains(day), store.Epoch)),
        ];
    }

    private static SessionLine Of(DateOnly day, bool halfDay, IReadOnlyList<RunRecord> runs, ILookup<long, TaskRunRecord> tasks, bool loaded, long epoch)
    {
        var rows = runs.Reverse().SelectMany(run => tasks[run.Id].Select(row => (Run: run, Row: row)));
        var cells = rows.GroupBy(r => r.Row.Task).ToDictionary(g => g.Key, g => Cell([.. g], epoch), StringComparer.Ordinal);
        var state = State(runs, cells);
        return new(day, null, halfDay, state == "none" && loaded ? "loaded" : state, cells);
    }

    private static SessionCell Cell(IReadOnlyList<(RunRecord Run, TaskRunRecord Row)> attempts, long epoch)
    {
        var (run, row) = attempts[^1];
        var state = row.State switch
        {
            "completed" or "skipped" => attempts.Any(a => a.Row.State is not ("completed" or "skipped")) ? "healed" : "complete",
            "in_progress" or "pending" => run.IsInProgress(epoch) ? "in_progress" : "cut_off",
            _ => row.Error == TaskRunRecord.CutOff ? "cut_off" : "failed",
        };
        return new(state, run.Id, attempts.Count);
    }

    /// <summary>The session as a whole: only a full run makes it complete.</summary>
    private static string State(IReadOnlyList<RunRecord> runs, Dictionary<string, SessionCell> cells)
    {
        if (runs.FirstOrDefault(r => r.Full) is not { } full) return cells.Count == 0 ? "none" : "partial";
        var states = full.Tasks.Select(t => cells.TryGetValue(t, out var cell) ? cell.State : "none").ToArray();
        if (states.Contains("in_progress")) return "in_progress";
        if (states.All(s => s is "complete" or "healed")) return states.Contains("healed") ? "healed" : "complete";
        return states.Any(s => s is "complete" or "healed") ? "partial" : "failed";
    }
}
