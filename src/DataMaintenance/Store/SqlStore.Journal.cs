using System.Data.Common;
using System.Text.Json;

namespace DataMaintenance.Store;

/// <summary>Tables <c>maintenance_run</c> and <c>maintenance_task_run</c>.</summary>
internal abstract partial class SqlStore
{
    private const string SelectRuns = "SELECT run_id, date, plan, trigger, is_full, tasks, instance, epoch, started_at, CASE WHEN cut_off THEN NULL ELSE ended_at END, success FROM maintenance_run";

    private const string SelectTaskRuns = "SELECT run_id, date, task, attempt, state, started_at, CASE WHEN error LIKE 'cut off: %' THEN NULL ELSE ended_at END, counts, checks, error FROM maintenance_task_run";

    public Task<long> StartRunAsync(RunRecord run, CancellationToken ct) => WriteAsync(async connection =>
    {
        var id = 1 + await connection.ScalarAsync<long>("SELECT coalesce(max(run_id), 0) FROM maintenance_run", [], ct);
        await connection.ExecuteAsync("INSERT INTO maintenance_run (run_id, date, plan, trigger, is_full, tasks, instance, epoch, started_at, ended_at, success) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            [id, run.Date, run.Plan, run.Trigger, run.Full, JsonSerializer.Serialize(run.Tasks), run.Instance, run.Epoch, run.StartedAt, run.EndedAt, run.Success], ct);
        return id;
    }, ct);

    public Task EndRunAsync(long runId, DateTimeOffset at, bool success, CancellationToken ct) => WriteAsync(async connection =>
    {
        var ended = await connection.ExecuteAsync("UPDATE maintenance_run SET ended_at = $1, success = $2, cut_off = false WHERE run_id = $3", [at, success, runId], ct);
        if (ended != 1) throw new InvalidOperationException($"Run {runId} is to end, but the journal has {ended} runs of that id.");
    }, ct);

    public Task ContinueRunAsync(long runId, string instance, CancellationToken ct) => WriteAsync(async connection =>
    {
        var continued = await connection.ExecuteAsync("UPDATE maintenance_run SET ended_at = NULL, success = NULL, cut_off = false, instance = $1, epoch = $2 WHERE run_id = $3", [instance, Epoch, runId], ct);
        if (continued != 1) throw new InvalidOperationException($"Run {runId} is to go on, but the journal has {continued} runs of that id.");
    }, ct);

    public Task<IReadOnlyList<long>> CloseCutOffRunsAsync(DateTimeOffset found, CancellationToken ct) => WriteAsync<IReadOnlyList<long>>(async connection =>
    {
        var open = (await connection.QueryAsync("SELECT run_id FROM maintenance_run WHERE ended_at IS NULL ORDER BY run_id", [], row => row.GetInt64(0), ct)).ToArray();
        if (open.Length == 0) return open;
        await connection.ExecuteAsync(
            "UPDATE maintenance_task_run SET state = 'failed', ended_at = $1, error = $2 WHERE ended_at IS NULL AND run_id IN (SELECT unnest($3::BIGINT[]))", [found, TaskRunRecord.CutOff, open], ct);
        await connection.ExecuteAsync("UPDATE maintenance_run SET ended_at = $1, success = false, cut_off = true WHERE run_id IN (SELECT unnest($2::BIGINT[]))", [found, open], ct);
        return open;
    }, ct);

    public Task SaveTaskRunAsync(TaskRunRecord task, CancellationToken ct) => WriteAsync(async connection =>
    {
        await connection.ExecuteAsync("DELETE FROM maintenance_task_run WHERE run_id = $1 AND task = $2 AND attempt = $3", [task.RunId, task.Task, task.Attempt], ct);
        await connection.ExecuteAsync("INSERT INTO maintenance_task_run VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        [
            task.RunId, task.Date, task.Task, task.Attempt, task.State, task.StartedAt, task.EndedAt,
            JsonSerializer.Serialize(task.Counts), JsonSerializer.Serialize(task.Checks), task.Error,
        ], ct);
    }, ct);

