using System.Text.Json.Nodes;
using DataMaintenance.Pipeline;
using DataMaintenance.Store;

namespace DataMaintenance.Api;

/// <summary>The answers of the contract as JSON, from the journal; the command line and the HTTP API give the same ones.</summary>
public sealed class Answers(IStore store)
{
    /// <summary><c>GET /status</c> (no date: the newest session run) and <c>GET /status/{date}</c>; null when that session never ran.</summary>
    public async Task<JsonObject?> StatusAsync(DateOnly? session, CancellationToken ct)
    {
        var runs = await store.RunsAsync(200, ct);
        var last = runs.Where(r => r.Full && r.EndedAt is not null).Select(r => (DateOnly?)r.Date).Max();
        var date = session ?? last ?? (runs.Count > 0 ? runs[0].Date : null);
        if (date is not { } day) return NoRunYet();
        if (await StatusDocument.OfAsync(store, day, store.Epoch, ct) is not { } document) return null;
        return new() { ["status"] = "ok", ["last_maintenance"] = last is { } l ? Day(l) : null, ["details"] = document.Json };
    }

    /// <summary>What is answered before the first run.</summary>
    public static JsonObject NoRunYet() => new() { ["status"] = "no_maintenance_run_yet", ["last_maintenance"] = null, ["details"] = null };

    /// <summary><c>GET /history</c>: runs, newest first.</summary>
    public async Task<JsonArray> HistoryAsync(int limit, CancellationToken ct)
    {
        var runs = await store.RunsAsync(limit, ct);
        var tasks = (await store.TaskRunsAsync([.. runs.Select(r => r.Id)], ct)).ToLookup(t => t.RunId);
        var cancelled = await CancelledAsync(limit, ct);
        return new([.. runs.Select(run => (JsonNode)Of(run, [.. tasks[run.Id]], cancelled, withTasks: false))]);
    }

    /// <summary><c>GET /runs/{id}</c>; null when there is none.</summary>
    public async Task<JsonObject?> RunAsync(long id, CancellationToken ct) =>
        await store.FindRunAsync(id, ct) is { } run ? Of(run, await store.TaskRunsAsync(id, ct), await CancelledAsync(MostCancelled, ct), withTasks: true) : null;

    private const int MostCancelled = 10_000;

    /// <summary>Why, by the ids of the runs that were cancelled.</summary>
    private async Task<Dictionary<string, string>> CancelledAsync(int limit, CancellationToken ct)
    {
        var reasons = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var happened in await store.EventsAsync(Runner.CancelledEvent, limit, ct)) reasons[happened.Subject] = happened.Text;
        return reasons;
    }

    private JsonObject Of(RunRecord run, IReadOnlyList<TaskRunRecord> tasks, Dictionary<string, string> cancelled, bool withTasks)
    {
        var why = run.Success == true ? null : cancelled.GetValueOrDefault(run.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var cutOff = run.IsCutOff(store.Epoch);
        var json = new JsonObject
        {
            ["run_id"] = run.Id,
            ["date"] = Day(run.Date),
            ["plan"] = run.Plan,
            ["trigger"] = run.Trigger,
            ["full"] = run.Full,
            ["state"] = run.EndedAt is null ? cutOff ? "cut_off" : "in_progress" : run.Success == true ? "completed" : why is not null ? "cancelled" : "failed",
            ["started_at"] = Instant(run.StartedAt),
            ["completed_at"] = run.EndedAt is { } end ? Instant(end) : null,
            ["duration_seconds"] = run.EndedAt is { } at ? Math.Round((at - run.StartedAt).TotalSeconds, 3) : null,
            ["success"] = run.Success,
            ["instance"] = run.Instance,
            ["epoch"] = run.Epoch,
        };
        if (why is not null) json["cancelled"] = why;
        if (withTasks) json["tasks"] = new JsonArray([.. run.Tasks.Select(name => (JsonNode)Task(name, tasks.LastOrDefault(t => t.Task == name), cutOff))]);
        else
        {
            var newest = tasks.GroupBy(t => t.Task).Select(t => t.MaxBy(a => a.Attempt)!).ToArray();
            json["completed"] = newest.Count(t => t.State is "completed" or "skipped");
            json["failed"] = new JsonArray([.. newest.Where(t => t.State == "failed").Select(t => (JsonNode)t.Task)]);
            json["total"] = run.Tasks.Count;
        }

        return json;
    }

    private static JsonObject Task(string name, TaskRunRecord? row, bool cutOff)
    {
        if (row is null) return new() { ["task"] = name, ["state"] = "pending" };
        var counts = new JsonObject();
        foreach (var (key, value) in row.Counts) counts[key] = value == Math.Floor(value) ? (long)value : value;
        return new()
        {
            ["task"] = name,
            ["state"] = cutOff && row.State == "in_progress" ? "failed" : row.State,
            ["attempt"] = row.Attempt,
            ["started_at"] = Instant(row.StartedAt),
            ["seconds"] = row.EndedAt is { } end ? Math.Round((end - row.StartedAt).TotalSeconds, 3) : null,
            ["counts"] = counts,
            ["checks"] = new JsonArray([.. row.Checks.Select(c => (JsonNode)c)]),
            ["error"] = row.Error ?? (cutOff && row.EndedAt is null ? TaskRunRecord.CutOff : null),
        };
    }

    private static string Day(DateOnly date) => StatusDocument.Day(date);
    private static string Instant(DateTimeOffset at) => StatusDocument.Instant(at);
}
