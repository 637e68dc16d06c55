using System.ComponentModel.DataAnnotations;

namespace DataMaintenance.Pipeline.Reconciling;

/// <summary>When the provider's newest word is believed, and when a person has to look. Section <c>Reconcile</c>; shares are of the symbols stored, 0 to 1, and up to three symbols are always borne.</summary>
public sealed record ReconcileOptions
{
    /// <summary>Sessions compared when the task is run by its name; the plan has its own number.</summary>
    [Range(1, 250)]
    public int Sessions { get; init; } = 5;
    /// <summary>Largest share of a session's symbols that may be told no more; above it the reply is taken for short, and nothing of it is stored.</summary>
    [Range(0.0, 1.0)]
    public double MostVanished { get; init; } = 0.01;
    /// <summary>Largest share of a session's symbols that may be told wildly differently; above it nothing of the reply is stored, unless forced.</summary>
    [Range(0.0, 1.0)]
    public double MostWild { get; init; } = 0.01;
    /// <summary>A price that moves by more than this share is wildly different.</summary>
    [Range(0.0, 1.0)]
    public double WildPrice { get; init; } = 0.1;
    /// <summary>A symbol's volume of the day that grows by more than this share, or falls below what would grow by it, is wildly different.</summary>
    [Range(0.0, 100.0)]
    public double WildVolume { get; init; } = 0.5;
    /// <summary>A session of which a larger share of symbols is revised than this is a finding, healed all the same.</summary>
    [Range(0.0, 1.0)]
    public double UnusualShare { get; init; } = 0.2;
}