    public Task<IReadOnlyList<RunRecord>> RunsAsync(int limit, CancellationToken ct) => RunsAsync("ORDER BY run_id DESC LIMIT $1", [(long)limit], ct);

    public Task<IReadOnlyList<RunRecord>> RunsOfAsync(DateOnly date, CancellationToken ct) => RunsAsync("WHERE date = $1 ORDER BY run_id DESC", [date], ct);

    public async Task<RunRecord?> FindRunAsync(long runId, CancellationToken ct) => (await RunsAsync("WHERE run_id = $1", [runId], ct)).SingleOrDefault();

    public Task<IReadOnlyList<RunRecord>> RunsOfAsync(DateOnly from, DateOnly to, CancellationToken ct) =>
        RunsAsync("WHERE date BETWEEN $1 AND $2 ORDER BY run_id DESC", [from, to], ct);

    public Task<IReadOnlyList<TaskRunRecord>> TaskRunsAsync(long runId, CancellationToken ct) => ReadAsync<IReadOnlyList<TaskRunRecord>>(async connection =>
        await connection.QueryAsync($"{SelectTaskRuns} WHERE run_id = $1 ORDER BY started_at, task, attempt", [runId], TaskRun, ct), ct);

    public Task<IReadOnlyList<TaskRunRecord>> TaskRunsAsync(IReadOnlyCollection<long> runIds, CancellationToken ct) => ReadAsync<IReadOnlyList<TaskRunRecord>>(async connection =>
        await connection.QueryAsync($"{SelectTaskRuns} WHERE run_id IN (SELECT unnest($1::BIGINT[])) ORDER BY run_id, started_at, task, attempt", [runIds.ToArray()], TaskRun, ct), ct);

    public Task<IReadOnlyList<(DateOnly Date, long Value)>> LearnedCountsAsync(string task, string count, DateOnly before, int limit, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<(DateOnly, long)>>(async connection =>
        {
            var attempts = await connection.QueryAsync(
                """
                SELECT date, counts FROM maintenance_task_run
                WHERE task = $1 AND date < $2 AND state IN ('completed', 'skipped')
                ORDER BY date DESC, run_id DESC, attempt DESC
                """,
                [task, before], row => (Date: row.GetFieldValue<DateOnly>(0), Counts: row.GetString(1)), ct);
            var learned = new List<(DateOnly Date, long Value)>();
            foreach (var (date, counts) in attempts)
            {
                if (learned.Count > 0 && learned[^1].Date == date) continue;
                if (learned.Count == limit) break;
                if (CountsOf(counts).TryGetValue(count, out var value)) learned.Add((date, (long)Math.Round(value)));
            }

            return learned;
        }, ct);

    private Task<IReadOnlyList<RunRecord>> RunsAsync(string which, object?[] values, CancellationToken ct) => ReadAsync<IReadOnlyList<RunRecord>>(async connection =>
        await connection.QueryAsync($"{SelectRuns} {which}", values, row => new RunRecord(
            row.GetInt64(0), row.GetFieldValue<DateOnly>(1), row.GetString(2), row.GetString(3), row.GetBoolean(4),
            JsonSerializer.Deserialize<string[]>(row.GetString(5))!, row.GetString(6), row.GetInt64(7),
            row.GetFieldValue<DateTimeOffset>(8), row.ValueOrNull<DateTimeOffset>(9), row.ValueOrNull<bool>(10)), ct), ct);

    private static TaskRunRecord TaskRun(DbDataReader row) => new(
        row.GetInt64(0), row.GetFieldValue<DateOnly>(1), row.GetString(2), row.GetInt32(3), row.GetString(4),
        row.GetFieldValue<DateTimeOffset>(5), row.ValueOrNull<DateTimeOffset>(6), CountsOf(row.GetString(7)),
        JsonSerializer.Deserialize<string[]>(row.GetString(8))!, row.TextOrNull(9));

    private static Dictionary<string, double> CountsOf(string json) => JsonSerializer.Deserialize<Dictionary<string, double>>(json)!;
}
