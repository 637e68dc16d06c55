using System.Globalization;

namespace DataMaintenance.Pipeline;

/// <summary>Note: something was done that people should hear of although nothing is wrong.</summary>
public enum CheckResult { Ok, Failed, Warning, NotLearned, Note }

/// <summary>One judgement of a task, as people read it.</summary>
/// <param name="Text">What was held against what: <c>symbols 11,689, at least 10,000</c>.</param>
public sealed record Check(CheckResult Result, string Text)
{
    public override string ToString() => Result switch
    {
        CheckResult.Ok => $"ok: {Text}",
        CheckResult.Failed => $"failed: {Text}",
        CheckResult.Warning => $"warning: {Text}",
        CheckResult.Note => $"note: {Text}",
        _ => $"not learned: {Text}",
    };
}

/// <summary>What a task found, did and counted. One failed check makes it failed; nothing done makes it skipped.</summary>
public sealed class TaskReport
{
    /// <summary>The count of sessions the provider did not have yet: asking again before the next plan does would bring nothing.</summary>
    public const string NotYet = "not_yet";

    private readonly Dictionary<string, double> counts = new(StringComparer.Ordinal);
    private readonly List<Check> checks = [];

    /// <summary>Whether anything was fetched, computed or written; a report that did nothing and fails no check is skipped.</summary>
    public bool DidWork { get; private set; }

    public IReadOnlyDictionary<string, double> Counts => counts;
    public IReadOnlyList<Check> Checks => checks;

    /// <summary>The first failed check, for the state document and the exit line; null when none failed.</summary>
    public string? Error => checks.Find(c => c.Result == CheckResult.Failed)?.Text;

    public TaskState State => Error is not null ? TaskState.Failed : DidWork ? TaskState.Completed : TaskState.Skipped;

    /// <summary>Whether an outside system that did not answer is why it fails.</summary>
    public bool Unreachable { get; private set; }

    /// <summary>Says that an outside system did not answer; the check that fails says which.</summary>
    public TaskReport NotReached(Exception e)
    {
        Unreachable |= Pipeline.Unreachable.Is(e);
        return this;
    }

    public TaskReport Worked()
    {
        DidWork = true;
        return this;
    }

    public TaskReport Count(string name, double value)
    {
        counts[name] = value;
        return this;
    }

    public TaskReport Ok(string text) => Add(new(CheckResult.Ok, text));
    public TaskReport Fail(string text) => Add(new(CheckResult.Failed, text));
    public TaskReport Note(string text) => Add(new(CheckResult.Note, text));
    public TaskReport Warn(string text) => Add(new(CheckResult.Warning, text));

    public TaskReport Add(Check check)
    {
        checks.Add(check);
        return this;
    }

    /// <summary>Takes over what another report says, behind what is here.</summary>
    public TaskReport Include(TaskReport other)
    {
        DidWork |= other.DidWork;
        Unreachable |= other.Unreachable;
        checks.AddRange(other.checks);
        foreach (var (name, value) in other.counts) counts[name] = value;
        return this;
    }

    /// <summary>A check that a number is at least a bound.</summary>
    public TaskReport AtLeast(string what, double value, double bound) =>
        Add(new(value >= bound ? CheckResult.Ok : CheckResult.Failed, string.Create(CultureInfo.InvariantCulture, $"{what} {value:#,0.##}, at least {bound:#,0.##}")));

    /// <summary>A check that what was counted afterwards is what was written.</summary>
    public TaskReport Counted(string what, long counted, long written) =>
        Add(counted == written
            ? new(CheckResult.Ok, string.Create(CultureInfo.InvariantCulture, $"{what} {counted:N0} counted afterwards"))
            : new(CheckResult.Failed, string.Create(CultureInfo.InvariantCulture, $"{what}: wrote {written:N0}, counted {counted:N0} afterwards; run it again")));
}
