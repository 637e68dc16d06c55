using System.Text.Json.Nodes;
using DataMaintenance.Cache;
using DataMaintenance.Pipeline;
using DataMaintenance.Pipeline.Tasks;
using DataMaintenance.Store;
using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Api;

/// <summary>
/// Every derived value computed again from the store, compared with what Redis holds, key by key. For a session in the past what can be: its facts
/// against their coverage, its state against the journal; Redis holds the newest session's values alone.
/// </summary>
public sealed class Verification(FamilyRefresh families, Reader cache, RedisConnection redis, IStore store, RunState state, TradingCalendar calendar, TimeProvider clock)
{
    public const int MostNamed = 100;

    /// <summary>What Redis should hold now.</summary>
    public Task<JsonObject> RunAsync(CancellationToken ct) => RunAsync(null, ct);

    /// <param name="date">The session; null for what Redis should hold now.</param>
    /// <exception cref="RequestException">The date is no session that has ended.</exception>
    /// <exception cref="RedisUnavailableException">Redis does not answer; told at once, before anything is computed.</exception>
    public async Task<JsonObject> RunAsync(DateOnly? date, CancellationToken ct)
    {
        await redis.AnswersAsync(ct);
        var asOf = date is null ? (DateOnly?)null : Sessions.Of(date, calendar, clock.GetUtcNow());
        var (answer, cannot) = (new JsonObject(), new JsonArray());
        var verified = true;
        foreach (var family in Enum.GetValues<Family>())
        {
            var one = await new FamilyVerification(families, cache).OfAsync(family, asOf, cannot, ct);
            verified &= one["state"]!.GetValue<string>() is FamilyVerification.Verified or FamilyVerification.NotHeld;
            answer[family.Text()] = one;
        }

        JsonObject? session = null;
        if (asOf is { } past)
        {
            session = await new SessionVerification(store, state, calendar, clock).OfAsync(past, cannot, ct);
            verified &= session["verified"]!.GetValue<bool>();
        }

        return new() { ["verified"] = verified, ["date"] = asOf is { } day ? StatusDocument.Day(day) : null, ["families"] = answer, ["session"] = session, ["cannot"] = cannot };
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
}
