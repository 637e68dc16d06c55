using Market;

namespace DataMaintenance.Store;

/// <param name="Symbol">Null when it concerns the whole day.</param>
/// <param name="Rule">The check's name, e.g. <c>bar.high_below_low</c>.</param>
public sealed record Finding(
    long Id, string Dataset, DateOnly Date, Symbol? Symbol, string Rule, Severity Severity, string Value, string Expectation,
    FindingState State, DateTimeOffset FoundAt, DateTimeOffset? ClosedAt)
{
    /// <summary>The task whose look found it sound, or the person who accepted it; null while it is open.</summary>
    public string? ClosedBy { get; init; }

    /// <summary>The reason the person gave.</summary>
    public string? Why { get; init; }
}

public enum FindingState { Open, Healed, Accepted }
