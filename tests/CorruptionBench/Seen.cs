using DataMaintenance.Pipeline;
using DataMaintenance.Store;
using DataMaintenance.Values;
using Market;

namespace CorruptionBench;

/// <summary>What can be seen of the service after the night of the struck session.</summary>
/// <param name="Crash">What the run threw; null when it came to its end.</param>
/// <param name="Bars">Stored bars of the session, by symbol.</param>
/// <param name="Splits">In force.</param>
internal sealed record Seen(
    RunResult? Run, string? Crash, IReadOnlyList<Finding> Findings, IReadOnlyDictionary<string, DailyBar> Bars, IReadOnlyDictionary<string, Slot[]> Slots,
    IReadOnlySet<Split> Splits, Published? Published)
{
    /// <summary>Checks that failed or warn, each as task, result and text without its numbers.</summary>
    public IEnumerable<(string Task, Check Check)> Alarms() =>
        Run is null ? [] : Run.Tasks.SelectMany(t => t.Checks.Where(c => c.Result is CheckResult.Failed or CheckResult.Warning).Select(c => (t.Task, c))
            .Concat(t.Error is { } error && t.Checks.All(c => c.Text != error) ? [(t.Task, new Check(CheckResult.Failed, error))] : []));
}

/// <summary>Published values held against what they should be, by symbol, over ATR, baselines and average volumes.</summary>
/// <param name="Wrong">Neither what clean data give nor what was published before.</param>
/// <param name="Held">What was published before.</param>
/// <param name="Absent">Not there.</param>
internal sealed record Published(IReadOnlySet<string> Wrong, IReadOnlySet<string> Held, IReadOnlySet<string> Absent);

/// <summary>Values that the families should have: of the clean session, and as of the session before.</summary>
internal sealed record Expected(IReadOnlyList<FamilyValues> Clean, IReadOnlyList<FamilyValues> Before)
{
    public static readonly IReadOnlyList<Family> Families = [Family.Atr, Family.Rvol, Family.AverageVolume];
}
