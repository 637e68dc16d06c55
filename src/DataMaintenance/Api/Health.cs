using System.Text.Json.Nodes;
using DataMaintenance.Pipeline;
using DataMaintenance.Settings;
using DataMaintenance.Store;

namespace DataMaintenance.Api;

/// <summary>What <c>/health</c> tells, whoever answers: the leader, a standby, a process that starts.</summary>
/// <param name="Redis"><c>connected</c>, or why not; so too <paramref name="Timescaledb"/>, whatever the store is.</param>
/// <param name="Store">What the store is.</param>
/// <param name="Role">leader, standby or starting.</param>
internal sealed record Health(bool Healthy, string Redis, string Timescaledb, string Store, string Role)
{
    /// <summary>The newest session whose whole run ended; null before the first.</summary>
    public DateOnly? LastMaintenance { get; init; }
    public bool SchedulerRunning { get; init; }
    /// <summary>In words.</summary>
    public required string Schedule { get; init; }
    public long? RunInProgress { get; init; }
    /// <summary>Null when nobody leads, or nobody knows.</summary>
    public Leader? Leader { get; init; }
    public long Epoch { get; init; }

    public JsonObject ToJson(ServiceSettings settings, TimeProvider clock) => new()
    {
        ["status"] = Healthy ? "healthy" : "unhealthy",
        ["service"] = HealthApi.Service,
        ["version"] = typeof(Health).Assembly.GetName().Version?.ToString(3),
        ["timestamp"] = StatusDocument.Instant(clock.GetUtcNow()),
        ["redis"] = Redis,
        ["timescaledb"] = Timescaledb,
        ["store"] = Store,
        ["last_maintenance"] = LastMaintenance is { } day ? StatusDocument.Day(day) : null,
        ["scheduler_running"] = SchedulerRunning,
        ["schedule"] = Schedule,
        ["run_in_progress"] = RunInProgress,
        ["clock"] = HealthApi.Clock(settings),
        ["role"] = Role,
        ["leader"] = Leader is null ? null : new JsonObject
        {
            ["holder"] = Leader.Holder,
            ["epoch"] = Leader.Epoch,
            ["since"] = Leader.Since is { } since ? StatusDocument.Instant(since) : null,
            ["url"] = Leader.Url?.ToString(),
        },
        ["epoch"] = Epoch,
        ["instance"] = Wiring.Instance,
    };
}
