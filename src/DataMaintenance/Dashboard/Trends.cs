using DataMaintenance.Pipeline;
using DataMaintenance.Store;

namespace DataMaintenance.Dashboard;

/// <param name="Least">What a session must have, absolute or learned, whichever is more.</param>
public sealed record CountPoint(DateOnly Date, double Rows, double Least, bool Learned, bool Final, string Source, DateTimeOffset AsOf)
{
    public string Day => Text.Day(Date)[5..];
    public bool IsShort => Rows < Least;

    /// <summary>short, final or provisional.</summary>
    public string State => IsShort ? "short" : Final ? "final" : "provisional";
}

/// <param name="Seconds">How long the run took.</param>
public sealed record DurationPoint(long RunId, DateOnly Date, double Seconds, bool Success)
{
    public string Label => $"{Text.Day(Date)[5..]} #{RunId}";
}

/// <summary>Counts and durations over time, with the bounds that the checks hold them against.</summary>
internal sealed class Trends(Wiring wiring)
{
    private readonly Bounds bounds = new(wiring.Calendar, wiring.Settings.Checks);

    /// <summary>Rows of the newest sessions, oldest first.</summary>
    public async Task<IReadOnlyList<CountPoint>> CountsAsync(Dataset dataset, int sessions, CancellationToken ct)
    {
        var (all, history) = await AllAsync(dataset, ct);
        return [.. all.TakeLast(sessions).Select(c => Of(c, history))];
    }

    /// <summary>Rows of one session; null when it was never loaded.</summary>
    public async Task<CountPoint?> CountAsync(Dataset dataset, DateOnly session, CancellationToken ct)
    {
        var (all, history) = await AllAsync(dataset, ct);
        return all.FirstOrDefault(c => c.Date == session) is { } found ? Of(found, history) : null;
    }

    private async Task<(IReadOnlyList<Coverage> All, (DateOnly Date, long Rows)[] History)> AllAsync(Dataset dataset, CancellationToken ct)
    {
        var all = await wiring.Store.DayCoverageAsync(dataset, DateOnly.MinValue, DateOnly.MaxValue, ct);
        return (all, [.. all.Select(c => (c.Date, c.Rows))]);
    }

    private CountPoint Of(Coverage c, (DateOnly Date, long Rows)[] history)
    {
        var absolute = c.Dataset == Dataset.Daily ? wiring.Settings.Checks.MinDailySymbols : wiring.Settings.Checks.MinSlotRows;
        var (fixedLeast, learned) = (bounds.Absolute(c.Date, absolute), bounds.LeastLearned(c.Date, history));
        return new(c.Date, c.Rows, Math.Max(fixedLeast, learned ?? 0), learned is not null, c.Final, c.Source, c.AsOf);
    }

    /// <summary>Full runs that ended, oldest first.</summary>
    public static IReadOnlyList<DurationPoint> Durations(IReadOnlyList<RunRecord> runs, int most) =>
        [.. runs.Where(r => r is { Full: true, EndedAt: not null }).Take(most).Reverse().Select(r => new DurationPoint(r.Id, r.Date, Math.Round((r.EndedAt!.Value - r.StartedAt).TotalSeconds, 2), r.Success == true))];
}
