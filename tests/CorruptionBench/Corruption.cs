using CorruptionBench.Kinds;

namespace CorruptionBench;

/// <summary>What clean data must have for a corruption to be possible.</summary>
[Flags]
internal enum Needs { Nothing = 0, Days = 1, Minutes = 2, Before = 4, ListedSplits = 8 }

/// <summary>One way in which flat files go wrong.</summary>
/// <param name="Name">As the table prints it.</param>
/// <param name="Note">Why a miss is a miss, where that is known.</param>
internal sealed record FileCorruption(
    string Name, Needs Needs, IReadOnlyList<Strength> Strengths, Action<SessionFiles, Strength, Choice> Apply, string? Note = null)
{
    public static IReadOnlyList<FileCorruption> All { get; } =
        [.. Missing.All, .. Volumes.All, .. Prices.All, .. Times.All, .. Tickers.All, .. Repeats.All, .. Formats.All, .. SplitLists.All];

    public bool IsPossible(SessionFiles files) =>
        (!Needs.HasFlag(Needs.Days) || files.HasDays) && (!Needs.HasFlag(Needs.Minutes) || files.HasMinutes)
        && (!Needs.HasFlag(Needs.Before) || files.Before is not null)
        && (!Needs.HasFlag(Needs.ListedSplits) || files.Splits.Any(l => l.Contains($",{files.Date:yyyy-MM-dd},", StringComparison.Ordinal)));
}
