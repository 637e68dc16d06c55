using System.Globalization;
using System.Text.Json.Nodes;

namespace CrashHarness;

/// <summary>Whether the service's own account of a trial is true: its journal, its state document, its keys.</summary>
public static class Journal
{
    /// <summary>One line per untruth, once the last attempt said that all is done.</summary>
    public static async Task<IEnumerable<string>> UntruthsAsync(Lane lane, Site site, IReadOnlyList<Attempt> attempts, CancellationToken ct)
    {
        var untruths = new List<string>();
        var runs = await Evidence.RowsAsync(lane, site, "SELECT run_id, instance, ended_at IS NOT NULL, success, date, tasks FROM maintenance_run WHERE epoch > 0 ORDER BY run_id", ct);
        // A run that is continued within its window tries its failed tasks once more: the newest attempt of each counts.
        var tasks = (await Evidence.RowsAsync(lane, site, "SELECT run_id, task, state, ended_at IS NOT NULL, attempt FROM maintenance_task_run ORDER BY 1, 2, 5", ct))
            .Select(r => r.Split('|')).GroupBy(r => (r[0], r[1])).Select(attempts => attempts.Last()).ToLookup(r => r[0]);
        foreach (var run in runs.Select(r => r.Split('|')))
        {
            var (id, instance, ended, success) = (run[0], run[1], Bool(run[2]), run[3].Length > 0 ? Bool(run[3]) : (bool?)null);
            if (!ended && success is not null) untruths.Add($"run {id} has no end, but a success of {success}");
            if (ended && tasks[id].Any(t => !Bool(t[3]))) untruths.Add($"run {id} has ended, but not its tasks {string.Join(", ", tasks[id].Where(t => !Bool(t[3])).Select(t => t[1]))}");
            if (success == true && tasks[id].Any(t => t[2] is not ("completed" or "skipped"))) untruths.Add($"run {id} succeeded, but not its tasks {string.Join(", ", tasks[id].Where(t => t[2] is not ("completed" or "skipped")).Select(t => $"{t[1]} ({t[2]})"))}");
            if (success == true && tasks[id].Count() != JsonNode.Parse(run[5])!.AsArray().Count) untruths.Add($"run {id} succeeded with {tasks[id].Count()} of its {JsonNode.Parse(run[5])!.AsArray().Count} tasks");
            if (attempts.FirstOrDefault(a => a.Instance == instance) is not { } attempt) continue;
            if (attempt is { SaidDone: false, WasSignalled: false } && success == true && attempt.Process.ExitCode is not 0) untruths.Add($"run {id} succeeded, but {instance} ended with {attempt.Process.ExitCode}");
        }

        foreach (var attempt in attempts.Where(a => a is { SaidDone: true, MakesARun: true }))
            if (!runs.Select(r => r.Split('|')).Any(r => r[1] == attempt.Instance && r[3].Length > 0 && Bool(r[3]))) untruths.Add($"{attempt.Instance} said that all is done, but its run is not in the journal as such");

        var status = JsonNode.Parse(await lane.CommandAsync(site, "status", "--date", Lane.Session, "--json"))!;
        if (status["details"]?["all_success"]?.GetValue<bool>() != true) untruths.Add($"status says: {status.ToJsonString()}");
        if (!site.EmbeddedRedis && status["details"] is { } details) untruths.AddRange(await KeysAsync(lane, details));
        return untruths;
    }

    /// <summary>Right after a kill: the keys may lag behind the journal, never run ahead of it.</summary>
    public static async Task<string?> AheadAsync(Lane lane, Site site, CancellationToken ct)
    {
        if (lane.Postgres is null || !lane.Redis.IsUp || !lane.Postgres.IsUp) return null;
        await using var redis = await lane.Redis.ConnectAsync();
        if (await redis.GetDatabase().StringGetAsync($"maintenance:executed:{Lane.Session}") != "1") return null;
        var succeeded = await Evidence.RowsAsync(lane, site, $"SELECT count(*) FROM maintenance_run WHERE date = '{Lane.Session}' AND is_full AND success", ct);
        return succeeded is ["0"] ? $"maintenance:executed:{Lane.Session} is there, but no run of it succeeded" : null;
    }

    private static async Task<List<string>> KeysAsync(Lane lane, JsonNode details)
    {
        await using var redis = await lane.Redis.ConnectAsync();
        var untruths = new List<string>();
        var published = (string?)await redis.GetDatabase().StringGetAsync($"maintenance:status:{Lane.Session}");
        if (published is null || !JsonNode.DeepEquals(JsonNode.Parse(published), details)) untruths.Add($"maintenance:status:{Lane.Session} is {published ?? "absent"}, the journal gives {details.ToJsonString()}");
        if (await redis.GetDatabase().StringGetAsync($"maintenance:executed:{Lane.Session}") != "1") untruths.Add($"maintenance:executed:{Lane.Session} is absent");
        if (await redis.GetDatabase().StringGetAsync("maintenance:last_run") != Lane.Session) untruths.Add($"maintenance:last_run is {await redis.GetDatabase().StringGetAsync("maintenance:last_run")}");
        return untruths;
    }

    private static bool Bool(string text) => Convert.ToBoolean(text, CultureInfo.InvariantCulture);
}
