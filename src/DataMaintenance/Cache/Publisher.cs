using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Cache;

/// <summary>Writes derived values to Redis so that a reader sees, for every key, the old value or the new one, never neither.</summary>
public sealed class Publisher
{
    /// <summary>
    /// Replaces each key in one step, then removes the keys of symbols not in <paramref name="keep"/>, then writes the family's
    /// field of <c>maintenance:derived</c>. Every transaction carries the condition that <c>maintenance:fence</c> is this instance's epoch.
    /// </summary>
    /// <param name="keep">Symbols whose keys may stay although they have no value in <paramref name="values"/>; null removes nothing.</param>
    /// <exception cref="FencedException">Another instance leads.</exception>
    public Task<PublishReport> PublishAsync(FamilyValues values, IReadOnlySet<Symbol>? keep, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Writes only these symbols' keys of the family, from <paramref name="values"/>; for healing.</summary>
    public Task<PublishReport> RestoreAsync(FamilyValues values, IReadOnlySet<Symbol> symbols, CancellationToken ct) => throw new NotImplementedException();
}

/// <param name="Written">Keys (members, for the universe) present afterwards with the new value, counted in Redis.</param>
/// <param name="Removed">Keys removed because their symbol left.</param>
public sealed record PublishReport(long Written, long Removed);

/// <summary>This instance no longer leads: Redis refused the write.</summary>
public sealed class FencedException(string message) : Exception(message);
