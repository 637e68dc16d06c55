using System.Net;
using DataMaintenance.Logs;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace DataMaintenance.Api;

/// <summary>The HTTP side of the service, over a wiring that somebody else owns.</summary>
public sealed class ApiServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private ApiServer(WebApplication app, Uri url) => (this.app, Url) = (app, url);

    public Uri Url { get; }

    /// <summary>Listens, and writes the address beside the embedded store so that the command line finds it.</summary>
    /// <exception cref="InvalidOperationException">An address other than loopback without <c>Api:Key</c>, or one that is taken.</exception>
    public static async Task<ApiServer> StartAsync(Wiring wiring, ServiceLogs logs, CancellationToken ct)
    {
        var options = wiring.Settings.Api;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(options.Urls);
        builder.Logging.ClearProviders();
        builder.Services.AddProblemDetails();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var app = builder.Build();
        app.UseMiddleware<Problems>(logs.Factory.CreateLogger<Problems>());
        app.UseMiddleware<KeyGuard>(options);
        app.MapGet("/", Index);
        app.MapHealth(wiring);
        app.MapRuns(wiring);
        app.MapReading(wiring);
        try
        {
            await app.StartAsync(ct);
        }
        catch (IOException e)
        {
            await app.DisposeAsync();
            throw new InvalidOperationException($"cannot listen on {options.Urls}: {e.Message.TrimEnd('.')}; set Api:Urls to another address", e);
        }

        var url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First().Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal).Replace("[::]", "127.0.0.1", StringComparison.Ordinal));
        await wiring.Store.AnnounceAsync(url, ct);
        return new(app, url);
    }

    private static readonly string[] Reading =
    [
        "GET /health", "GET /health/live", "GET /status", "GET /status/{date}", "GET /history?limit=", "GET /runs/{id}",
        "GET /api/verify", "GET /api/doctor", "GET /api/export/{kind}?from=&to=&symbols=&raw=&as_of=",
    ];

    private static readonly string[] Changing = ["POST /trigger", "POST /backfill", "POST /clear-caches"];

    /// <summary>What there is to ask, for whoever opens the address.</summary>
    private static IResult Index() => Results.Json(new { service = "data_maintenance", read = Reading, change = Changing });

    /// <summary>One line per mistake in the options.</summary>
    public static IEnumerable<string> Mistakes(ApiOptions options)
    {
        foreach (var text in options.Urls.Split(';'))
        {
            if (!Uri.TryCreate(text.Replace("*", "0.0.0.0", StringComparison.Ordinal).Replace("+", "0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var url) || url.Scheme != "http")
                yield return $"Api:Urls: expected addresses like http://127.0.0.1:8008, separated by semicolons, got '{text}'";
            else if (!IsLoopback(url) && string.IsNullOrEmpty(options.Key))
                yield return $"Api:Urls: {text} can be reached from other machines, so Api:Key must be set";
        }
    }

    private static bool IsLoopback(Uri url) => url.Host == "localhost" || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    /// <summary>Returns when the process is asked to end.</summary>
    public Task WaitAsync(CancellationToken ct) => app.WaitForShutdownAsync(ct);

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
    }

    /// <summary>Signals are the command line's matter; the web host must not take them.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
