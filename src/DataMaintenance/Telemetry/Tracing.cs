using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace DataMaintenance.Telemetry;

/// <summary>Sends spans by OTLP while it lives; nothing is listened to when no endpoint is set.</summary>
public static class Tracing
{
    /// <summary>The variable that OpenTelemetry itself names; it wins when no setting is given.</summary>
    public const string Variable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <returns>Disposing sends what is left; null without an endpoint.</returns>
    public static IDisposable? Start(TelemetryOptions options, string instance)
    {
        if (options.OtlpEndpoint is null && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable))) return null;
        return Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(r => r.AddService("data_maintenance", serviceVersion: typeof(Tracing).Assembly.GetName().Version?.ToString(3), serviceInstanceId: instance))
            .AddSource(Traces.Name, "Npgsql")
            .AddOtlpExporter(o => Set(o, options))
            .Build();
    }

    private static void Set(OtlpExporterOptions exporter, TelemetryOptions options)
    {
        if (options.OtlpEndpoint is not { } endpoint) return;
        var http = options.OtlpProtocol == OtlpTransport.HttpProtobuf;
        exporter.Protocol = http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Endpoint = http ? new Uri(endpoint.AbsoluteUri.TrimEnd('/') + "/v1/traces") : endpoint;
    }
}
