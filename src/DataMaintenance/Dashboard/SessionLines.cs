using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Dashboard;

/// <summary>A day of the calendar: how each task of its session stands.</summary>
/// <param name="ClosedReason">Why there is no session; null when there is one.</param>
/// <param name="State">complete, healed, partial, failed, in_progress, cut_off, or none when nothing ran for it.</param>
/// <param name="Cells">By task; a task that never ran for the session is absent.</param>
public sealed record SessionLine(DateOnly Date, string? ClosedReason, bool HalfDay, string State, IReadOnlyDictionary<string, SessionCell> Cells);

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
        var lines = new List<SessionLine>(days);
        for (var day = newest; lines.Count < days; day = day.AddDays(-1))
        {
            if (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) continue;
            lines.Add(calendar.ClosedReason(day) is { } reason
                ? new(day, reason, false, "none", new Dictionary<string, SessionCell>())
                : await OfAsync(store, calendar, day, ct));
        }

        return lines;
    }

    private static async Task<SessionLine> OfAsync(IStore store, TradingCalendar calendar, DateOnly day, CancellationToken ct)
    {
        var runs = await store.RunsOfAsync(day, ct);
        var rows = new List<(RunRecord Run, TaskRunRecord Row)>();
        foreach (var run in runs.Reverse())
            foreach (var row in await store.TaskRunsAsync(run.Id, ct)) rows.Add((run, row));
        var cells = rows.GroupBy(r => r.Row.Task).ToDictionary(g => g.Key, g => Cell([.. g], store.Epoch), StringComparer.Ordinal);
        return new(day, null, calendar.IsHalfDay(day), State(runs, cells), cells);
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
