using System.Text.Json.Nodes;
using DataMaintenance.Tests.Pipeline;

namespace DataMaintenance.Tests.Api;

/// <summary>The state of a session as <c>GET /status</c> answers it and as other programs read it in Redis.</summary>
public sealed class StateTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_of_single_tasks_has_no_keys_and_is_not_told_as_complete_also_after_a_flush()
    {
        await using var service = await Service.EmptyAsync();
        var run = await service.World.RunAsync(null, false, "load_ohlc");
        Assert.True(run.Success, run.Failures());
        var status = await service.GetAsync("/status/2025-12-01");
        Assert.Equal((false, "completed"), (status["details"]!["all_success"]!.GetValue<bool>(), status["details"]!["tasks"]!["load_ohlc"]!.GetValue<string>()));
        Assert.Null(status["last_maintenance"]);
        Assert.Null((await service.GetAsync("/health"))["last_maintenance"]);
        await NoKeysAsync(service);
        await service.World.Wiring.State.RestoreAsync([World.Monday], absentOnly: false, Ct);
        await NoKeysAsync(service);
    }

    [Fact]
    public async Task A_full_run_writes_the_three_keys_single_tasks_are_merged_and_a_failed_repetition_takes_the_mark_back()
    {
        await using var service = await Service.EmptyAsync();
        var (world, database) = (service.World, service.World.Wiring.Redis.Database);
        var night = await world.RunAsync();
        Assert.True(night.Success, night.Failures());
        var document = JsonNode.Parse((string)(await database.StringGetAsync("maintenance:status:2025-12-01"))!)!;
        Assert.True(JsonNode.DeepEquals(document, (await service.GetAsync("/status"))["details"]), document.ToJsonString());
        Assert.Equal(("2025-12-01", "nightly", true), (document["date"]!.GetValue<string>(), document["plan"]!.GetValue<string>(), document["all_success"]!.GetValue<bool>()));
        Assert.All(document["tasks"]!.AsObject(), t => Assert.Contains(t.Value!.GetValue<string>(), new[] { "completed", "skipped" }));
        foreach (var field in new[] { "symbols", "rows", "seconds", "attempt", "checks" }) Assert.NotNull(document["results"]!["load_ohlc"]![field]);
        foreach (var field in new[] { "started_at", "completed_at" }) Assert.EndsWith("Z", document[field]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.True(document["duration_seconds"]!.GetValue<double>() > 0);
        Assert.Equal(("1", "2025-12-01"), ((string?)await database.StringGetAsync("maintenance:executed:2025-12-01"), (string?)await database.StringGetAsync("maintenance:last_run")));

        using (await world.FaultAsync("""{"kind":"500","route":"grouped","rate":1}"""))
        {
            Assert.False((await world.RunAsync(null, true, "load_ohlc")).Success);
            var merged = JsonNode.Parse((string)(await database.StringGetAsync("maintenance:status:2025-12-01"))!)!;
            Assert.Equal(("failed", "completed", false), (merged["tasks"]!["load_ohlc"]!.GetValue<string>(), merged["tasks"]!["calculate_atr"]!.GetValue<string>(), merged["all_success"]!.GetValue<bool>()));
            Assert.False((await world.RunAsync(null, force: true)).Success);
        }

        Assert.False(await database.KeyExistsAsync("maintenance:executed:2025-12-01"));
        Assert.Equal("2025-12-01", (await service.GetAsync("/health"))["last_maintenance"]!.GetValue<string>());
    }

    private static async Task NoKeysAsync(Service service)
    {
        foreach (var key in new[] { "maintenance:status:2025-12-01", "maintenance:executed:2025-12-01", "maintenance:last_run" })
            Assert.False(await service.World.Wiring.Redis.Database.KeyExistsAsync(key), key);
    }
}
