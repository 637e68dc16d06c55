using DataMaintenance.Pipeline;

namespace CorruptionBench;

/// <summary>Clean data that are corrupted: which sessions come first, which session is struck, and how the service is set up for it.</summary>
/// <param name="Name">As the table names it.</param>
/// <param name="Session">The session that is struck.</param>
/// <param name="Days">Sessions whose daily bars are filled before the first night; empty where there are none.</param>
/// <param name="Slots">The same of minutes.</param>
/// <param name="Nights">Sessions processed one night after the other, up to the one before <paramref name="Session"/>.</param>
internal sealed record Ground(
    string Name, DateOnly Session, IReadOnlyList<DateOnly> Days, IReadOnlyList<DateOnly> Slots, IReadOnlyList<DateOnly> Nights,
    IReadOnlyDictionary<string, string?> Settings)
{
    /// <summary>The folder of flat files; null where the data come over the wire.</summary>
    public string? Folder { get; init; }

    /// <summary>Called with every move of the clock, for a provider that has one of its own.</summary>
    public Action<DateTimeOffset> Moved { get; init; } = _ => { };

    /// <summary>Whether shares of its symbols mean little.</summary>
    public bool IsSmall { get; init; }

    /// <summary>Sessions with daily bars; null when all have them.</summary>
    public IReadOnlyCollection<DateOnly>? WithDays { get; init; }
    public IReadOnlyCollection<DateOnly>? WithMinutes { get; init; }

    /// <summary>The night's tasks that there are data for; none that only tells others or fetches details.</summary>
    public IReadOnlyList<string> Tasks(DateOnly session) =>
    [
        .. Plan.Nightly.Tasks
            .Except([TaskNames.ClearCaches, TaskNames.EnrichMetadata, TaskNames.NotifyServices], StringComparer.Ordinal)
            .Except(WithDays?.Contains(session) ?? true ? [] : [TaskNames.LoadOhlc, TaskNames.CalculateAtr, TaskNames.ReconcileSplits], StringComparer.Ordinal)
            // Without daily bars there is no universe to publish.
            .Except(WithDays?.Count == 0 ? [TaskNames.SyncRedis, TaskNames.AutoRecover] : [], StringComparer.Ordinal)
            .Except(WithMinutes?.Contains(session) ?? true ? [] : [TaskNames.LoadVolumeSlots, TaskNames.CalculateRvol], StringComparer.Ordinal),
    ];
}
