using System.ComponentModel.DataAnnotations;
using Market;

namespace DataMaintenance.Values;

/// <summary>How derived values are computed. Sections <c>Atr</c>, <c>Rvol</c> and <c>Slots</c>, checked at start.</summary>
public sealed record ValuesOptions
{
    /// <summary>True ranges averaged, 2 to 100.</summary>
    [Range(2, 100)]
    public int AtrPeriod { get; init; } = 14;
    /// <summary>Mean of as many true ranges as the period says, or Wilder's.</summary>
    public AtrSmoothing AtrSmoothing { get; init; } = AtrSmoothing.Mean;
    /// <summary>Traded sessions averaged into a baseline.</summary>
    [Range(1, 60)]
    public int RvolSessions { get; init; } = 5;
    /// <summary>Sessions searched, newest backwards, for those on which the symbol traded.</summary>
    [Range(1, 260)]
    public int RvolLookbackSessions { get; init; } = 10;
    /// <summary>Extended: 192 slots from 04:00 to 20:00. Regular: 78 slots from 09:30 to 16:00. Changing it rebuilds the stored slots.</summary>
    public SlotGrid Grid { get; init; } = SlotGrid.Extended;

    internal static IEnumerable<string> Mistakes(ValuesOptions options)
    {
        if (options.RvolLookbackSessions < options.RvolSessions)
            yield return $"Rvol:LookbackSessions: expected at least Rvol:Sessions, which is {options.RvolSessions}, got '{options.RvolLookbackSessions}'";
    }
}

public enum AtrSmoothing { Mean, Wilder }
