using System.ComponentModel.DataAnnotations;

namespace DataMaintenance.Pipeline;

/// <summary>Bounds the checks hold counts against. Section <c>Checks</c>; absolute bounds are times 0.6 on half days.</summary>
public sealed record ChecksOptions
{
    /// <summary>Least symbols with a daily bar in a session.</summary>
    [Range(0, int.MaxValue)]
    public int MinDailySymbols { get; init; } = 10_000;
    /// <summary>Least slot rows of a session.</summary>
    [Range(0, int.MaxValue)]
    public int MinSlotRows { get; init; } = 500_000;
    /// <summary>Least symbols with an ATR.</summary>
    [Range(0, int.MaxValue)]
    public int MinAtrSymbols { get; init; } = 10_000;
    /// <summary>Least share of symbols with enough bars that must have an ATR, 0 to 1.</summary>
    [Range(0.0, 1.0)]
    public double MinAtrRatio { get; init; } = 0.8;
    /// <summary>Least share of the median of comparable sessions, 0 to 1; 0 = off.</summary>
    [Range(0.0, 1.0)]
    public double LearnedRatio { get; init; } = 0.7;
    /// <summary>Comparable sessions below which nothing is learned.</summary>
    [Range(1, 1000)]
    public int LearnedMinSessions { get; init; } = 5;
    /// <summary>Largest share of the active universe that may come or go in one run, 0 to 1.</summary>
    [Range(0.0, 1.0)]
    public double MaxChurn { get; init; } = 0.1;
    /// <summary>Least share of the details asked for that must arrive, 0 to 1.</summary>
    [Range(0.0, 1.0)]
    public double MinMetadataRatio { get; init; } = 0.8;
    /// <summary>Symbols read back from Redis after publishing and compared with the store.</summary>
    [Range(0, 100_000)]
    public int SampleSize { get; init; } = 200;
}

/// <summary>How far back tasks look. Section <c>Tasks</c>.</summary>
public sealed record TaskOptions
{
    /// <summary>Sessions of daily bars kept complete, the target included.</summary>
    [Range(1, 5000)]
    public int DailySessions { get; init; } = 30;
    /// <summary>Sessions of slots kept complete, the target included.</summary>
    [Range(1, 5000)]
    public int SlotSessions { get; init; } = 10;
    /// <summary>Days of slots that cleanup keeps.</summary>
    [Range(1, 36_500)]
    public int SlotRetentionDays { get; init; } = 15;
    /// <summary>Details asked for in one run at most.</summary>
    [Range(0, 100_000)]
    public int MetadataPerRun { get; init; } = 500;
    /// <summary>Details older than this are asked for again.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan MetadataMaxAge { get; init; } = TimeSpan.FromDays(7);
    /// <summary>A field confirmed absent is not asked for again for this long.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan MetadataAbsentAge { get; init; } = TimeSpan.FromDays(30);

    internal static IEnumerable<string> Mistakes(TaskOptions options, Values.ValuesOptions values)
    {
        if (options.DailySessions < values.AtrPeriod + 1)
            yield return $"Tasks:DailySessions: expected at least {values.AtrPeriod + 1}, the bars an ATR of Atr:Period {values.AtrPeriod} needs, got '{options.DailySessions}'";
    }
}

/// <summary>Events and calls to others. Section <c>Notify</c>.</summary>
public sealed record NotifyOptions
{
    /// <summary>False silences events and calls, for a shadow run.</summary>
    public bool Enabled { get; init; } = true;
    /// <summary>POSTed by clear_caches.</summary>
    public IReadOnlyList<Uri> ClearCacheUrls { get; init; } = [];
    /// <summary>POSTed by notify_services.</summary>
    public IReadOnlyList<Uri> CompletedUrls { get; init; } = [];
}

/// <summary>Section <c>ClearCaches</c>.</summary>
public sealed record ClearCachesOptions
{
    /// <summary>Key patterns of others that clear_caches deletes; never anything this service derives.</summary>
    public IReadOnlyList<string> Patterns { get; init; } = [];
}
