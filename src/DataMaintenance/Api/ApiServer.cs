using System.Net;
using DataMaintenance.Dashboard;
using DataMaintenance.Logs;
using DataMaintenance.Telemetry;

namespace DataMaintenance.Api;

/// <summary>The HTTP side of the service, over a wiring that somebody else owns.</summary>
public sealed class ApiServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Listener? owned;

    private ApiServer(WebApplication app, Uri url, Listener? owned) => (this.app, Url, this.owned) = (app, url, owned);

    public Uri Url { get; }

    /// <summary>Listens, and tells the store where, so that the command line and other instances find it.</summary>
    /// <exception cref="InvalidOperationException">An address other than loopback without <c>Api:Key</c>, or one that is taken.</exception>
    public static async Task<ApiServer> StartAsync(Wiring wiring, ServiceLogs logs, CancellationToken ct)
    {
        var listener = await Listener.StartAsync(wiring.Settings.Api, ct);
        try
        {
            return await StartAsync(wiring, logs, listener, listener, ct);
        }
        catch
        {
            await listener.DisposeAsync();
            throw;
        }
    }

    /// <summary>Answers behind a listener that somebody else owns, and tells the store where.</summary>
    public static Task<ApiServer> StartAsync(Wiring wiring, ServiceLogs logs, Listener listener, CancellationToken ct) => StartAsync(wiring, logs, listener, null, ct);

    private static async Task<ApiServer> StartAsync(Wiring wiring, ServiceLogs logs, Listener listener, Listener? owned, CancellationToken ct)
    {
        var builder = listener.Application();
        logs.AddTo(builder.Logging);
        builder.Services.AddProblemDetails();
        builder.AddDashboard(wiring);
        builder.AddMetrics(wiring.Metrics.MeterName);
        var app = builder.Build();
        app.UseMiddleware<Problems>(logs.Factory.CreateLogger<Problems>());
        app.UseMiddleware<KeyGuard>(wiring.Settings.Api);
        app.MapDashboard();
        app.MapGet("/api", Index);
        app.MapHealth(wiring);
        app.MapRuns(wiring);
        app.MapReading(wiring);
        app.MapLogs(logs);
        app.MapMetrics();
        await app.StartAsync(ct);
        await wiring.Store.AnnounceAsync(wiring.Settings.Api.PublicUrl ?? listener.Url, ct);
        return new(app, listener.Url, owned);
    }

    private static readonly string[] Reading =
    [
        "GET /health", "GET /health/live", "GET /status", "GET /status/{date}", "GET /history?limit=", "GET /runs/{id}", "GET /metrics", "GET /api/logs/level",
        "GET /api/verify", "GET /api/doctor", "GET /api/export/{kind}?from=&to=&symbols=&raw=&as_of=",
    ];

    private static readonly string[] Changing = ["POST /trigger", "POST /backfill", "POST /clear-caches", "POST /api/logs/level"];

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

    /// <summary>Requests in progress have 3 s to end; then they are cut off.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
        if (owned is not null) await owned.DisposeAsync();
    }
}
