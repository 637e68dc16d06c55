using OpenTelemetry.Metrics;

namespace DataMaintenance.Telemetry;

/// <summary><c>GET /metrics</c>, in Prometheus' text.</summary>
internal static class MetricsEndpoint
{
    /// <param name="meter">The meter to be listened to.</param>
    public static void AddMetrics(this WebApplicationBuilder builder, string meter) =>
        builder.Services.AddOpenTelemetry().WithMetrics(m => m.AddMeter(meter).AddPrometheusExporter(o =>
        {
            // Instruments are read when asked; who exports them is no label worth having on every line.
            o.ScrapeResponseCacheDurationMilliseconds = 0;
            (o.ScopeInfoEnabled, o.TargetInfoEnabled) = (false, false);
        }));

    /// <param name="before">Awaited before every scrape.</param>
    public static void MapMetrics(this WebApplication app, Func<CancellationToken, Task>? before = null)
    {
        if (before is not null)
        {
            app.UseWhen(context => context.Request.Path == Address, branch => branch.Use(async (context, next) =>
            {
                await before(context.RequestAborted);
                await next(context);
            }));
        }

        app.MapPrometheusScrapingEndpoint(Address);
    }

    private const string Address = "/metrics";
}
