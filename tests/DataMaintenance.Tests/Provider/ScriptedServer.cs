using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DataMaintenance.Tests.Provider;

/// <summary>A web server on a free port of loopback that answers as the test says, and remembers what it was asked.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<(string PathAndQuery, string? Authorization)> requests = new();

    private ScriptedServer(WebApplication app) => this.app = app;

    public Uri Url => new(app.Urls.First());

    public IReadOnlyList<(string PathAndQuery, string? Authorization)> Requests => [.. requests];

    /// <param name="answer">By path and query, and how many requests of that path and query came before.</param>
    public static async Task<ScriptedServer> StartAsync(Func<string, int, Answer> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new ScriptedServer(builder.Build());
        var counts = new ConcurrentDictionary<string, int>();
        server.app.Run(context =>
        {
            var asked = context.Request.Path.ToUriComponent() + context.Request.QueryString;
            server.requests.Enqueue((asked, context.Request.Headers.Authorization));
            return answer(asked, counts.AddOrUpdate(asked, 0, static (_, count) => count + 1)).WriteAsync(context);
        });
        await server.app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public static Task<ScriptedServer> AlwaysAsync(Answer answer) => StartAsync((_, _) => answer);

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

/// <param name="CutAfter">Bytes after which the connection is torn; null = the whole body.</param>
/// <param name="Silent">Never answers, until the client leaves.</param>
/// <param name="Before">Runs while the request is being answered.</param>
internal sealed record Answer(
    string Body, int Status = 200, string? RetryAfter = null, int? CutAfter = null, bool Silent = false, Func<Task>? Before = null)
{
    public static implicit operator Answer(string body) => new(body);

    public async Task WriteAsync(HttpContext context)
    {
        if (Before is not null) await Before();
        if (Silent)
        {
            try
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
        var bytes = Encoding.UTF8.GetBytes(Body);
        context.Response.StatusCode = Status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = bytes.Length;
        if (RetryAfter is not null) context.Response.Headers.RetryAfter = RetryAfter;
        await context.Response.Body.WriteAsync(bytes.AsMemory(0, CutAfter ?? bytes.Length));
        if (CutAfter is null) return;
        await context.Response.Body.FlushAsync();
        context.Abort();
    }
}
