using System.Text.Json;
using System.Text.Json.Nodes;
using DataMaintenance.Store;

namespace DataMaintenance.Pipeline;

/// <summary>
/// The state of one session as others read it (<c>maintenance:status:{date}</c>, <c>GET /status</c>), built from the journal
/// alone, so that it can be written again whenever Redis lost it.
/// </summary>
public sealed record StatusDocument(JsonObject Json, bool AllSuccess, bool Ended)
{
    /// <summary>The newest full run of the session, with the tasks of later partial runs laid over it, reconciliations left out; null when nothing ever ran for it.</summary>
    /// <param name="epoch">The present term: a run of an older one that has no end was cut off.</param>
    public static async Task<StatusDocument?> OfAsync(IJournal journal, DateOnly session, long epoch, CancellationToken ct)
    {
        var runs = await journal.RunsOfAsync(session, ct);
        if (runs.Count == 0) return null;
        var newestFull = runs.Select((run, index) => (Run: run, Index: index)).FirstOrDefault(r => r.Run.Full, (Run: runs[^1], Index: runs.Count - 1));
        var rows = new Dictionary<string, TaskRunRecord>(StringComparer.Ordinal);
        var cutOff = new HashSet<long>();
        for (var i = newestFull.Index; i >= 0; i--)
        {
            // A comparison of several sessions judges the provider's word of now, not whether this session was processed.
            if (i != newestFull.Index && runs[i].Plan == Plan.Reconcile.Name) continue;
            if (runs[i].IsCutOff(epoch)) cutOff.Add(runs[i].Id);
            foreach (var row in await journal.TaskRunsAsync(runs[i].Id, ct)) rows[row.Task] = row;
        }

        var run = newestFull.Run;
        var ended = run.EndedAt is not null || cutOff.Contains(run.Id);
        return Build(run, rows, cutOff, ended);
    }

    private static StatusDocument Build(RunRecord run, Dictionary<string, TaskRunRecord> rows, HashSet<long> cutOff, bool ended)
    {
        var tasks = new JsonObject();
        var results = new JsonObject();
        var success = true;
        foreach (var name in run.Tasks.Concat(rows.Keys.Except(run.Tasks)))
        {
            var state = TaskState.Pending;
            if (rows.TryGetValue(name, out var row))
            {
                state = TaskStates.Parse(row.State);
                var lost = state == TaskState.InProgress && cutOff.Contains(row.RunId);
                if (lost) state = TaskState.Failed;
                results[name] = Result(row, lost);
            }

            success &= state.IsSuccess();
            tasks[name] = state.Text();
        }

        var end = rows.Values.Select(r => r.EndedAt).Append(run.EndedAt).Max();
        var json = new JsonObject
        {
            ["date"] = Day(run.Date),
            ["plan"] = run.Plan,
            ["trigger"] = run.Trigger,
            ["run_id"] = run.Id,
            ["started_at"] = Instant(run.StartedAt),
        };
        if (ended && end is { } at)
        {
            json["completed_at"] = Instant(at);
            if (run.EndedAt is { } runEnd) json["duration_seconds"] = Seconds(runEnd - run.StartedAt);
        }

        // Tasks run one by one, without a full run, leave open what the night would have done.
        success &= run.Full;
        json["all_success"] = ended && success;
        json["tasks"] = tasks;
        json["results"] = results;
        return new(json, ended && success, ended);
    }

    private static JsonObject Result(TaskRunRecord row, bool lost)
    {
        var result = new JsonObject();
        foreach (var (name, value) in row.Counts) result[name] = value == Math.Floor(value) && Math.Abs(value) < 1e15 ? (long)value : value;
        if (row.EndedAt is { } end) result["seconds"] = Seconds(end - row.StartedAt);
        result["attempt"] = row.Attempt;
        result["run_id"] = row.RunId;
        result["checks"] = new JsonArray([.. row.Checks.Select(c => (JsonNode)c)]);
        if (lost) result["error"] = TaskRunRecord.CutOff;
        else if (row.Error is not null) result["error"] = row.Error;
        return result;
    }

    /// <summary>Whether a document read back says that every task succeeded; false when it is none.</summary>
    internal static bool SaysSuccess(string text)
    {
        try
        {
            return JsonNode.Parse(text)?["all_success"]?.GetValue<bool>() == true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    public string Text => Json.ToJsonString(Compact);

    internal static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>UTC with <c>Z</c>, to the millisecond.</summary>
    internal static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static double Seconds(TimeSpan span) => Math.Round(span.TotalSeconds, 3);

    private static readonly JsonSerializerOptions Compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
