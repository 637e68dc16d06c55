using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DataMaintenance.Tests.Alerts;

/// <summary>A web hook on a free port of loopback: remembers what it took, and refuses while it is told to.</summary>
internal sealed class HookServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Posted> taken = new();

    private HookServer(WebApplication app) => this.app = app;

    public string Url => app.Urls.First() + "/hook";

    public bool Refuses { get; set; }

    /// <summary>Requests answered with 503.</summary>
    public int Refused { get; private set; }

    /// <summary>Requests answered with 200, oldest first.</summary>
    public IReadOnlyList<Posted> Taken => [.. taken];

    /// <summary>The texts Slack would show.</summary>
    public IReadOnlyList<string> Texts => [.. taken.Select(t => t.Json["text"]!.GetValue<string>())];

    public static async Task<HookServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new HookServer(builder.Build());
        server.app.Run(server.TakeAsync);
        await server.app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        context.Response.StatusCode = Refuses ? 503 : 200;
        if (Refuses)
        {
            Refused++;
            return;
        }

        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        taken.Enqueue(new(context.Request.Method, body.Length == 0 ? new JsonObject() : JsonNode.Parse(body)!, context.Request.Headers.Authorization));
    }
}

internal sealed record Posted(string Method, JsonNode Json, string? Authorization);
