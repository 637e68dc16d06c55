namespace DataMaintenance.Pipeline;

/// <summary>The names of the tasks, and the older ones that are still understood.</summary>
public static class TaskNames
{
    public const string ClearCaches = "clear_caches";
    public const string LoadOhlc = "load_ohlc";
    public const string AutoRecover = "auto_recover_missing_tickers";
    public const string LoadVolumeSlots = "load_volume_slots";
    public const string ReconcileSplits = "reconcile_splits";
    public const string CalculateAtr = "calculate_atr";
    public const string CalculateRvol = "calculate_rvol";
    public const string EnrichMetadata = "enrich_metadata";
    public const string SyncRedis = "sync_redis";
    public const string NotifyServices = "notify_services";
    public const string ReconcileSessions = "reconcile_sessions";
    public const string CleanupOldData = "cleanup_old_data";

    public static readonly IReadOnlyList<string> All =
    [
        ClearCaches, LoadOhlc, AutoRecover, LoadVolumeSlots, ReconcileSplits, CalculateAtr, CalculateRvol,
        EnrichMetadata, SyncRedis, NotifyServices, ReconcileSessions, CleanupOldData,
    ];

    private static readonly Dictionary<string, string> Older = new(StringComparer.Ordinal)
    {
        ["ohlc_daily"] = LoadOhlc,
        ["volume_slots"] = LoadVolumeSlots,
        ["metadata_enrich"] = EnrichMetadata,
        ["redis_sync"] = SyncRedis,
        ["calculate_rvol_averages"] = CalculateRvol,
    };

    /// <summary>The task's present name.</summary>
    /// <exception cref="RequestException">There is no such task; the message lists those there are.</exception>
    public static string Get(string name)
    {
        var present = Older.GetValueOrDefault(name, name);
        return All.Contains(present) ? present : throw new RequestException($"There is no task '{name}'; there are {string.Join(", ", All)}.");
    }
}
