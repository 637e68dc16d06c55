using Market;

namespace DataMaintenance.Store;

/// <summary>What the published values of a family came from, a digest a symbol: whose digest is another now has a stale value.</summary>
/// <param name="Family">As Redis spells it: <c>atr</c>, <c>rvol</c>, …</param>
/// <param name="Session">The session they are as of.</param>
/// <param name="Fingerprint">Of the inputs of the whole family. Only when Redis names the same one are these the inputs of what Redis holds.</param>
public sealed record DerivedInputs(string Family, DateOnly Session, string Fingerprint, IReadOnlyDictionary<Symbol, ulong> Prints);

/// <summary>The inputs of what was published last.</summary>
public interface IDerivedInputs
{
    /// <summary>Replaces what is known of the family.</summary>
    Task SaveDerivedInputsAsync(DerivedInputs inputs, CancellationToken ct);

    /// <summary>Null before the family was ever published.</summary>
    Task<DerivedInputs?> FindDerivedInputsAsync(string family, CancellationToken ct);
}
