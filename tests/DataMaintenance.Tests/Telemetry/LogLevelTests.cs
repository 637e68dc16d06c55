using System.Net;
using System.Text;
using DataMaintenance.Api;
using DataMaintenance.Tests.Pipeline;
using Microsoft.Extensions.Logging;

namespace DataMaintenance.Tests.Telemetry;

public sealed class LogLevelTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_level_changes_while_the_service_runs_and_only_with_the_key()
    {
        await using var world = await World.StartAsync(20, ("Api:Key", "the-key"));
        using var logs = MetricsTests.Logs(world);
        await using var server = await ApiServer.StartAsync(world.Wiring, logs, Ct);
        using var http = new HttpClient { BaseAddress = server.Url };
        var log = logs.Factory.CreateLogger("DataMaintenance.Test");
        Assert.False(log.IsEnabled(LogLevel.Debug));
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(http, "Debug")).StatusCode);
        Assert.False(log.IsEnabled(LogLevel.Debug));

        http.DefaultRequestHeaders.Add("X-Api-Key", "the-key");
        Assert.Equal("{\"level\":\"Debug\"}", await (await PostAsync(http, "debug")).Content.ReadAsStringAsync(Ct));
        Assert.True(log.IsEnabled(LogLevel.Debug));
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(http, "loud")).StatusCode);
        Assert.Equal("{\"level\":\"Debug\"}", await http.GetStringAsync(new Uri("/api/logs/level", UriKind.Relative), Ct));
        Assert.Contains("log_level_changed", await File.ReadAllTextAsync(world.Folder.File("logs/maintenance.log"), Ct), StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient http, string level) =>
        http.PostAsync(new Uri("/api/logs/level", UriKind.Relative), new StringContent($"{{\"level\":\"{level}\"}}", Encoding.UTF8, "application/json"), Ct);
}
