using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Reconciling;

/// <summary>One figure told otherwise than it is stored.</summary>
/// <param name="Slot">Null for a daily bar.</param>
internal readonly record struct FieldChange(Symbol Symbol, int? Slot, string Field, RevisionKind Kind, double? Old, double? New)
{
    /// <summary>Volumes are told in millionths of a share, and sums of them round in their last digit.</summary>
    private const double Resolution = 2e-6, Rounding = 1e-12;

    public static bool Same(double a, double b) => a.Equals(b) || Math.Abs(a - b) <= Math.Max(Resolution * Math.Min(1, Math.Abs(a)), Rounding * Math.Abs(a));

    /// <summary>Whether the second is told and another than the first; what was not told before is learned, not revised.</summary>
    public static bool Differs(double? old, double? now) => old is { } was && now is { } told && !Same(was, told);
}

/// <summary>What a comparison of stored rows with the provider's word found, in either dataset.</summary>
internal interface IComparison
{
    /// <summary>Symbols stored.</summary>
    int Stored { get; }
    /// <summary>Symbols told.</summary>
    int Told { get; }
    /// <summary>Symbols stored and told no more.</summary>
    IReadOnlyList<Symbol> Vanished { get; }
    /// <summary>Symbols told wildly differently.</summary>
    IReadOnlyList<Symbol> Wild { get; }
    IReadOnlyList<FieldChange> Changes { get; }
}
