namespace DataMaintenance.Schedule;

/// <summary>Section <c>Recovery</c>: what is made up for at start.</summary>
public sealed record RecoveryOptions
{
    /// <summary>Recover all of the last seven sessions during regular market hours too, not only yesterday's. Understood, but without effect until the service has a timetable.</summary>
    public bool DuringMarketHours { get; init; }
}
