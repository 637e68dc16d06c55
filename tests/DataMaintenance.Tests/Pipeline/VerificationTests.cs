using System.Text.Json.Nodes;
using StackExchange.Redis;

namespace DataMaintenance.Tests.Pipeline;

/// <summary>What verify names: every key that differs, is absent or is one too many, and of a past session what was written and is no longer there.</summary>
public class VerificationTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_that_differs_is_named_with_what_is_there_and_what_should_be()
    {
        await using var world = await World.StartAsync();
        Assert.True((await world.RunAsync()).Success);
        var clean = await world.Wiring.Verification.RunAsync(null, Ct);
        Assert.True(Verified(clean), clean.ToJsonString());
        Assert.All(clean["families"]!.AsObject(), f => Assert.Equal("verified", f.Value!["state"]!.GetValue<string>()));

        var redis = world.Wiring.Redis.Database;
        await redis.HashSetAsync("atr:data:AAPL", [new HashEntry("atr", "0.5")]);
        await redis.KeyDeleteAsync("ticker:avg_volume:MSFT");
        await redis.HashSetAsync("rvol:hist:avg:NOBODY", [new HashEntry("66", "1")]);
        await redis.StringSetAsync("metadata:ticker:GONE", "{}");
        await redis.SetAddAsync("ticker:universe", "GONE");
        await redis.SetRemoveAsync("ticker:universe", "SPY");
        var found = await world.Wiring.Verification.RunAsync(null, Ct);
        Assert.False(Verified(found));
        Assert.Equal(("atr:data:AAPL", 1, 0, 0), Of(found, "atr"));
        Assert.Contains("atr=0.5", Difference(found, "atr")["found"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.StartsWith("atr=", Difference(found, "atr")["expected"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(("ticker:avg_volume:MSFT", 1, 1, 0), Of(found, "avg_volume"));
        Assert.Equal(("rvol:hist:avg:NOBODY", 1, 0, 1), Of(found, "rvol"));
        Assert.Null(Difference(found, "rvol")["expected"]);
        Assert.Equal(("metadata:ticker:GONE", 1, 0, 1), Of(found, "metadata"));
        Assert.Equal(["GONE", "SPY"], found["families"]!["universe"]!["symbols"]!.AsArray().Select(s => s!.GetValue<string>()).Order(StringComparer.Ordinal));
        Assert.Equal(("ticker:universe", 2, 1, 1), Of(found, "universe"));
    }

    [Fact]
    public async Task Of_a_past_session_what_can_be_compared_is_and_what_cannot_is_said()
    {
        await using var world = await World.StartAsync();
        Assert.True((await world.RunAsync()).Success);
        var past = await world.Wiring.Verification.RunAsync(World.Friday, Ct);
        Assert.True(Verified(past), past.ToJsonString());
        Assert.Equal("2025-11-28", past["date"]!.GetValue<string>());
        Assert.Equal(["not in Redis"], past["families"]!.AsObject().Select(f => f.Value!["state"]!.GetValue<string>()).Distinct());
        Assert.Contains(past["cannot"]!.AsArray(), c => c!.GetValue<string>().StartsWith("atr of 2025-11-28: Redis holds that of 2025-12-01;", StringComparison.Ordinal));
        Assert.Equal(("verified", "verified", "verified"), States(past));

        var newest = await world.Wiring.Verification.RunAsync(World.Monday, Ct);
        Assert.True(Verified(newest), newest.ToJsonString());
        Assert.Equal("verified", newest["families"]!["atr"]!["state"]!.GetValue<string>());
        Assert.Equal(("verified", "verified", "verified"), States(newest));
        Assert.Empty(newest["cannot"]!.AsArray());

        await world.ExecuteAsync("DELETE FROM market_data_daily_raw WHERE date = '2025-11-28' AND symbol = 'AAPL'");
        await world.Wiring.Redis.Database.StringSetAsync("maintenance:status:2025-12-01", "{}");
        past = await world.Wiring.Verification.RunAsync(World.Friday, Ct);
        Assert.False(Verified(past));
        Assert.Equal(["AAPL"], past["session"]!["daily"]!["symbols"]!.AsArray().Select(s => s!.GetValue<string>()));
        Assert.Contains("damaged", past["families"]!["atr"]!["state"]!.GetValue<string>(), StringComparison.Ordinal);
        newest = await world.Wiring.Verification.RunAsync(World.Monday, Ct);
        Assert.Equal("the status in Redis is not what the journal says", newest["session"]!["state"]!["state"]!.GetValue<string>());
        var never = await world.Wiring.Verification.RunAsync(new(2025, 3, 3), Ct);
        Assert.False(Verified(never));
        Assert.Equal("never loaded", never["session"]!["daily"]!["state"]!.GetValue<string>());
    }

    private static bool Verified(JsonObject answer) => answer["verified"]!.GetValue<bool>();

    private static JsonNode Difference(JsonObject answer, string family) => answer["families"]![family]!["differences"]![0]!;

    private static (string Key, int Differing, int Missing, int Surplus) Of(JsonObject answer, string family) => answer["families"]![family]! is var f
        ? (Difference(answer, family)["key"]!.GetValue<string>(), f["differing"]!.GetValue<int>(), f["missing"]!.GetValue<int>(), f["surplus"]!.GetValue<int>()) : default;

    private static (string Daily, string Slots, string State) States(JsonObject answer) => (State(answer, "daily"), State(answer, "slots"), State(answer, "state"));

    private static string State(JsonObject answer, string what) => answer["session"]![what]!["state"]!.GetValue<string>();
}
