using DataMaintenance.Values;
using StackExchange.Redis;

namespace DataMaintenance.Cache;

/// <summary>Whole keys in Redis against computed values, pipelined.</summary>
internal sealed class Comparison(Keys keys)
{
    /// <summary>Replies awaited at once: enough to keep the wire busy, few enough to stay small.</summary>
    private const int InFlight = 512;

    public async Task<IReadOnlyList<CacheDifference>> KeysAsync(IDatabase db, Family family, IReadOnlyList<IDerivedValue> items, CancellationToken ct)
    {
        var differences = new List<CacheDifference>();
        foreach (var template in keys.Of(family))
        {
            var asked = new Queue<(IDerivedValue Value, RedisKey Key, Task Reply)>(InFlight);
            foreach (var value in items)
            {
                if (asked.Count == InFlight) await TakeAsync(asked.Dequeue());
                var key = template.Of(value.Symbol);
                asked.Enqueue((value, key, Documents.IsJson(family) ? db.StringGetAsync(key) : db.HashGetAllAsync(key)));
            }

            while (asked.TryDequeue(out var last)) await TakeAsync(last);
        }

        return differences;

        async Task TakeAsync((IDerivedValue Value, RedisKey Key, Task Reply) asked)
        {
            if (await DifferenceAsync(asked.Value, asked.Reply, ct) is { } found)
                differences.Add(new(family, asked.Value.Symbol, asked.Key.ToString(), Expected(asked.Value), found.Text));
        }
    }

    public async Task<IReadOnlyList<CacheDifference>> UniverseAsync(FamilyValues values, Reader reader, CancellationToken ct)
    {
        var members = await reader.UniverseAsync(ct);
        var expected = values.Items.Select(v => v.Symbol).ToHashSet();
        var missing = expected.Where(s => !members.Contains(s)).Select(s => new CacheDifference(values.Family, s, keys.Universe.ToString(), "a member", null));
        var surplus = members.Where(s => !expected.Contains(s)).Select(s => new CacheDifference(values.Family, s, keys.Universe.ToString(), null, "a member"));
        return [.. missing, .. surplus];
    }

    /// <returns>Null when equal; else what was found, its text null when the key is absent.</returns>
    private static async Task<Found?> DifferenceAsync(IDerivedValue value, Task reply, CancellationToken ct)
    {
        try
        {
            await reply.WaitAsync(ct);
        }
        catch (RedisServerException e) when (e.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal))
        {
            return new("a key of another type");
        }

        if (reply is Task<RedisValue> { Result: var text })
            return text.IsNull ? new(null) : string.Equals(text, Documents.Json(value), StringComparison.Ordinal) ? null : new(text);
        var fields = ((Task<HashEntry[]>)reply).Result;
        if (Documents.Matches(value, fields)) return null;
        return new(fields.Length == 0 ? null : Text(fields));
    }

    private static string Expected(IDerivedValue value) =>
        value is MetadataValue or AverageVolumeValue ? Documents.Json(value) : Text(Documents.Fields(value));

    private static string Text(HashEntry[] fields) => string.Join(' ', fields.Select(f => $"{f.Name}={f.Value}"));

    private sealed record Found(string? Text);
}
