using DataMaintenance.Store;

namespace DataMaintenance.Pipeline;

/// <summary>How long tasks will take, by what they took before and by the configured limits; and what that rests on, for people.</summary>
/// <param name="after">By task, those it waits for.</param>
public sealed class Expectation(IStore store, IReadOnlyDictionary<string, IReadOnlyList<string>> after)
{
    private const int RunsLookedAt = 200, AttemptsLookedAt = 20;

    /// <summary>What the work of a task is counted by.</summary>
    private static readonly Dictionary<string, string> Measures = new(StringComparer.Ordinal) { [TaskNames.LoadOhlc] = "sessions", [TaskNames.LoadVolumeSlots] = "replies" };

    /// <param name="work">By task how much there is to fetch, in its measure; tasks whose work nobody knows beforehand are absent.</param>
    /// <param name="limits">Seconds that the configured limits alone take.</param>
    /// <returns>Null seconds when there is nothing to go by.</returns>
    public async Task<(double? Seconds, string By)> OfAsync(IReadOnlyList<string> tasks, IReadOnlyDictionary<string, double> work, double limits, CancellationToken ct)
    {
        var runs = await store.RunsAsync(RunsLookedAt, ct);
        var attempts = (await store.TaskRunsAsync([.. runs.Select(r => r.Id)], ct)).Where(t => t.EndedAt is not null && TaskStates.Parse(t.State).IsSuccess())
            .OrderByDescending(t => t.StartedAt).ToLookup(t => t.Task);
        var busy = work.Values.Any(w => w > 0);
        var usual = tasks.ToDictionary(t => t, t => Usual(t, [.. attempts[t].Take(AttemptsLookedAt)], work, busy));
        var unknown = tasks.Where(t => usual[t] is null).ToArray();
        var path = tasks.Count == 0 ? 0 : tasks.Max(t => End(t, usual));
        if (unknown.Length == 0) return (Math.Max(path, limits), limits > path ? "the configured limits; the tasks took less before" : "what these tasks took before, and the configured limits");
        var never = $"{string.Join(", ", unknown)} never did this here";
        return limits > 0 ? (Math.Max(path, limits), $"the configured limits, at least: {never}") : (null, $"nothing to go by: {never}, and no limit is configured that would take time");
    }

    /// <summary>Seconds; null when the task never did such work.</summary>
    private static double? Usual(string task, TaskRunRecord[] attempts, IReadOnlyDictionary<string, double> work, bool busy)
    {
        var (worked, skipped) = (attempts.Where(a => a.State == TaskState.Completed.Text()).ToArray(), attempts.Where(a => a.State == TaskState.Skipped.Text()).ToArray());
        if (!work.TryGetValue(task, out var amount)) return busy ? Median(worked) ?? Median(skipped) : Median(skipped) ?? Median(worked);
        if (amount == 0) return Median(skipped);
        var like = worked.Where(a => a.Counts.GetValueOrDefault(Measures[task]) > 0).ToArray();
        return like.Length == 0 ? null : like.Sum(Seconds) / like.Sum(a => a.Counts[Measures[task]]) * amount;
    }

    private double End(string task, IReadOnlyDictionary<string, double?> usual) =>
        (usual[task] ?? 0) + after[task].Where(usual.ContainsKey).Select(t => End(t, usual)).DefaultIfEmpty(0).Max();

    private static double? Median(TaskRunRecord[] attempts) => attempts.Length == 0 ? null : attempts.Select(Seconds).Order().ElementAt(attempts.Length / 2);

    private static double Seconds(TaskRunRecord attempt) => (attempt.EndedAt!.Value - attempt.StartedAt).TotalSeconds;
}
