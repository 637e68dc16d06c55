using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Values;

/// <summary>Every active symbol.</summary>
internal static class Universe
{
    public const int Formula = 1;

    public static async Task<Computed> ComputeAsync(IStore store, IReadOnlySet<Symbol>? symbols, CancellationToken ct)
    {
        var active = await ActiveAsync(store, symbols, ct);
        var print = Print.Of($"universe {Formula}").Value;
        return new(active, 0, active.ToDictionary(v => v.Symbol, _ => print));
    }

    public static async Task<IReadOnlyList<UniverseValue>> ActiveAsync(IStore store, IReadOnlySet<Symbol>? symbols, CancellationToken ct) =>
        [.. (await store.UniverseAsync(ct)).Where(e => e.IsActive && symbols?.Contains(e.Symbol) != false).Select(e => new UniverseValue(e.Symbol)).OrderBy(v => v.Symbol)];
}
