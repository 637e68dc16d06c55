using DataMaintenance.Pipeline;
using DataMaintenance.Store;

namespace DataMaintenance.Dashboard;

/// <summary>A run's page.</summary>
/// <param name="CutOff">The process ended before the run did.</param>
/// <param name="Attempts">Every attempt of every task, by start.</param>
/// <param name="Findings">Of the run's session, newest first.</param>
/// <param name="LogError">Why the log could not be read; null when it was.</param>
public sealed record RunDetails(
    RunRecord Run, bool CutOff, IReadOnlyList<TaskLine> Tasks, IReadOnlyList<TaskRunRecord> Attempts, IReadOnlyList<Finding> Findings, IReadOnlyList<LogLine> Log, string? LogError)
{
    public string State => Run.EndedAt is null ? CutOff ? "cut_off" : "in_progress" : Run.Success == true ? "completed" : "failed";

    /// <returns>Null when there is no such run.</returns>
    internal static async Task<RunDetails?> FindAsync(Wiring wiring, long id, CancellationToken ct)
    {
        if (await wiring.Store.FindRunAsync(id, ct) is not { } run) return null;
        var rows = await wiring.Store.TaskRunsAsync(id, ct);
        var reading = new RunReading(wiring);
        var usual = await reading.UsualAsync(run, ct);
        var cutOff = run.EndedAt is null && wiring.Runner.Current?.RunId != id;
        var lines = TaskLine.Of(run, rows, reading.Told(id), usual);
        var tasks = cutOff ? [.. lines.Select(t => t.State == TaskState.InProgress ? t with { State = TaskState.Failed, EndedAt = t.StartedAt, Error = TaskRunRecord.CutOff } : t)] : lines;
        var findings = (await wiring.Store.FindingsAsync(openOnly: false, 2_000, ct)).Where(f => f.Date == run.Date).ToArray();
        try
        {
            return new(run, cutOff, tasks, rows, findings, await RunLog.ReadAsync(wiring.Settings.Logs, id, run.Date, ct), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(run, cutOff, tasks, rows, findings, [], e.Message);
        }
    }
}
