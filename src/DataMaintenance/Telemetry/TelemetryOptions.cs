using System.ComponentModel.DataAnnotations;

namespace DataMaintenance.Telemetry;

/// <summary>Section <c>Telemetry</c>: what <c>GET /metrics</c> is read from, and where traces go.</summary>
public sealed record TelemetryOptions
{
    /// <summary>Where traces are sent by OTLP, for instance <c>http://localhost:4317</c>; without it (and without <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>) there are none.</summary>
    public Uri? OtlpEndpoint { get; init; }
    /// <summary>Grpc (usually port 4317), or HttpProtobuf (4318; the path <c>/v1/traces</c> is added).</summary>
    public OtlpTransport OtlpProtocol { get; init; }
    /// <summary>How often what <c>GET /metrics</c> shows of store and Redis is read besides each scrape, which waits at most 5 s for it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ReadEvery { get; init; } = TimeSpan.FromSeconds(15);
}

public enum OtlpTransport { Grpc, HttpProtobuf }
