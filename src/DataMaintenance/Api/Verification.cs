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

    /// <summary>Of the newest session.</summary>
    public Task<JsonObject> RunAsync(CancellationToken ct) => RunAsync(null, ct);

    /// <param name="date">The session; null for the newest. Redis is for the newest alone: of an older one the facts are counted and the values computed from them.</param>
    public async Task<JsonObject> RunAsync(DateOnly? date, CancellationToken ct)
    {
        await redis.AnswersAsync(ct);
        var answer = new JsonObject();
        var verified = true;
        foreach (var family in Enum.GetValues<Family>())
        {
            var (good, one) = await OneAsync(family, date, ct);
            verified &= good;
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

    private async Task<(bool Good, JsonObject Answer)> OneAsync(Family family, DateOnly? date, CancellationToken ct)
    {
        if (await families.NewestUsableAsync(family, ct) is not { } newest) return (false, Of("nothing to verify: no whole session in the store", null));
        // Universe and metadata are as known now, whatever the session.
        var session = family is Family.Universe or Family.Metadata ? newest : date ?? newest;
        try
        {
            var values = await families.ComputeAsync(family, session, ct);
            return session == newest ? await HeldAgainstRedisAsync(values, ct)
                : !await families.HoldsFactsAsync(family, session, ct) ? (false, Of($"no facts of {session:yyyy-MM-dd} in the store", session))
                : (true, Of($"whole in the store; Redis is for {newest:yyyy-MM-dd}, the newest session", session, values));
        }
        catch (InputsShortException e)
        {
            return (false, Of(e.Message, session));
        }
    }

    private async Task<(bool Good, JsonObject Answer)> HeldAgainstRedisAsync(FamilyValues values, CancellationToken ct)
    {
        var differences = await cache.CompareAsync(values, null, new Random(0), ct);
        var published = await cache.DerivedAsync(values.Family, ct);
        var state = differences.Count > 0 ? $"{differences.Count:N0} keys differ"
            : published is null ? "not published"
            : published.Fingerprint != values.Fingerprint ? "published from other inputs, with the same values"
            : Verified;
        var answer = Of(state, values.Session, values);
        answer["differing"] = differences.Count;
        answer["differences"] = new JsonArray([.. differences.Take(MostNamed).Select(d => (JsonNode)new JsonObject
        {
            ["key"] = d.Key, ["symbol"] = d.Symbol.Text, ["expected"] = d.Expected, ["found"] = d.Found,
        })]);
        return (state == Verified, answer);
    }

    private static JsonObject Of(string state, DateOnly? session, FamilyValues? values = null)
    {
        var answer = new JsonObject { ["state"] = state, ["session"] = session is { } day ? StatusDocument.Day(day) : null, ["keys"] = values?.Items.Count ?? 0, ["differences"] = new JsonArray() };
        if (values is not null) answer["fingerprint"] = values.Fingerprint;
        return answer;
    }

    private const string Verified = "verified";
}
