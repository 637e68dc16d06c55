using System.Text.Json;
using System.Text.RegularExpressions;
using DataMaintenance.Api;
using DataMaintenance.Pipeline;
using DataMaintenance.Store;
using DataMaintenance.Tests.House;
using DataMaintenance.Tests.Pipeline;
using DataMaintenance.Tests.Telemetry;
using Market;

namespace DataMaintenance.Tests.Deploy;

/// <summary>The dashboard and the rules ask only for what a live service exports.</summary>
public sealed partial class MetricNamesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_metric_of_dashboard_and_rules_is_exported()
    {
        await using var world = await World.StartAsync(20);
        using var logs = world.Wiring.Settings.CreateLogs(toConsole: false);
        await using var server = await ApiServer.StartAsync(world.Wiring, logs, Ct);
        using var ending = new CancellationTokenSource();
        var loop = world.Wiring.Loops.Single(l => l.Name == "market_session").RunAsync(ending.Token);
        await world.RunAsync();
        await world.RunAsync(tasks: TaskNames.ReconcileSessions);
        await world.Wiring.Store.SaveFindingsAsync("bar.test", World.Monday,
            [new(0, "daily", World.Monday, new Symbol("AAPL"), "bar.test", Severity.Error, "1", "2", FindingState.Open, DateTimeOffset.UnixEpoch, null)], DateTimeOffset.UnixEpoch, Ct);
        await world.Wiring.Store.RecordEventAsync(new("alert_opened", "paused:1:0", null, "Paused | to ", DateTimeOffset.UnixEpoch, "test"), Ct);
        await world.Wiring.Metrics.ReadAsync(Ct);
        var exported = (await Scrape.OfAsync(server.Url)).Names;
        await ending.CancelAsync();
        await loop.ContinueWith(_ => { }, TaskScheduler.Default);

        var asked = new[] { "deploy/prometheus/alerts.yml", "deploy/prometheus/alerts.test.yml", "deploy/grafana/dashboards/data-maintenance.json" }
            .SelectMany(f => Names().Matches(File.ReadAllText(Repository.Path(f))).Select(m => (File: f, m.Value))).Distinct().ToArray();
        Assert.True(asked.Length > 50);
        Assert.Equal([], asked.Where(a => !exported.Contains(a.Value)));
        Assert.Equal([], exported.Where(n => n.StartsWith("data_maintenance_", StringComparison.Ordinal) && !n.EndsWith("_bucket", StringComparison.Ordinal))
            .Except(asked.Select(a => a.Value)).Except(["data_maintenance_run_duration_seconds_sum", "data_maintenance_run_duration_seconds_count"]));
    }

    [Fact]
    public void The_dashboard_is_one_that_grafana_reads()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Repository.Path("deploy/grafana/dashboards/data-maintenance.json")));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToArray();
        Assert.Equal(panels.Length, panels.Select(p => p.GetProperty("id").GetInt32()).Distinct().Count());
        var boxes = panels.Select(p => p.GetProperty("gridPos")).Select(g => (X: g.GetProperty("x").GetInt32(), Y: g.GetProperty("y").GetInt32(), W: g.GetProperty("w").GetInt32(), H: g.GetProperty("h").GetInt32())).ToArray();
        Assert.All(boxes, b => Assert.True(b.X + b.W <= 24));
        for (var i = 0; i < boxes.Length; i++)
            for (var j = i + 1; j < boxes.Length; j++)
                Assert.False(boxes[i].X < boxes[j].X + boxes[j].W && boxes[j].X < boxes[i].X + boxes[i].W && boxes[i].Y < boxes[j].Y + boxes[j].H && boxes[j].Y < boxes[i].Y + boxes[i].H, $"panels {i} and {j} overlap");
    }

    [GeneratedRegex(@"\bdata_maintenance_[a-z_]+\b")]
    private static partial Regex Names();
}
