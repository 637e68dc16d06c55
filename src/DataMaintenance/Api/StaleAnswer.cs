using System.Text.Json.Nodes;
using DataMaintenance.Pipeline;
using DataMaintenance.Pipeline.Tasks;
using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Api;

/// <summary>What is stale, family by family and symbol by symbol.</summary>
internal sealed class StaleAnswer(FamilyRefresh families)
{
    public async Task<JsonObject> OfAsync(CancellationToken ct)
    {
        var answer = new JsonObject();
        var stale = 0;
        foreach (var family in Enum.GetValues<Family>())
        {
            if (await families.StaleAsync(family, ct) is not { } found) continue;
            stale += found.Count;
            answer[family.Text()] = new JsonObject
            {
                ["session"] = StatusDocument.Day(found.Session),
                ["stale"] = found.Count,
                ["changed"] = Names(found.Changed),
                ["added"] = Names(found.Added),
                ["gone"] = Names(found.Gone),
            };
        }

        return new() { ["stale"] = stale, ["families"] = answer };
    }

    private static JsonArray Names(IReadOnlyList<Symbol> symbols) => new([.. symbols.Select(s => (JsonNode)s.Text)]);
}
