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

    public static void MapMetrics(this WebApplication app) => app.MapPrometheusScrapingEndpoint("/metrics");
}
