using DataMaintenance.Cache;
using DataMaintenance.Store;
using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>The values of symbols that are held back: those published before the session in doubt, kept readable until the doubt is settled.</summary>
internal sealed class OlderValues(IStore store, DerivedValues values, Publisher publisher, Reader cache, TradingCalendar calendar)
{
    /// <summary>What is there lives on with the family; what is gone (a flush, a deleted key) is published again as it was before the session in doubt.</summary>
    /// <param name="now">The family as computed, published or not.</param>
    /// <returns>How many were published again.</returns>
    public async Task<long> KeepAsync(FamilyValues now, CancellationToken ct)
    {
        if (now.HeldBack.Count == 0) return 0;
        await publisher.RenewAsync(now.Family, now.HeldBack.Keys, ct);
        var older = await AbsentAsync(now, ct);
        return older.Items.Count == 0 ? 0 : (await publisher.RestoreAsync(older, older.Items.Select(v => v.Symbol).ToHashSet(), ct)).Written;
    }

    /// <summary>Of those held back whose keys are gone, the values as of the session before the one in doubt, on the split basis of <paramref name="now"/>.</summary>
    public async Task<FamilyValues> AbsentAsync(FamilyValues now, CancellationToken ct)
    {
        // Who never had a value has no older one.
        if (now.HeldBack.Count == 0 || await store.FindDerivedInputsAsync(now.Family.Text(), ct) is not { } known) return now with { Items = [] };
        var active = await ActiveAsync(store, ct);
        var absent = await cache.AbsentAsync(now.Family, [.. now.HeldBack.Keys.Where(s => known.Prints.ContainsKey(s) && (active.Count == 0 || active.Contains(s)))], ct);
        var items = new List<IDerivedValue>();
        foreach (var doubted in absent.GroupBy(s => now.HeldBack[s]))
            items.AddRange((await values.ComputeAsync(now.Family, calendar.PreviousSession(doubted.Key), doubted.ToHashSet(), ct, adjustAsOf: calendar.NextSession(now.Session))).Items.Where(Documents.HasKey));
        return now with { Items = items };
    }

    /// <summary>Symbols of the universe that are active; empty before there is one.</summary>
    public static async Task<IReadOnlySet<Symbol>> ActiveAsync(IStore store, CancellationToken ct) =>
        (await store.UniverseAsync(ct)).Where(e => e.IsActive).Select(e => e.Symbol).ToHashSet();
}
