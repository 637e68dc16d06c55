using StackExchange.Redis;

namespace DataMaintenance.Cache;

/// <summary>Deletes keys of other programs by configured patterns; never one that this service writes, nor one that is nobody's to delete.</summary>
/// <param name="patterns">As SCAN matches them; the key prefix goes before each.</param>
public sealed class CacheCleaner(RedisConnection redis, RedisOptions options, Keys keys, Fence fence, IReadOnlyList<string> patterns)
{
    private const int KeysAtOnce = 500;
    private static readonly string[] Untouchable = ["scanner:sequence:", "snapshot:", "polygon_ws:active_tickers"];

    /// <returns>Keys deleted.</returns>
    public async Task<long> ClearAsync(CancellationToken ct)
    {
        var doomed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pattern in patterns)
            foreach (var key in await redis.KeysAsync(options.KeyPrefix + pattern, ct))
                if (!keys.IsOurs(key) && !IsUntouchable(key)) doomed.Add(key);

        long cleared = 0;
        foreach (var part in doomed.Chunk(KeysAtOnce))
        {
            var deleted = Task.FromResult(0L);
            await fence.WriteAsync(t => [deleted = t.KeyDeleteAsync(Array.ConvertAll(part, k => (RedisKey)k))], ct);
            cleared += await deleted;
        }

        return cleared;
    }

    private bool IsUntouchable(string key) =>
        Array.Exists(Untouchable, u => key.StartsWith(u, StringComparison.Ordinal) || key.StartsWith(options.KeyPrefix + u, StringComparison.Ordinal));
}
