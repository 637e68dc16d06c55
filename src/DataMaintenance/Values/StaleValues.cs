using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Values;

/// <summary>The values of a family that were published from other inputs than the store holds now, by name; each list by symbol.</summary>
/// <param name="Session">The session they are as of now.</param>
/// <param name="Changed">Published, and given by other inputs now: other bars or slots, splits, options or formula.</param>
/// <param name="Added">Without a published value, or none is known of.</param>
/// <param name="Gone">Published, and without a value now; not those held back.</param>
public sealed record StaleValues(Family Family, DateOnly Session, IReadOnlyList<Symbol> Changed, IReadOnlyList<Symbol> Added, IReadOnlyList<Symbol> Gone)
{
    public int Count => Changed.Count + Added.Count + Gone.Count;

    /// <summary>Those to be published again: they have a value now.</summary>
    public IEnumerable<Symbol> ToPublish => Changed.Concat(Added);

    public IEnumerable<Symbol> All => ToPublish.Concat(Gone);

    public static StaleValues None(Family family, DateOnly session) => new(family, session, [], [], []);

    /// <param name="published">What the published values came from; null when that is not known, and so every value is stale.</param>
    public static StaleValues Between(DerivedInputs? published, FamilyValues now)
    {
        var before = published?.Prints ?? new Dictionary<Symbol, ulong>();
        List<Symbol> changed = [], added = [];
        foreach (var item in now.Items)
        {
            if (!before.TryGetValue(item.Symbol, out var print)) added.Add(item.Symbol);
            else if (print != now.Prints[item.Symbol]) changed.Add(item.Symbol);
        }

        var valued = now.Items.Select(v => v.Symbol).ToHashSet();
        return new(now.Family, now.Session, changed, added, [.. before.Keys.Where(s => !valued.Contains(s) && !now.HeldBack.ContainsKey(s)).Order()]);
    }
}
