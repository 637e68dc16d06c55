using System.Text.Json.Nodes;
using DataMaintenance.Cache;
using DataMaintenance.Pipeline;
using DataMaintenance.Pipeline.Tasks;
using DataMaintenance.Values;

namespace DataMaintenance.Api;

/// <summary>One family, computed from the store and held against Redis.</summary>
internal sealed class FamilyVerification(FamilyRefresh families, Reader cache)
{
    public const string Verified = "verified";

    /// <summary>The state of a family of which Redis holds another session.</summary>
    public const string NotHeld = "not in Redis";

    /// <param name="asOf">Null for the newest usable session.</param>
    /// <param name="cannot">Takes what cannot be compared, in words.</param>
    public async Task<JsonObject> OfAsync(Family family, DateOnly? asOf, JsonArray cannot, CancellationToken ct)
    {
        try
        {
            var published = await cache.DerivedAsync(family, ct);
            if (asOf is { } past && published?.Session != past) return await OfPastAsync(family, past, published, cannot, ct);
            if (await families.ComputeAsync(family, ct) is not { } values) return Told("nothing to verify: no whole session in the store");
            return asOf is { } day && values.Session != day
                ? Told($"Redis has {family.Text()} of {StatusDocument.Day(day)}, the store would give that of {StatusDocument.Day(values.Session)}")
                : await ComparedAsync(values, published, ct);
        }
        catch (InputsShortException e)
        {
            return Told($"its inputs are damaged: {e.Message}");
        }
    }

    private async Task<JsonObject> ComparedAsync(FamilyValues values, DerivedState? published, CancellationToken ct)
    {
        var differences = await cache.CompareAsync(values, null, new Random(0), ct);
        var surplus = (await cache.SurplusAsync(values, ct)).Where(d => !values.HeldBack.ContainsKey(d.Symbol));
        var stale = StaleValues.Between(await families.PublishedInputsAsync(values.Family, ct), values);
        // Of those held back it cannot be said what Redis should hold, but that it should hold something.
        var older = values.HeldBack.Count == 0 ? [] : await cache.CompareAsync(await families.OlderAsync(values, ct), null, new Random(0), ct);
        CacheDifference[] all = [.. differences, .. surplus, .. older];
        var state = all.Length > 0 ? $"{all.Length:N0} keys differ"
            : published is null ? "not published"
            : published.Session != values.Session ? $"published as of {StatusDocument.Day(published.Session)}, with the same values"
            : published.Fingerprint != values.Fingerprint && stale.Count > 0 ? $"published from other inputs, with the same values: {stale.Count:N0} are stale"
            : published.Fingerprint != values.Fingerprint ? "published from other inputs, with the same values"
            : Verified;
        var answer = Told(state);
        answer["session"] = StatusDocument.Day(values.Session);
        answer["keys"] = values.Items.Count;
        answer["held_back"] = new JsonArray([.. values.HeldBack.Keys.Select(h => h.Text).Order(StringComparer.Ordinal).Select(h => (JsonNode)h)]);
        answer["fingerprint"] = values.Fingerprint;
        answer["published_fingerprint"] = published?.Fingerprint;
        answer["differing"] = all.Length;
        answer["missing"] = all.Count(d => d.Found is null);
        answer["surplus"] = all.Count(d => d.Expected is null);
        answer["stale"] = published?.Fingerprint == values.Fingerprint ? 0 : stale.Count;
        answer["symbols"] = new JsonArray([.. all.Select(d => d.Symbol.Text).Distinct().Take(Verification.MostNamed).Select(s => (JsonNode)s)]);
        answer["differences"] = new JsonArray([.. all.Take(Verification.MostNamed).Select(d => (JsonNode)new JsonObject
        {
            ["key"] = d.Key, ["symbol"] = d.Symbol.Text, ["expected"] = d.Expected, ["found"] = d.Found,
        })]);
        return answer;
    }

    private async Task<JsonObject> OfPastAsync(Family family, DateOnly past, DerivedState? published, JsonArray cannot, CancellationToken ct)
    {
        var held = published is null ? "Redis holds none" : $"Redis holds that of {StatusDocument.Day(published.Session)}";
        if (family is Family.Universe or Family.Metadata)
        {
            cannot.Add($"{family.Text()} of {StatusDocument.Day(past)}: it is known as of now alone, and {held}");
            return Told(NotHeld);
        }

        var values = await families.ComputeAsync(family, past, ct);
        cannot.Add($"{family.Text()} of {StatusDocument.Day(past)}: {held}; {values.Items.Count:N0} values were computed from the store, and there is nothing to compare them with");
        var answer = Told(NotHeld);
        answer["session"] = StatusDocument.Day(values.Session);
        answer["keys"] = values.Items.Count;
        answer["fingerprint"] = values.Fingerprint;
        return answer;
    }

    private static JsonObject Told(string state) => new()
    {
        ["state"] = state,
        ["session"] = null,
        ["keys"] = 0,
        ["held_back"] = new JsonArray(),
        ["fingerprint"] = null,
        ["published_fingerprint"] = null,
        ["differing"] = 0,
        ["missing"] = 0,
        ["surplus"] = 0,
        ["stale"] = 0,
        ["symbols"] = new JsonArray(),
        ["differences"] = new JsonArray(),
    };
}
