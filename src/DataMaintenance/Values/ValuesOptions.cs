using Market;

namespace DataMaintenance.Values;

/// <summary>How derived values are computed. Sections <c>Atr</c>, <c>Rvol</c> and <c>Slots</c>, checked at start.</summary>
public sealed record ValuesOptions
{
    /// <summary>True ranges averaged, 2 to 100.</summary>
    public int AtrPeriod { get; init; } = 14;
    /// <summary>Mean of the last <see cref="AtrPeriod"/> true ranges, or Wilder's.</summary>
    public AtrSmoothing AtrSmoothing { get; init; } = AtrSmoothing.Mean;
    /// <summary>Traded sessions averaged into a baseline.</summary>
    public int RvolSessions { get; init; } = 5;
    /// <summary>Sessions searched, newest backwards, for those on which the symbol traded.</summary>
    public int RvolLookbackSessions { get; init; } = 10;
    public SlotGrid Grid { get; init; } = SlotGrid.Extended;
}

public enum AtrSmoothing { Mean, Wilder }
