using System.Text.Json.Nodes;
using DataMaintenance.Values;

namespace DataMaintenance.Tests.Api;

/// <summary>What other programs and people read of symbols.</summary>
public class ReadSideTests(Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task The_numbers_of_an_explanation_give_the_values_it_explains_and_those_published()
    {
        var why = await service.GetAsync("/api/explain/AAPL");
        var ranges = why["atr"]!["bars"]!.AsArray().Where(b => b!["in_atr"]!.GetValue<bool>()).Skip(1).Select(b => b!["true_range"]!.GetValue<double>()).ToArray();
        Assert.Equal(14, ranges.Length);
        Assert.Equal(ranges.Average(), why["atr"]!["atr"]!.GetValue<double>(), 9);
        var published = (double)await service.World.Wiring.Redis.Database.HashGetAsync("atr:data:AAPL", "atr");
        Assert.Equal(published, why["atr"]!["atr"]!.GetValue<double>());

        var sessions = why["rvol"]!["sessions"]!.AsArray();
        Assert.Equal(5, sessions.Count);
        var baseline = why["rvol"]!["baseline"]!.AsArray().Select(v => v!.GetValue<double>()).ToArray();
        Assert.Equal(192, baseline.Length);
        foreach (var slot in new[] { 0, 66, 100, 191 })
        {
            Assert.Equal(sessions.Average(s => s!["cumulative"]![slot]!.GetValue<double>()), baseline[slot], 3);
            var field = await service.World.Wiring.Redis.Database.HashGetAsync("rvol:hist:avg:AAPL", slot);
            Assert.Equal(field.IsNull ? 0 : (long)field, RvolValue.Whole(baseline[slot]));
        }

        Assert.All(why["atr"]!["bars"]!.AsArray(), b => Assert.StartsWith("massive:", b!["source"]!.GetValue<string>(), StringComparison.Ordinal));
        Assert.All(sessions, s => Assert.EndsWith("Z", s!["as_of"]!.GetValue<string>(), StringComparison.Ordinal));
        var atr = await service.GetAsync("/api/atr/AAPL");
        Assert.Equal(atr["published"]!["fingerprint"]!.GetValue<string>(), why["atr"]!["fingerprint"]!.GetValue<string>());
        Assert.Equal("AAPL", why["metadata"]!["symbol"]!.GetValue<string>());
    }

    [Fact]
    public async Task Many_symbols_are_answered_at_once_those_unknown_are_named_and_the_store_answers_for_an_empty_redis()
    {
        const string Path = "/api/metadata/bulk?symbols=AAPL,MSFT,aapl,NOBODY";
        var published = await service.GetAsync(Path);
        Assert.Equal(2, published["count"]!.GetValue<int>());
        Assert.Equal(["aapl", "NOBODY"], published["missing"]!.AsArray().Select(m => m!.GetValue<string>()));
        var database = service.World.Wiring.Redis.Database;
        Assert.Equal((string?)await database.StringGetAsync("metadata:ticker:AAPL"), published["metadata"]!["AAPL"]!.ToJsonString(DataMaintenance.Api.ApiJson.Options));

        var kept = await database.StringGetAsync("metadata:ticker:AAPL");
        await database.KeyDeleteAsync("metadata:ticker:AAPL");
        using var reply = await service.Http.GetAsync(new Uri(Path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("store", reply.Headers.GetValues("X-Source").Single());
        var stored = JsonNode.Parse(await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.True(JsonNode.DeepEquals(published, stored), stored.ToJsonString());
        await database.StringSetAsync("metadata:ticker:AAPL", kept);
    }

    [Fact]
    public async Task Bars_and_slots_are_those_of_the_store()
    {
        var bars = await service.GetAsync("/api/bars/AAPL?from=2025-11-24&to=2025-12-01");
        Assert.Equal(["2025-11-24", "2025-11-25", "2025-11-26", "2025-11-28", "2025-12-01"], bars["bars"]!.AsArray().Select(b => b!["date"]!.GetValue<string>()));
        var slots = await service.GetAsync("/api/slots/AAPL?date=2025-12-01");
        var all = slots["slots"]!.AsArray();
        Assert.Equal(all[^1]!["volume_accumulated"]!.GetValue<double>(), all.Sum(s => s!["volume"]!.GetValue<double>()), 3);
        Assert.True(slots["final"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_session_is_verified_by_its_date_against_redis_when_it_is_the_newest_and_by_its_facts_when_it_is_not()
    {
        var newest = await service.GetAsync("/api/verify?date=2025-12-01");
        Assert.True(newest["verified"]!.GetValue<bool>(), newest.ToJsonString());
        var older = await service.GetAsync("/api/verify?date=2025-11-28");
        Assert.True(older["verified"]!.GetValue<bool>(), older.ToJsonString());
        var atr = older["families"]!["atr"]!;
        Assert.Equal(("not in Redis", "2025-11-28", true), (atr["state"]!.GetValue<string>(), atr["session"]!.GetValue<string>(), older["session"]!["verified"]!.GetValue<bool>()));
        Assert.NotEqual(newest["families"]!["atr"]!["fingerprint"]!.GetValue<string>(), atr["fingerprint"]!.GetValue<string>());
        var unknown = await service.GetAsync("/api/verify?date=2024-11-29");
        Assert.False(unknown["verified"]!.GetValue<bool>(), unknown.ToJsonString());
    }

    [Fact]
    public async Task A_symbol_is_found_by_its_beginning_in_any_case()
    {
        var found = (await service.GetAsync("/api/symbols?prefix=aap&limit=3")).AsArray();
        Assert.Equal("AAPL", found[0]!["symbol"]!.GetValue<string>());
        Assert.NotNull(found[0]!["name"]);
    }

    [Fact]
    public async Task The_calendar_of_coverage_shows_a_holiday_a_half_day_a_run_and_what_was_only_loaded()
    {
        var days = (await service.GetAsync("/api/coverage?from=2025-11-26&to=2025-12-02"))["days"]!.AsArray().ToDictionary(d => d!["date"]!.GetValue<string>(), d => d!);
        Assert.Equal(("closed", "Thanksgiving Day"), (days["2025-11-27"]["state"]!.GetValue<string>(), days["2025-11-27"]["closed"]!.GetValue<string>()));
        Assert.True(days["2025-11-28"]["half_day"]!.GetValue<bool>());
        Assert.Equal("loaded", days["2025-11-28"]["state"]!.GetValue<string>());
        Assert.Equal("complete", days["2025-12-01"]["state"]!.GetValue<string>());
        Assert.Equal("completed", days["2025-12-01"]["tasks"]!["load_ohlc"]!.GetValue<string>());
        Assert.Equal("missing", days["2025-12-02"]["state"]!.GetValue<string>());
    }
}
