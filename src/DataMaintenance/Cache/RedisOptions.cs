using System.ComponentModel.DataAnnotations;
using StackExchange.Redis;

namespace DataMaintenance.Cache;

/// <summary>Where derived values are published. Section <c>Redis</c>, checked at start.</summary>
public sealed record RedisOptions
{
    /// <summary>Garnet in this process, filled from the store, or a server of the Redis protocol.</summary>
    public RedisKind Kind { get; init; } = RedisKind.Embedded;
    /// <summary>Kind=Server: a StackExchange.Redis connection string.</summary>
    public string? ConnectionString { get; init; }
    /// <summary>Kind=Server: the password, where the connection string carries none.</summary>
    public string? Password { get; init; }
    /// <summary>Kind=Server: a file of certificates in PEM; connects by TLS and believes these authorities and no other. Absent: those of the machine, with ssl=true in the connection string.</summary>
    public string? TrustedCa { get; init; }
    /// <summary>How long a task tries again when the connection is lost in its middle; then it fails, and a later run or the watch goes on.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromSeconds(20);
    /// <summary>How often a service looks whether Redis still holds what was published, to rebuild from the store what is gone or old.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan WatchEvery { get; init; } = TimeSpan.FromSeconds(10);
    /// <summary>Kind=Embedded: the port on loopback; 0 = any free one, told in the log.</summary>
    [Range(0, 65_535)]
    public int Port { get; init; }
    /// <summary>Before every key and channel.</summary>
    public string KeyPrefix { get; init; } = "";
    /// <summary>Also write the metadata document under its older name.</summary>
    public bool LegacyKeys { get; init; } = true;
    public KeyTemplates Keys { get; init; } = new();
    /// <summary>Least time to live of metadata, average volumes and ATR; stretched to the next scheduled run plus four days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan ValueTtl { get; init; } = TimeSpan.FromHours(24);
    /// <summary>The same for RVOL baselines.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan RvolTtl { get; init; } = TimeSpan.FromHours(14);
    /// <summary>The same for the state of a date.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan StateTtl { get; init; } = TimeSpan.FromDays(7);
    /// <summary>Kind=Embedded: memory Garnet may take for what it holds, in MB. The whole market needs about 300; what does not fit is lost.</summary>
    [Range(512, 65_536)]
    public int MemoryMegabytes { get; init; } = 1024;

    internal static IEnumerable<string> Mistakes(RedisOptions options)
    {
        if (options.Kind == RedisKind.Server && string.IsNullOrWhiteSpace(options.ConnectionString))
            yield return "Redis:ConnectionString: Redis:Kind is Server, which needs one, such as localhost:6379";
        else if (options.Kind == RedisKind.Server && !IsReadable(options.ConnectionString!))
            yield return "Redis:ConnectionString: expected host:port and options such as ssl=true, separated by commas; what came is not shown, it may hold a password";
        foreach (var mistake in KeyTemplates.Mistakes(options.Keys)) yield return mistake;
    }

    private static bool IsReadable(string connectionString)
    {
        try
        {
            return ConfigurationOptions.Parse(connectionString).EndPoints.Count > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

public enum RedisKind { Embedded, Server }

/// <summary>Key names; <c>{symbol}</c> and <c>{date}</c> are replaced.</summary>
public sealed record KeyTemplates
{
    /// <summary>Set of every active symbol.</summary>
    [MinLength(1)]
    public string Universe { get; init; } = "ticker:universe";
    /// <summary>A symbol's metadata document.</summary>
    [MinLength(1)]
    public string Metadata { get; init; } = "metadata:ticker:{symbol}";
    /// <summary>The same document under its older name.</summary>
    [MinLength(1)]
    public string LegacyMetadata { get; init; } = "ticker:metadata:{symbol}";
    /// <summary>A symbol's average volumes.</summary>
    [MinLength(1)]
    public string AverageVolume { get; init; } = "ticker:avg_volume:{symbol}";
    /// <summary>A symbol's ATR.</summary>
    [MinLength(1)]
    public string Atr { get; init; } = "atr:data:{symbol}";
    /// <summary>A symbol's RVOL baseline.</summary>
    [MinLength(1)]
    public string Rvol { get; init; } = "rvol:hist:avg:{symbol}";
    /// <summary>Age and fingerprint of each family of derived values.</summary>
    [MinLength(1)]
    public string Derived { get; init; } = "maintenance:derived";
    /// <summary>Epoch of the instance that may write.</summary>
    [MinLength(1)]
    public string Fence { get; init; } = "maintenance:fence";
    /// <summary>State of a date's run.</summary>
    [MinLength(1)]
    public string Status { get; init; } = "maintenance:status:{date}";
    /// <summary>Set when every task of a date succeeded.</summary>
    [MinLength(1)]
    public string Executed { get; init; } = "maintenance:executed:{date}";
    /// <summary>Newest date whose run ended.</summary>
    [MinLength(1)]
    public string LastRun { get; init; } = "maintenance:last_run";
    /// <summary>The market session now.</summary>
    [MinLength(1)]
    public string Session { get; init; } = "market:session:current";
    /// <summary>The scanner's newest snapshot; read only.</summary>
    [MinLength(1)]
    public string Snapshot { get; init; } = "snapshot:enriched:latest";
    /// <summary>What precedes the name of one of the scanner's categories; read only.</summary>
    [MinLength(1)]
    public string ScannerCategory { get; init; } = "scanner:category:";

    internal static IEnumerable<string> Mistakes(KeyTemplates keys)
    {
        var all = typeof(KeyTemplates).GetProperties().Where(p => p.PropertyType == typeof(string)).Select(p => (p.Name, Value: (string)p.GetValue(keys)!, Default: (string)p.GetValue(Defaults)!)).ToArray();
        foreach (var (name, value, standard) in all)
            foreach (var placeholder in new[] { "{symbol}", "{date}" })
                if (standard.Split(placeholder).Length != value.Split(placeholder).Length)
                    yield return $"Redis:Keys:{name}: expected a key {(standard.Contains(placeholder, StringComparison.Ordinal) ? "with" : "without")} {placeholder}, got '{value}'";
        foreach (var same in all.GroupBy(k => k.Value, StringComparer.Ordinal).Where(g => g.Count() > 1))
            yield return $"Redis:Keys: {string.Join(" and ", same.Select(k => k.Name))} are the same key, '{same.Key}'";
    }

    private static readonly KeyTemplates Defaults = new();
}
