using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Cache;

/// <summary>A cheap look at whether Redis still holds what was published: records and counts, no content.</summary>
public sealed class Presence(RedisConnection redis, Keys keys, Reader reader)
{
    private const int KeysAtOnce = 512;

    /// <param name="symbols">Whose keys are counted.</param>
    /// <exception cref="RedisUnavailableException">The server is away.</exception>
    public async Task<CacheLook> LookAsync(IReadOnlyList<Symbol> symbols, CancellationToken ct)
    {
        var derived = new Dictionary<Family, DerivedState?>();
        foreach (var family in Enum.GetValues<Family>()) derived[family] = await reader.DerivedAsync(family, ct);
        var present = new Dictionary<Family, long>();
        foreach (var family in derived.Keys) present[family] = await CountAsync(family, symbols, ct);
        return await redis.AskOnceAsync(async db => new CacheLook(
            (await ServerInfo.ReadAsync(db)).RunId, await db.KeyExistsAsync(keys.Fence), derived, present), ct);
    }

    /// <summary>Symbols (members, for the universe) whose keys are there.</summary>
    public async Task<long> CountAsync(Family family, IReadOnlyList<Symbol> symbols, CancellationToken ct)
    {
        if (family == Family.Universe) return await redis.AskOnceAsync(db => db.SetLengthAsync(keys.Universe), ct);
        var least = long.MaxValue;
        foreach (var template in keys.Of(family))
        {
            var parts = await redis.AskOnceAsync(db => Task.WhenAll(symbols.Chunk(KeysAtOnce).Select(p => db.KeyExistsAsync(Array.ConvertAll(p, s => template.Of(s))))), ct);
            least = Math.Min(least, parts.Sum());
        }

        return least;
    }

    /// <summary>What the server says of itself.</summary>
    public Task<ServerInfo> ServerAsync(CancellationToken ct) => redis.AskOnceAsync(ServerInfo.ReadAsync, ct);
}

/// <param name="RunId">Of the server; another one after a restart, or when it was replaced.</param>
/// <param name="Derived">The record of each family; null when absent.</param>
/// <param name="Present">Symbols whose keys are there, by family.</param>
public sealed record CacheLook(string RunId, bool HasFence, IReadOnlyDictionary<Family, DerivedState?> Derived, IReadOnlyDictionary<Family, long> Present)
{
    /// <summary>Nothing of what names itself is left: the server was flushed, or is a new one.</summary>
    public bool IsEmpty => !HasFence || Derived.Values.All(d => d is null);
}
