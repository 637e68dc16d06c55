using System.Globalization;
using DataMaintenance.Values;
using StackExchange.Redis;

namespace DataMaintenance.Cache;

/// <summary>Every key and channel of the service, with the configured templates and prefix applied.</summary>
public sealed class Keys
{
    private readonly KeyTemplate metadata;
    private readonly KeyTemplate legacyMetadata;
    private readonly KeyTemplate averageVolume;
    private readonly KeyTemplate atr;
    private readonly KeyTemplate rvol;
    private readonly KeyTemplate status;
    private readonly KeyTemplate executed;
    private readonly HashSet<string> fixedKeys;
    private readonly RedisOptions options;

    /// <exception cref="ArgumentException">A template lacks its placeholder.</exception>
    public Keys(RedisOptions options)
    {
        this.options = options;
        var (prefix, templates) = (options.KeyPrefix, options.Keys);
        metadata = new(prefix, templates.Metadata, "{symbol}");
        legacyMetadata = new(prefix, templates.LegacyMetadata, "{symbol}");
        averageVolume = new(prefix, templates.AverageVolume, "{symbol}");
        atr = new(prefix, templates.Atr, "{symbol}");
        rvol = new(prefix, templates.Rvol, "{symbol}");
        status = new(prefix, templates.Status, "{date}");
        executed = new(prefix, templates.Executed, "{date}");
        fixedKeys = [.. new[] { Universe, UniverseNext, Probe, Derived, Fence, LastRun, Session }.Select(k => k.ToString())];
    }

    public RedisKey Universe => Named(options.Keys.Universe);
    /// <summary>Where the next universe is built before it is renamed; lives only inside a transaction.</summary>
    public RedisKey UniverseNext => Named(options.Keys.Universe + ":next");
    /// <summary>Where it is tried what the server can do; lives only inside a transaction.</summary>
    /// <summary>Where a key's next value is put together; not beside the key, where those who list its family would find it.</summary>
    public RedisKey Next(RedisKey key) => Named(options.Keys.Derived + ":next:").Append(key);

    public RedisKey Probe => Named(options.Keys.Derived + ":probe");
    public RedisKey Derived => Named(options.Keys.Derived);
    public RedisKey Fence => Named(options.Keys.Fence);
    public RedisKey LastRun => Named(options.Keys.LastRun);
    public RedisKey Session => Named(options.Keys.Session);
    public RedisKey Status(DateOnly date) => status.Of(Text(date));
    public RedisKey Executed(DateOnly date) => executed.Of(Text(date));

    /// <summary>The enriched snapshot of another program: under the prefix, and without it, for a service in the shadow of another.</summary>
    public IReadOnlyList<RedisKey> Snapshot => Foreign(options.Keys.Snapshot);

    /// <summary>A list of the scanner, likewise.</summary>
    public IReadOnlyList<RedisKey> ScannerCategory(string category) => Foreign(options.Keys.ScannerCategory + category);

    public RedisChannel Channel(string name) => RedisChannel.Literal(options.KeyPrefix + name);

    /// <summary>The keys that hold a symbol's value of a family, each with the same content; the universe has none of its own.</summary>
    public IReadOnlyList<KeyTemplate> Of(Family family) => family switch
    {
        Family.Metadata => options.LegacyKeys ? [metadata, legacyMetadata] : [metadata],
        Family.AverageVolume => [averageVolume],
        Family.Atr => [atr],
        Family.Rvol => [rvol],
        _ => throw new ArgumentOutOfRangeException(nameof(family), family, "has no key per symbol"),
    };

    /// <summary>Whether the key is one of those that stand alone, however much it looks like one of a symbol.</summary>
    public bool IsFixed(string key) => fixedKeys.Contains(key);

    /// <summary>Whether the service writes keys of this name: what others may ask it to delete never includes them.</summary>
    public bool IsOurs(string key) =>
        IsFixed(key) || new[] { metadata, legacyMetadata, averageVolume, atr, rvol, status, executed }.Any(t => t.TrySymbol(key, out _));

    internal static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private RedisKey Named(string name) => options.KeyPrefix + name;

    private IReadOnlyList<RedisKey> Foreign(string name) => options.KeyPrefix.Length == 0 ? [name] : [options.KeyPrefix + name, name];
}
