using Market;

namespace DataMaintenance.Store;

/// <summary>What was looked at: the findings of these rules and days that are open and were not found again are sound by now.</summary>
/// <param name="Dataset">Null for any.</param>
/// <param name="By">Who looked, for people: the task.</param>
public sealed record Look(string? Dataset, IReadOnlyCollection<string> Rules, DateOnly From, DateOnly To, string By, DateTimeOffset At)
{
    /// <summary>Whose rows were looked at, the day's as a whole not; null when the whole days were.</summary>
    public IReadOnlySet<Symbol>? Symbols { get; init; }

    internal bool Covers(Finding finding) => Symbols is null || (finding.Symbol is { } symbol && Symbols.Contains(symbol));
}

/// <param name="Opened">New ones.</param>
/// <param name="Healed">Open before, and not found again.</param>
public sealed record LookResult(IReadOnlyList<Finding> Opened, IReadOnlyList<Finding> Healed);
