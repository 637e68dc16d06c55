using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Values;

/// <summary>The families of derived values; lower case with underscores in Redis: universe, metadata, avg_volume, atr, rvol.</summary>
public enum Family { Universe, Metadata, AverageVolume, Atr, Rvol }

/// <summary>Values of one family as of a session.</summary>
/// <param name="Session">The newest session the inputs reach.</param>
/// <param name="Fingerprint">Short hash of what went in: sessions with their coverage, splits in force, formula, options.</param>
/// <param name="Items">By symbol (ordinal).</param>
/// <param name="TooShort">Symbols with data but too little of it for this family.</param>
public sealed record FamilyValues(Family Family, DateOnly Session, string Fingerprint, IReadOnlyList<IDerivedValue> Items, int TooShort)
{
    /// <summary>A digest of what each value was computed from: its sessions and their rows, its splits, formula and options. At least one for each of <see cref="Items"/>.</summary>
    public IReadOnlyDictionary<Symbol, ulong> Prints { get; init; } = new Dictionary<Symbol, ulong>();

    /// <summary>Symbols whose value is left out because an input is doubted: what is published of them stays as it is. With the oldest session in doubt: as of the one before it the value is not.</summary>
    public IReadOnlyDictionary<Symbol, DateOnly> HeldBack { get; init; } = System.Collections.Frozen.FrozenDictionary<Symbol, DateOnly>.Empty;
}

public interface IDerivedValue { Symbol Symbol { get; } }

/// <param name="Atr">USD per share.</param>
/// <param name="AtrPercent">Of the last close.</param>
/// <param name="Session">As of this session.</param>
public sealed record AtrValue(Symbol Symbol, double Atr, double AtrPercent, DateOnly Session) : IDerivedValue;

/// <param name="AverageVolume">Mean cumulative volume at the end of each slot of the grid, shares, not rounded; length = grid.Count, non-decreasing.</param>
/// <param name="Sessions">How many sessions are averaged.</param>
public sealed record RvolValue(Symbol Symbol, double[] AverageVolume, int Sessions) : IDerivedValue
{
    /// <summary>Whole shares as published: floor(mean + 1e-6).</summary>
    public static long Whole(double mean) => (long)Math.Floor(mean + 1e-6);
}

/// <summary>Mean volume of the last 5, 10, 30 bars, shares, not rounded; null below that many bars.</summary>
public sealed record AverageVolumeValue(Symbol Symbol, double? Days5, double? Days10, double? Days30) : IDerivedValue;

public sealed record MetadataValue(TickerMetadata Metadata) : IDerivedValue { public Symbol Symbol => Metadata.Symbol; }

/// <summary>An active symbol.</summary>
public sealed record UniverseValue(Symbol Symbol) : IDerivedValue;
