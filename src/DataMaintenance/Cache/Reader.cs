using System.Text.Json;
using DataMaintenance.Values;
using Market;
using StackExchange.Redis;

namespace DataMaintenance.Cache;

/// <summary>Reads the published keys back, for checks, verify and the read side.</summary>
public sealed class Reader(RedisConnection redis, Keys keys)
{
    private const int KeysAtOnce = 256;

    /// <summary>The field of <c>maintenance:derived</c>; null when absent: the server was flushed, or never filled.</summary>
    /// <exception cref="FormatException">Something else is there.</exception>
    public async Task<DerivedState?> DerivedAsync(Family family, CancellationToken ct)
    {
        var field = await redis.AskAsync(db => db.HashGetAsync(keys.Derived, family.Text()), ct);
        if (field.IsNull) return null;
        try
        {
            using var json = JsonDocument.Parse((string)field!);
            var state = json.RootElement;
            return new(
                DateOnly.ParseExact(state.GetProperty("session").GetString()!, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
                state.GetProperty("epoch").GetInt64(), state.GetProperty("count").GetInt64(),
                state.GetProperty("published_at").GetDateTimeOffset(), state.GetProperty("fingerprint").GetString()!);
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"{keys.Derived} {family.Text()} holds '{field}', expected session, epoch, count, published_at and fingerprint; delete the field to have the family published again.", e);
        }
    }

    /// <summary>Compares Redis with computed values, whole keys: type, fields, values.</summary>
    /// <param name="sample">Compare only this many symbols, chosen by <paramref name="random"/>; null compares all. The universe is compared whole, members too many included.</param>
    public Task<IReadOnlyList<CacheDifference>> CompareAsync(FamilyValues values, int? sample, Random random, CancellationToken ct)
    {
        var comparison = new Comparison(keys);
        if (values.Family == Family.Universe) return comparison.UniverseAsync(values, this, ct);
        var items = sample < values.Items.Count ? Sample([.. values.Items], sample.Value, random) : values.Items;
        return redis.AskAsync(db => comparison.KeysAsync(db, values.Family, items, ct), ct);
    }

    /// <summary>Keys of the family whose symbol has no value: of one that left, or that somebody else wrote. The universe's are found by <see cref="CompareAsync"/>.</summary>
    public async Task<IReadOnlyList<CacheDifference>> SurplusAsync(FamilyValues values, CancellationToken ct)
    {
        if (values.Family == Family.Universe) return [];
        var valued = values.Items.Select(v => v.Symbol).ToHashSet();
        var surplus = new List<CacheDifference>();
        foreach (var template in keys.Of(values.Family))
            foreach (var key in await redis.KeysAsync(template.Pattern, ct))
                if (!keys.IsFixed(key) && template.TrySymbol(key, out var symbol) && !valued.Contains(symbol)) surplus.Add(new(values.Family, symbol, key, null, "a key"));
        return [.. surplus.DistinctBy(d => d.Key).OrderBy(d => d.Key, StringComparer.Ordinal)];
    }

    /// <summary>Symbols of <paramref name="values"/> whose key is absent.</summary>
    public async Task<IReadOnlySet<Symbol>> AbsentAsync(FamilyValues values, CancellationToken ct)
    {
        var symbols = values.Items.Where(Documents.HasKey).Select(v => v.Symbol).ToArray();
        if (values.Family != Family.Universe) return await AbsentAsync(values.Family, symbols, ct);
        var members = await UniverseAsync(ct);
        return symbols.Where(s => !members.Contains(s)).ToHashSet();
    }

    /// <summary>The published universe; empty when absent.</summary>
    public async Task<IReadOnlySet<Symbol>> UniverseAsync(CancellationToken ct) =>
        (await redis.AskAsync(db => db.SetMembersAsync(keys.Universe), ct)).Select(m => m.ToString()).Where(m => Symbol.IsValid(m)).Select(m => new Symbol(m)).ToHashSet();

