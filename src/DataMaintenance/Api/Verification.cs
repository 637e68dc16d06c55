using System.Text.Json.Nodes;
using DataMaintenance.Cache;
using DataMaintenance.Pipeline;
using DataMaintenance.Pipeline.Tasks;
using DataMaintenance.Values;

namespace DataMaintenance.Api;

/// <summary>Every derived value computed again from the store, compared with what Redis holds.</summary>
public sealed class Verification(FamilyRefresh families, Reader cache)
{
    public const int MostNamed = 100;

    public async Task<JsonObject> RunAsync(CancellationToken ct)
    {
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
            ["fingerprint"] = values.Fingerprint,
            ["differing"] = differences.Count,
            ["differences"] = new JsonArray([.. differences.Take(MostNamed).Select(d => (JsonNode)new JsonObject
            {
                ["key"] = d.Key, ["symbol"] = d.Symbol.Text, ["expected"] = d.Expected, ["found"] = d.Found,
            })]),
        };
    }
}
