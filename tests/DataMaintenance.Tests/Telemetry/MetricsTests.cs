using DataMaintenance.Api;
using DataMaintenance.Logs;
using DataMaintenance.Store;
using DataMaintenance.Tests.Pipeline;
using Market;

namespace DataMaintenance.Tests.Telemetry;

public sealed class MetricsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_night_did_is_counted()
    {
        await using var world = await World.StartAsync(60);
        using var logs = Logs(world);
        await using var server = await ApiServer.StartAsync(world.Wiring, logs, Ct);
        var metrics = world.Wiring.Metrics;
        await metrics.ReadAsync(Ct);
        Assert.Equal(1, (await Scrape.OfAsync(server.Url)).Sum("data_maintenance_lag_sessions"));

        var run = await world.RunAsync();
        Assert.True(run.Success, run.Failures());
        await world.Wiring.Store.RecordEventAsync(new("paused", "schedule", null, "desk: work", DateTimeOffset.UnixEpoch, "test"), Ct);
        await world.Wiring.Store.SaveFindingsAsync("bar.test", World.Monday, [new(0, "daily", World.Monday, new Symbol("AAPL"), "bar.test", Severity.Error, "1", "2", FindingState.Open, DateTimeOffset.UnixEpoch, null)], DateTimeOffset.UnixEpoch, Ct);
        await metrics.ReadAsync(Ct);
        var scrape = await Scrape.OfAsync(server.Url);
        Assert.Equal(1, scrape.Sum("data_maintenance_runs_total", "plan=\"nightly\"", "result=\"success\""));
        Assert.Equal(10, scrape.Sum("data_maintenance_tasks_total"));
        Assert.Equal(10, scrape.Sum("data_maintenance_task_duration_seconds_count"));
        Assert.Equal(run.Of("load_ohlc").Counts["rows"], scrape.Sum("data_maintenance_rows_total", "task=\"load_ohlc\""));
        Assert.Equal(run.Of("load_volume_slots").Counts["symbols"], scrape.Sum("data_maintenance_task_symbols", "task=\"load_volume_slots\""));
        Assert.Equal(world.Wiring.Source.Usage.Calls.Values.Sum(), scrape.Sum("data_maintenance_provider_calls_total"));
        Assert.True(scrape.Sum("data_maintenance_provider_calls_total", "result=\"200\"") > 30);
        Assert.Equal((0, 0), (scrape.Sum("data_maintenance_lag_sessions"), scrape.Sum("data_maintenance_lag_seconds")));
        Assert.Equal((1, 1, 1), (scrape.Sum("data_maintenance_paused"), scrape.Sum("data_maintenance_leader"), scrape.Sum("data_maintenance_redis_up")));
        Assert.Equal(1, scrape.Sum("data_maintenance_findings_open", "rule=\"bar.test\""));
        Assert.Equal(5, scrape.Sum("data_maintenance_redis_family_present"));
        Assert.InRange(scrape.Sum("data_maintenance_redis_family_age_seconds", "family=\"atr\""), 0, 3600);
        Assert.Equal(world.Wiring.Timetable.NextOf(world.Wiring.Timetable.Main, world.Wiring.Clock.GetUtcNow()).At.ToUnixTimeSeconds(), scrape.Sum("data_maintenance_next_due_timestamp_seconds", "plan=\"nightly\""));
        Assert.True(scrape.Sum("data_maintenance_last_success_timestamp_seconds", "plan=\"nightly\"") > 1.7e9);
        Assert.Equal(world.Wiring.Store.Epoch, scrape.Sum("data_maintenance_epoch"));
        Assert.Equal(1, scrape.Sum("data_maintenance_build_info", "clock=\"drill\""));
    }

    [Fact]
    public async Task A_failed_task_and_a_refusing_provider_are_counted()
    {
        await using var world = await World.StartAsync(60);
        using var logs = Logs(world);
        await using var server = await ApiServer.StartAsync(world.Wiring, logs, Ct);
        await world.FaultAsync("""{"kind":"500","route":"grouped","rate":1}""");
        await world.RunAsync(tasks: ["load_ohlc"]);
        var scrape = await Scrape.OfAsync(server.Url);
        Assert.Equal(1, scrape.Sum("data_maintenance_tasks_total", "task=\"load_ohlc\"", "state=\"failed\""));
        Assert.Equal(1, scrape.Sum("data_maintenance_runs_total", "result=\"failed\""));
        Assert.True(scrape.Sum("data_maintenance_provider_calls_total", "result=\"500\"") >= 3);
        Assert.True(scrape.Sum("data_maintenance_provider_retries_total") >= 2);
    }

    [Fact]
    public async Task Failures_are_counted_from_nought_so_that_the_first_is_an_increase_and_only_what_stands_is_open()
    {
        await using var world = await World.StartAsync(20);
        using var logs = Logs(world);
        await using var server = await ApiServer.StartAsync(world.Wiring, logs, Ct);
        foreach (var key in new[] { "recovered:2025-12-01", "redis_rebuilt:4", "paused:1:0" })
            await world.Wiring.Store.RecordEventAsync(new("alert_opened", key, null, "Told | to ", DateTimeOffset.UnixEpoch, "test"), Ct);
        using var ending = new CancellationTokenSource();
        var loop = world.Wiring.Metrics.RunAsync(ending.Token);
        var scrape = await Scrape.OfAsync(server.Url);
        await ending.CancelAsync();
        await loop.ContinueWith(_ => { }, TaskScheduler.Default);
        foreach (var task in DataMaintenance.Pipeline.TaskNames.All) Assert.Equal(0, scrape.Sum("data_maintenance_tasks_total", $"task=\"{task}\"", "state=\"failed\""));
        Assert.Equal(1, scrape.Sum("data_maintenance_alerts_open"));
    }

    [Fact]
    public async Task A_scrape_shows_what_is_so_now()
    {
        await using var world = await World.StartAsync(20);
        using var logs = Logs(world);
        await using var server = await ApiServer.StartAsync(world.Wiring, logs, Ct);
        Assert.Equal(0, (await Scrape.OfAsync(server.Url)).Sum("data_maintenance_paused"));
        await world.Wiring.Pause.BeginAsync("desk", "work", Ct);
        // A reading serves for a second.
        await Task.Delay(TimeSpan.FromSeconds(1.1), Ct);
        Assert.Equal(1, (await Scrape.OfAsync(server.Url)).Sum("data_maintenance_paused"));
    }

    [Fact]
    public async Task A_scrape_answers_while_redis_is_down()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync();
        await using var world = await World.StartAsync(20, ("Redis:Kind", "Server"), ("Redis:ConnectionString", redis.Options().ConnectionString!));
        using var logs = Logs(world);
        await using var server = await ApiServer.StartAsync(world.Wiring, logs, Ct);
        await redis.KillAsync();
        var scrape = await Scrape.OfAsync(server.Url);
        Assert.Equal((0, 1), (scrape.Sum("data_maintenance_redis_up"), scrape.Sum("data_maintenance_store_up")));
        Assert.DoesNotContain("data_maintenance_redis_family_present", scrape.Names);
    }

    [Fact]
    public async Task A_loop_that_ended_is_seen()
    {
        await using var world = await World.StartAsync(20);
        using var logs = Logs(world);
        await using var server = await ApiServer.StartAsync(world.Wiring, logs, Ct);
        using var ending = new CancellationTokenSource();
        var loops = world.Wiring.Loops.Select(l => l.RunAsync(ending.Token)).ToArray();
        Assert.Equal(loops.Length, (await Scrape.OfAsync(server.Url)).Sum("data_maintenance_loop_alive"));
        await ending.CancelAsync();
        await Task.WhenAll(loops.Select(l => l.ContinueWith(_ => { }, TaskScheduler.Default)));
        Assert.Equal(0, (await Scrape.OfAsync(server.Url)).Sum("data_maintenance_loop_alive"));
    }

    internal static ServiceLogs Logs(World world) => world.Wiring.Settings.CreateLogs(toConsole: false);
}
