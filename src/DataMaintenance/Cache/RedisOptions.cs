namespace DataMaintenance.Cache;

/// <summary>Where derived values are published. Section <c>Redis</c>, checked at start.</summary>
public sealed record RedisOptions
{
    public RedisKind Kind { get; init; } = RedisKind.Embedded;
    /// <summary>Kind=Server: a StackExchange.Redis connection string.</summary>
    public string? ConnectionString { get; init; }
    /// <summary>Kind=Embedded: the port on loopback; 0 = any free one, told in the log.</summary>
    public int Port { get; init; }
    /// <summary>Before every key and channel.</summary>
    public string KeyPrefix { get; init; } = "";
    /// <summary>Also write the metadata document under its older name.</summary>
    public bool LegacyKeys { get; init; } = true;
    public KeyTemplates Keys { get; init; } = new();
    /// <summary>Least time to live of metadata, average volumes and ATR; stretched to the next scheduled run plus four days.</summary>
    public TimeSpan ValueTtl { get; init; } = TimeSpan.FromHours(24);
    /// <summary>The same for RVOL baselines.</summary>
    public TimeSpan RvolTtl { get; init; } = TimeSpan.FromDays(14);
    /// <summary>The same for the state of a date.</summary>
    public TimeSpan StateTtl { get; init; } = TimeSpan.FromDays(7);
    /// <summary>Kind=Embedded: memory Garnet may take for its log, in MB.</summary>
    public int MemoryMegabytes { get; init; } = 256;
}

public enum RedisKind { Embedded, Server }

/// <summary>Key names; <c>{symbol}</c> and <c>{date}</c> are replaced.</summary>
public sealed record KeyTemplates
{
    public string Universe { get; init; } = "ticker:universe";
    public string Metadata { get; init; } = "metadata:ticker:{symbol}";
    public string LegacyMetadata { get; init; } = "ticker:metadata:{symbol}";
    public string AverageVolume { get; init; } = "ticker:avg_volume:{symbol}";
    public string Atr { get; init; } = "atr:data:{symbol}";
    public string Rvol { get; init; } = "rvol:hist:avg:{symbol}";
    public string Derived { get; init; } = "maintenance:derived";
    public string Fence { get; init; } = "maintenance:fence";
    public string Status { get; init; } = "maintenance:status:{date}";
    public string Executed { get; init; } = "maintenance:executed:{date}";
    public string LastRun { get; init; } = "maintenance:last_run";
    public string Session { get; init; } = "market:session:current";
    public string Snapshot { get; init; } = "snapshot:enriched:latest";
    /// <summary>What precedes the name of one of the scanner's categories; read only.</summary>
    public string ScannerCategory { get; init; } = "scanner:category:";
}
