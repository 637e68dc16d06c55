using System.Collections.Concurrent;
using System.Text;
using DataMaintenance.Telemetry;
using DataMaintenance.Tests.Pipeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace DataMaintenance.Tests.Telemetry;

public sealed class TracingTests
{
    [Fact]
    public async Task A_run_its_tasks_calls_and_publishing_are_sent_to_the_endpoint()
    {
        var bodies = new ConcurrentQueue<(string Path, string Text)>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var receiver = builder.Build();
        receiver.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            bodies.Enqueue((context.Request.Path, Encoding.UTF8.GetString(body.ToArray())));
        });
        await receiver.StartAsync(TestContext.Current.CancellationToken);
        await using var world = await World.StartAsync(20);
        using (Tracing.Start(new() { OtlpEndpoint = new(receiver.Urls.First()), OtlpProtocol = OtlpTransport.HttpProtobuf }, "here"))
            Assert.True((await world.RunAsync()).Success);
        Assert.All(bodies, b => Assert.Equal("/v1/traces", b.Path));
        var sent = string.Concat(bodies.Select(b => b.Text));
        foreach (var part in new[] { "data_maintenance", "run.plan", "nightly", "2025-12-01", "task load_ohlc", "task sync_redis", "store publish daily", "store publish slots", "redis publish atr", "provider " })
            Assert.Contains(part, sent, StringComparison.Ordinal);
        Assert.DoesNotContain("test-key", sent, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_endpoint_nobody_listens() => Assert.Null(Tracing.Start(new(), "here"));
}
