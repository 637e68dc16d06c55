using System.Diagnostics;

namespace DataMaintenance;

/// <summary>Spans of what the service does: a run, its tasks, provider calls, publishing to store and Redis. Without a listener they cost nothing.</summary>
internal static class Traces
{
    public const string Name = "DataMaintenance";

    public static readonly ActivitySource Source = new(Name);

    /// <summary>Null while nobody listens.</summary>
    public static Activity? Start(string what, ActivityKind kind = ActivityKind.Internal) => Source.StartActivity(what, kind);

    /// <summary>Marks the span as failed, with the reason.</summary>
    public static void Failed(this Activity? span, string reason) => span?.SetStatus(ActivityStatusCode.Error, reason);
}
