using DataMaintenance.Store;

namespace DataMaintenance.Pipeline;

/// <summary>How long runs of a plan take, and when one that is going on will end by that and by how far it is.</summary>
internal static class RunPace
{
    private const int LearnedFrom = 20, LeastLearned = 3;

    /// <summary>The median of how long the plan's newest successful whole runs took, first to last attempt; null below three of them.</summary>
    /// <param name="runs">Newest first.</param>
    public static TimeSpan? Usual(IEnumerable<RunRecord> runs, string plan)
    {
        var took = runs.Where(r => r is { Full: true, Success: true, EndedAt: not null } && r.Plan == plan).Take(LearnedFrom).Select(r => r.EndedAt!.Value - r.StartedAt).Order().ToArray();
        return took.Length < LeastLearned ? null : took[took.Length / 2];
    }

    /// <summary>
    /// By what such runs usually take; once it takes longer, by the pace of its tasks so far, so that a slow one is known to be slow while there is
    /// time to act.
    /// </summary>
    /// <param name="rows">Of the run; those ended count as done, however they ended.</param>
    public static DateTimeOffset ExpectedEnd(RunRecord run, IEnumerable<TaskRunRecord> rows, TimeSpan usual, DateTimeOffset now)
    {
        if (run.StartedAt + usual > now) return run.StartedAt + usual;
        var (gone, ended) = (now - run.StartedAt, rows.Where(r => r.EndedAt is not null && run.Tasks.Contains(r.Task)).Select(r => r.Task).Distinct().Count());
        // Of a run none of whose tasks has ended only so much is known: it is not halfway through.
        return ended == 0 ? now + gone : run.StartedAt + (gone * ((double)run.Tasks.Count / ended));
    }
}
