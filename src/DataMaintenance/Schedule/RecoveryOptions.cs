namespace DataMaintenance.Schedule;

/// <summary>Section <c>Recovery</c>: what is made up for at start and once an hour.</summary>
public sealed record RecoveryOptions
{
    /// <summary>Recover all of the last seven sessions during regular market hours too, not only yesterday's.</summary>
    public bool DuringMarketHours { get; init; }
}
