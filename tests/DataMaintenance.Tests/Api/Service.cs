using System.Net;
using System.Text.Json.Nodes;
using DataMaintenance.Api;
using DataMaintenance.Logs;
using DataMaintenance.Tests.Pipeline;

namespace DataMaintenance.Tests.Api;

/// <summary>A service over a small simulated market that has run one night, asked over HTTP.</summary>
public sealed class Service : IAsyncLifetime
{
    private ServiceLogs logs = null!;
    private ApiServer server = null!;

    internal World World { get; private set; } = null!;
    internal HttpClient Http { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await StartAsync(150);
        var run = await World.RunAsync();
        Assert.True(run.Success, run.Failures());
    }

    /// <summary>A service on an empty store.</summary>
    internal static async Task<Service> EmptyAsync(params (string Name, string Value)[] settings)
    {
        var service = new Service();
        await service.StartAsync(60, settings);
        return service;
    }

    private async Task StartAsync(int symbols, params (string Name, string Value)[] settings)
    {
        World = await World.StartAsync(symbols, settings);
        logs = World.Wiring.Settings.CreateLogs(toConsole: false);
        server = await ApiServer.StartAsync(World.Wiring, logs, CancellationToken.None);
        Http = new() { BaseAddress = server.Url, Timeout = TimeSpan.FromSeconds(60) };
    }

    internal async Task<JsonNode> GetAsync(string path)
    {
        using var reply = await Http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        var text = await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(reply.StatusCode == HttpStatusCode.OK, $"{path}: {(int)reply.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    internal async Task<(HttpStatusCode Status, JsonNode Json)> PostAsync(string path, string? body = null)
    {
        using var content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var reply = await Http.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        return (reply.StatusCode, JsonNode.Parse(await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!);
    }

    /// <summary>Waits, by its events, for the end of a run.</summary>
    internal async Task<JsonNode> EndAsync(long runId)
    {
        await foreach (var message in World.Wiring.Feed.FollowAsync(null, Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken))
        {
            if (message.Event == "snapshot" && message.Run is { } run && run.RunId == runId && run.State != "in_progress") break;
            if (message.Event == "run_ended" && message.RunId == runId) break;
        }

        return await GetAsync($"/runs/{runId}");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await server.DisposeAsync();
        logs.Dispose();
        await World.DisposeAsync();
    }
}