    /// <summary>The published metadata document of a symbol, as JSON text; null when absent.</summary>
    public async Task<string?> MetadataAsync(Symbol symbol, CancellationToken ct) =>
        await redis.AskOnceAsync(db => db.StringGetAsync(keys.Of(Family.Metadata)[0].Of(symbol)), ct);

    /// <summary>The published metadata documents of these symbols, as JSON in UTF-8, asked for in one command; absent where there is none.</summary>
    public async Task<Dictionary<Symbol, ReadOnlyMemory<byte>>> MetadataAsync(IReadOnlyList<Symbol> symbols, CancellationToken ct)
    {
        var template = keys.Of(Family.Metadata)[0];
        var documents = await redis.AskOnceAsync(db => db.StringGetAsync([.. symbols.Select(s => template.Of(s))]), ct);
        var found = new Dictionary<Symbol, ReadOnlyMemory<byte>>(symbols.Count);
        for (var i = 0; i < symbols.Count; i++) if (!documents[i].IsNull) found[symbols[i]] = documents[i];
        return found;
    }

    /// <summary>Symbols named by another program in <c>snapshot:enriched:latest</c>, a JSON document or a hash with a field per symbol. Empty when absent.</summary>
    /// <exception cref="FormatException">Something else is there.</exception>
    public Task<IReadOnlySet<Symbol>> SnapshotSymbolsAsync(CancellationToken ct) => new OtherPrograms(redis, keys).SnapshotAsync(ct);

    /// <summary>Symbols in any of the scanner's categories. Empty when absent.</summary>
    /// <exception cref="FormatException">Something else is there.</exception>
    public Task<IReadOnlySet<Symbol>> ScannerSymbolsAsync(CancellationToken ct) => new OtherPrograms(redis, keys).ScannerAsync(ct);

    /// <summary>Symbols one of whose keys of the family is absent. Asks for many keys at once, one by one only where some are absent.</summary>
    internal Task<IReadOnlySet<Symbol>> AbsentAsync(Family family, IReadOnlyList<Symbol> symbols, CancellationToken ct) =>
        redis.AskAsync(db => AbsentAsync(db, family, symbols, ct), ct);

    private async Task<IReadOnlySet<Symbol>> AbsentAsync(IDatabase db, Family family, IReadOnlyList<Symbol> symbols, CancellationToken ct)
    {
        var absent = new HashSet<Symbol>();
        foreach (var template in keys.Of(family))
        {
            var parts = symbols.Chunk(KeysAtOnce).ToArray();
            var counts = await Task.WhenAll(parts.Select(p => db.KeyExistsAsync(Array.ConvertAll(p, s => template.Of(s))))).WaitAsync(ct);
            foreach (var (part, _) in parts.Zip(counts).Where(p => p.Second != p.First.Length))
            {
                var there = await Task.WhenAll(part.Select(s => db.KeyExistsAsync(template.Of(s)))).WaitAsync(ct);
                for (var i = 0; i < part.Length; i++) if (!there[i]) absent.Add(part[i]);
            }
        }

        return absent;
    }

    /// <summary>The first entries of a shuffle: every symbol as likely as any other.</summary>
    private static ArraySegment<IDerivedValue> Sample(IDerivedValue[] items, int count, Random random)
    {
        for (var i = 0; i < count; i++)
        {
            var j = random.Next(i, items.Length);
            (items[i], items[j]) = (items[j], items[i]);
        }

        return new(items, 0, count);
    }
}

/// <summary>The value of a field of <c>maintenance:derived</c>.</summary>
public sealed record DerivedState(DateOnly Session, long Epoch, long Count, DateTimeOffset PublishedAt, string Fingerprint);

/// <param name="Expected">As computed from the store, as text; null when there should be none.</param>
/// <param name="Found">As read; null when the key is absent.</param>
public sealed record CacheDifference(Family Family, Symbol Symbol, string Key, string? Expected, string? Found);
