using DataMaintenance.Dashboard;
using DataMaintenance.Logs;
using DataMaintenance.Telemetry;
using Microsoft.AspNetCore.Http.Metadata;

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
        var listener = await Listener.StartAsync(wiring.Settings.Api, new Between(wiring.Settings, wiring.Clock).AnswerAsync, ct);
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
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Applied(json.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddLimits(wiring.Settings.Api);
        builder.Services.AddDocument();
        builder.AddDashboard(wiring);
        builder.AddMetrics(wiring.Metrics.MeterName);
        var app = builder.Build();
        app.UseMiddleware<Problems>(logs.Factory.CreateLogger<Problems>(), new Redaction(wiring.Settings.Secrets()));
        app.UseMiddleware<KeyGuard>(wiring.Settings.Api);
        app.UseNotFoundPage();
        app.UseRouting();
        app.UseRateLimiter();
        app.MapDashboard();
        app.MapGet("/api", Index).Tells<IndexShape>("Health", "What there is to ask");
        app.MapOpenApi();
        app.MapHealth(wiring);
        app.MapRuns(wiring);
        app.MapControl(wiring);
        app.MapEvents(wiring);
        app.MapMetadata(wiring);
        app.MapSymbols(wiring);
        app.MapSeries(wiring);
        app.MapCalendar(wiring);
        app.MapCoverage(wiring);
        app.MapFindings(wiring);
        app.MapExpected(wiring);
        app.MapRevisions(wiring);
        app.MapReading(wiring);
        app.MapLogs(logs);
        app.MapMetrics(wiring.Metrics.FreshenAsync);
        await app.StartAsync(ct);
        await wiring.Store.AnnounceAsync(wiring.Settings.Api.PublicUrl ?? listener.Url, ct);
        return new(app, listener.Url, owned);
    }

    /// <summary>For whoever opens the address: what there is to ask.</summary>
    private static IndexShape Index(IEnumerable<EndpointDataSource> sources)
    {
        var routes = sources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<IEndpointSummaryMetadata>() is not null)
            .SelectMany(e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Select(m => (Method: m, Path: e.RoutePattern.RawText ?? "")))
            .OrderBy(r => r.Path, StringComparer.Ordinal).ToArray();
        return new("data_maintenance", "/openapi/v1.json", [.. routes.Where(r => r.Method == "GET").Select(r => r.Path)], [.. routes.Where(r => r.Method == "POST").Select(r => r.Path)]);
    }

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

/// <param name="Read">Addresses to GET.</param>
/// <param name="Change">Addresses to POST to.</param>
public sealed record IndexShape(string Service, string Openapi, IReadOnlyList<string> Read, IReadOnlyList<string> Change);
