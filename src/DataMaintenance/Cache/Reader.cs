using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Cache;

/// <summary>Reads the published keys back, for checks, verify and the read side.</summary>
public sealed class Reader
{
    /// <summary>The field of <c>maintenance:derived</c>; null when absent: the server was flushed, or never filled.</summary>
    public Task<DerivedState?> DerivedAsync(Family family, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Compares Redis with computed values, whole keys: type, fields, values.</summary>
    /// <param name="sample">Compare only this many symbols, chosen by <paramref name="random"/>; null compares all.</param>
    public Task<IReadOnlyList<CacheDifference>> CompareAsync(FamilyValues values, int? sample, Random random, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Symbols of <paramref name="values"/> whose key is absent.</summary>
    public Task<IReadOnlySet<Symbol>> AbsentAsync(FamilyValues values, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Symbols named by other programs: <c>snapshot:enriched:latest</c> and the scanner's categories. Empty when absent.</summary>
    public Task<IReadOnlySet<Symbol>> SnapshotSymbolsAsync(CancellationToken ct) => throw new NotImplementedException();
    public Task<IReadOnlySet<Symbol>> ScannerSymbolsAsync(CancellationToken ct) => throw new NotImplementedException();
}

/// <summary>The value of a field of <c>maintenance:derived</c>.</summary>
public sealed record DerivedState(DateOnly Session, long Epoch, long Count, DateTimeOffset PublishedAt, string Fingerprint);

/// <param name="Expected">As computed from the store, as text.</param>
/// <param name="Found">As read; null when the key is absent.</param>
public sealed record CacheDifference(Family Family, Symbol Symbol, string Key, string Expected, string? Found);
