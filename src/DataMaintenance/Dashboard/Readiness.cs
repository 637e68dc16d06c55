using DataMaintenance.Values;

namespace DataMaintenance.Dashboard;

public enum ReadinessLevel { Ready, Working, Waiting, NotReady, Unknown }

/// <summary>The answer to "is it ready for pre-market?", and what to do when it is not.</summary>
/// <param name="Sentence">One sentence, for a person in a hurry.</param>
/// <param name="Advice">What to do; null when nothing needs doing.</param>
public sealed record Readiness(ReadinessLevel Level, string Sentence, string? Advice)
{
    /// <summary>Ready only when the run of the target session succeeded, both servers answer, and every family in Redis is of that session.</summary>
    internal static Readiness Of(NowSnapshot now)
    {
        var session = $"{now.Target:yyyy-MM-dd}";
        if (now.Store is not null)
            return new(ReadinessLevel.Unknown, "Nobody knows whether it is ready: the store does not answer.", $"Bring the store back. It says: {now.Store}");
        if (now.Redis is not null)
            return new(ReadinessLevel.NotReady, "Not ready: Redis does not answer, so nothing reaches its readers.", $"Bring Redis back; what it lost is written again from the store. It says: {now.Redis}");
        if (now.Run is { } run && run.Run.Session == now.Target)
            return new(ReadinessLevel.Working, $"Not yet: the run of {session} is going on, {run.Ended} of {run.Tasks.Count} tasks have ended.", run.ExpectedEnd > now.ReadyBy ? "By what runs usually take, and its pace so far, it ends too late: look at the slowest task below." : null);
        if (now.Latest is null && now.At < now.TargetEnds)
            return new(ReadinessLevel.Waiting, $"Not yet due: the trading day of {session} goes on until {Text.NewYork(now.TargetEnds, now.At)}.", now.Service.Paused is null ? null : "The schedule is paused: resume it before the night.");
        if (now.Latest is null)
            return now.At < now.Due.WindowEnd && now.Service.Paused is null
                ? new(ReadinessLevel.Waiting, now.At < now.Due.At ? $"Not yet due: {now.Due.Plan.Name} processes {session} at {Text.NewYork(now.Due.At, now.At)}." : $"Not yet: {now.Due.Plan.Name} of {session} is due and about to begin.", null)
                : new(ReadinessLevel.NotReady, $"Not ready: nothing ever processed {session}.", now.Service.Paused is null ? "Start a run." : "The schedule is paused: resume it, or start a run.");
        if (now.Latest.EndedAt is null)
            return new(ReadinessLevel.NotReady, $"Not ready: the run of {session} was cut off before it ended.", "Start a run: it goes on from what is committed.");
        if (now.Latest.Success != true)
            return new(ReadinessLevel.NotReady, $"Not ready: {Failed(now)} of {session} failed.", "See why below, bring back what is away, then start a run: what is complete is skipped.");
        if (now.Families.Count == 0)
            return new(ReadinessLevel.NotReady, "Not ready: Redis holds no derived values.", "They are written again from the store; if that does not happen, run sync_redis.");
        if (Behind(now) is { } behind)
            return new(ReadinessLevel.NotReady, $"Not ready: {behind}, while {session} is complete in the store.", "It is written again from the store within a minute; if it is not, run sync_redis, calculate_atr and calculate_rvol.");
        return new(ReadinessLevel.Ready, $"Ready: {session} is complete, and every family in Redis is of that session.", null);
    }

    private static string Failed(NowSnapshot now) =>
        now.Failed.Count <= MostNamed ? string.Join(" and ", now.Failed.Select(f => f.Task)) : $"{now.Failed.Count} of {now.Latest!.Tasks.Count} tasks";

    private const int MostNamed = 2;

    private static string? Behind(NowSnapshot now)
    {
        var missing = Enum.GetValues<Family>().Where(f => !now.Families.ContainsKey(f)).Select(f => $"{f.Text()} is missing in Redis");
        var old = now.Families.Where(f => f.Value.Session < now.Target).Select(f => $"{f.Key.Text()} in Redis is of {f.Value.Session:yyyy-MM-dd}");
        return string.Join(", ", missing.Concat(old)) is { Length: > 0 } behind ? behind : null;
    }
}
