using System.Diagnostics.Metrics;

namespace DataMaintenance.Telemetry;

/// <summary>What an instance that does not lead says of itself: that it is there, and does not.</summary>
internal sealed class StandbyMetrics : IDisposable
{
    private static int made;

    private readonly Meter meter = new($"data_maintenance.standby.{Interlocked.Increment(ref made)}");

    public StandbyMetrics()
    {
        var version = typeof(StandbyMetrics).Assembly.GetName().Version?.ToString(3);
        meter.CreateObservableGauge("data_maintenance.build_info", () => new Measurement<int>(1, new KeyValuePair<string, object?>("version", version)), null, "Which build this is.");
        meter.CreateObservableGauge("data_maintenance.leader", () => 0, null, "1 while this instance leads.");
    }

    public string MeterName => meter.Name;

    public void Dispose() => meter.Dispose();
}
