namespace DataMaintenance.Schedule;

/// <summary>Section <c>Plans</c>: when the service works by itself.</summary>
public sealed record PlansOptions
{
    /// <summary>PreMarket runs <c>nightly</c> at 03:00 New York; MarketClose runs <c>after_close</c> at 17:00 and <c>cache_clear</c> at 03:00. Understood, but without effect until the service has a timetable.</summary>
    public MaintenanceSchedule Schedule { get; init; } = MaintenanceSchedule.PreMarket;
}

public enum MaintenanceSchedule { PreMarket, MarketClose }
