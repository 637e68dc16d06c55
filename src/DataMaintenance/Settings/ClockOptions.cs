using System.ComponentModel.DataAnnotations;

namespace DataMaintenance.Settings;

/// <summary>Section <c>Clock</c>: another time for drills. While in force it is shown everywhere.</summary>
public sealed record ClockOptions
{
    /// <summary>The instant the process starts at; default: now.</summary>
    public DateTimeOffset? Start { get; init; }
    /// <summary>Seconds of the drill in one second.</summary>
    [Range(0.01, 100_000.0)]
    public double Speed { get; init; } = 1;

    internal bool InForce => Start is not null || Speed != 1;
}
