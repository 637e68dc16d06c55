using System.Text.Json;
using Market;
using StackExchange.Redis;

namespace DataMaintenance.Cache;

/// <summary>Symbols that other programs name in Redis. Their keys are read and never written.</summary>
internal sealed class OtherPrograms(RedisConnection redis, Keys keys)
{
    public static readonly IReadOnlyList<string> ScannerCategories =
    [
        "winners", "losers", "gappers_up", "gappers_down", "momentum_up", "momentum_down", "new_highs", "new_lows", "high_volume", "anomalies", "reversals",
    ];

    /// <summary>The symbols of <c>snapshot:enriched:latest</c>, a JSON document or a hash with a field per symbol; empty when absent.</summary>
    public Task<IReadOnlySet<Symbol>> SnapshotAsync(CancellationToken ct) => ReadAsync([keys.Snapshot], ct);

    /// <summary>The symbols in any of the scanner's categories; empty when absent.</summary>
    public Task<IReadOnlySet<Symbol>> ScannerAsync(CancellationToken ct) => ReadAsync([.. ScannerCategories.Select(keys.ScannerCategory)], ct);

    /// <param name="documents">For each, the keys it may be under; the first that exists counts.</param>
    private async Task<IReadOnlySet<Symbol>> ReadAsync(IReadOnlyList<IReadOnlyList<RedisKey>> documents, CancellationToken ct)
    {
        var symbols = new HashSet<Symbol>();
        foreach (var places in documents)
        {
            foreach (var key in places)
            {
                var type = await redis.AskOnceAsync(db => db.KeyTypeAsync(key), ct);
                if (type == RedisType.None) continue;
                if (type == RedisType.Hash) AddAll(symbols, (await redis.AskOnceAsync(db => db.HashKeysAsync(key), ct)).Select(f => f.ToString()));
                else if (type == RedisType.String) AddJson(symbols, key, await redis.AskOnceAsync(db => db.StringGetAsync(key), ct));
                else throw new FormatException($"{key} is a {type}, expected JSON text or a hash with a field per symbol.");
                break;
            }
        }

        return symbols;
    }

    private static void AddJson(HashSet<Symbol> symbols, RedisKey key, RedisValue text)
    {
        if (text.IsNull) return;
        try
        {
            using var json = JsonDocument.Parse((ReadOnlyMemory<byte>)text);
            var list = json.RootElement;
            if (list.ValueKind == JsonValueKind.Object && !list.TryGetProperty("tickers", out list))
                throw new FormatException($"{key} holds a JSON object without 'tickers'.");
            if (list.ValueKind != JsonValueKind.Array) throw new FormatException($"{key} holds a JSON {list.ValueKind} where a list of tickers is expected.");
            AddAll(symbols, list.EnumerateArray().Select(Name));
        }
        catch (JsonException e)
        {
            throw new FormatException($"{key} holds no JSON: {e.Message}", e);
        }
    }

    private static string Name(JsonElement row)
    {
        if (row.ValueKind == JsonValueKind.String) return row.GetString()!;
        if (row.ValueKind != JsonValueKind.Object) return "";
        foreach (var field in (ReadOnlySpan<string>)["symbol", "ticker"])
            if (row.TryGetProperty(field, out var name) && name.ValueKind == JsonValueKind.String) return name.GetString()!;
        return "";
    }

    private static void AddAll(HashSet<Symbol> symbols, IEnumerable<string> names)
    {
        foreach (var name in names) if (Symbol.IsValid(name)) symbols.Add(new Symbol(name));
    }
}
