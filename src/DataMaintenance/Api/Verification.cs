using System.Text.Json.Nodes;
using DataMaintenance.Cache;
using DataMaintenance.Pipeline;
using DataMaintenance.Pipeline.Tasks;
using DataMaintenance.Values;

namespace DataMaintenance.Api;

/// <summary>Every derived value computed again from the store, compared with what Redis holds.</summary>
public sealed class Verification(FamilyRefresh families, Reader cache, RedisConnection redis)
{
    public const int MostNamed = 100;

    /// <exception cref="RedisUnavailableException">Redis does not answer; told at once, before anything is computed.</exception>
    public async Task<JsonObject> RunAsync(CancellationToken ct)
    {
        await redis.AnswersAsync(ct);
        var answer = new JsonObject();
        var verified = true;
        foreach (var family in Enum.GetValues<Family>())
        {
            var one = await OneAsync(family, ct);
            verified &= one["state"]!.GetValue<string>() == "verified";
            answer[family.Text()] = one;
        }

        return new() { ["verified"] = verified, ["families"] = answer };
    }

    /// <summary>Our published keys against those of the service in whose shadow we run; of the values, not of the store.</summary>
    /// <exception cref="RequestException">The prefix is our own, or the tolerance makes no sense.</exception>
    public static async Task<JsonObject> AgainstAsync(RedisConnection redis, RedisOptions options, string prefix, double tolerance, CancellationToken ct)
    {
        if (prefix == options.KeyPrefix) throw new RequestException($"the prefix '{prefix}' is our own; set Redis:KeyPrefix, such as shadow:, and publish under it first");
        if (tolerance is not (>= 0 and < 1)) throw new RequestException("the tolerance is relative: expected 0 or more and below 1, such as 0.0001");
        await redis.AnswersAsync(ct);
        var families = new JsonObject();
        var agrees = true;
        foreach (var family in Enum.GetValues<Family>())
        {
            var compared = await new ShadowComparison(redis, options, prefix, tolerance).OfAsync(family, ct);
            agrees &= compared.Agrees;
            families[family.Text()] = new JsonObject
            {
                ["equal"] = compared.Equal,
                ["different"] = compared.Different,
                ["only_ours"] = compared.OnlyOurs,
                ["only_theirs"] = compared.OnlyTheirs,
                ["fields_only_ours"] = Fields(compared.FieldsOnlyOurs),
                ["fields_only_theirs"] = Fields(compared.FieldsOnlyTheirs),
                ["examples"] = new JsonArray([.. compared.Examples.Select(e => (JsonNode)e)]),
            };
        }

        return new() { ["agrees"] = agrees, ["our_prefix"] = options.KeyPrefix, ["their_prefix"] = prefix, ["tolerance"] = tolerance, ["families"] = families };

        static JsonObject Fields(IReadOnlyDictionary<string, int> fields) => new(fields.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)f.Value)));
    }

    private async Task<JsonObject> OneAsync(Family family, CancellationToken ct)
    {
        if (await families.ComputeAsync(family, ct) is not { } values)
            return new() { ["state"] = "nothing to verify: no whole session in the store", ["session"] = null, ["keys"] = 0, ["differences"] = new JsonArray() };
        var differences = await cache.CompareAsync(values, null, new Random(0), ct);
        var published = await cache.DerivedAsync(family, ct);
        var state = differences.Count > 0 ? $"{differences.Count:N0} keys differ"
            : published is null ? "not published"
            : published.Fingerprint != values.Fingerprint ? "published from other inputs, with the same values"
            : "verified";
        return new()
        {
            ["state"] = state,
            ["session"] = StatusDocument.Day(values.Session),
            ["keys"] = values.Items.Count,
            ["held_back"] = new JsonArray([.. values.HeldBack.Select(s => s.Text).Order(StringComparer.Ordinal).Select(s => (JsonNode)s)]),
            ["fingerprint"] = values.Fingerprint,
            ["differing"] = differences.Count,
            ["differences"] = new JsonArray([.. differences.Take(MostNamed).Select(d => (JsonNode)new JsonObject
            {
                ["key"] = d.Key, ["symbol"] = d.Symbol.Text, ["expected"] = d.Expected, ["found"] = d.Found,
            })]),
        };
    }
}
