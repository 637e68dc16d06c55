using DataMaintenance.Cache;
using DataMaintenance.Pipeline.Tasks;
using DataMaintenance.Store;
using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Pipeline;

/// <summary>Which families Redis lacks, has only in part, or has of an older session than the store can give: what their records say was published, against the keys that are there.</summary>
internal sealed class RedisLosses(Presence presence, FamilyRefresh families, DerivedValues values, Fence fence, IStore store)
{
    private IReadOnlyList<Symbol> symbols = [];
    private string records = "";
    private string? server;
    private long mended;

    public async Task<Losses> FindAsync(CancellationToken ct)
    {
        var known = fence.Losses;
        var look = await presence.LookAsync(symbols, ct);
        var now = string.Join('|', look.Derived.Values);
        if (now != records)
        {
            // Published anew: the universe may be another one.
            symbols = [.. (await store.UniverseAsync(ct)).Where(e => e.IsActive).Select(e => e.Symbol)];
            records = now;
            look = await presence.LookAsync(symbols, ct);
        }

        var restarted = server is not null && server != look.RunId;
        var found = new Dictionary<Family, Loss>();
        foreach (var family in look.Derived.Keys)
            if (await WhyAsync(family, look, restarted || server is null, ct) is { } loss) found[family] = loss;
        server = look.RunId;
        // A run that went on meanwhile has put the fence and some families back, and knows nothing of the rest.
        return new(found, look.IsEmpty || known != Interlocked.Read(ref mended), restarted, known);
    }

    /// <summary>Whether Redis has lost everything since it was made whole last; asks for no key of a symbol. May be called beside the rest.</summary>
    public async Task<bool> EverythingAsync(CancellationToken ct) =>
        (await presence.LookAsync([], ct)).IsEmpty || fence.Losses != Interlocked.Read(ref mended);

    /// <summary>Everything that was lost up to <paramref name="losses"/> of the fence is there again.</summary>
    public void Mended(long losses) => Interlocked.Exchange(ref mended, losses);

    private async Task<Loss?> WhyAsync(Family family, CacheLook look, bool thoroughly, CancellationToken ct)
    {
        if (await families.NewestUsableAsync(family, ct) is not { } usable) return null;
        if (look.Derived[family] is not { } state) return new("no record of it", await store.FindDerivedInputsAsync(family.Text(), ct) is not null);
        if (state.Session > usable) return null;
        if (state.Session < usable) return new($"of {state.Session:yyyy-MM-dd}, while the store reaches {usable:yyyy-MM-dd}", Gone: false);
        if (symbols.Count == 0) return null;
        if (look.Present[family] < state.Count) return new($"{state.Count - look.Present[family]:N0} of {state.Count:N0} keys gone", Gone: true);
        return thoroughly && await values.FingerprintAsync(family, usable, ct) != state.Fingerprint ? new("computed from other inputs than the store's", Gone: false) : null;
    }
}

/// <param name="Families">What is wrong with each family that must be published again.</param>
/// <param name="Everything">Nothing of what names itself is left, the state of the sessions included.</param>
/// <param name="Restarted">The server is not the one, or not the start of it, that was seen last.</param>
/// <param name="Known">How often the fence had been found gone when the look began; a flush since then makes it untrue.</param>
internal sealed record Losses(IReadOnlyDictionary<Family, Loss> Families, bool Everything, bool Restarted, long Known)
{
    /// <summary>Whether Redis held it before, as far as is known; else it is only behind: a run was cut off before it published.</summary>
    public bool Gone => Everything || Restarted || Families.Values.Any(f => f.Gone);
}

/// <param name="Why">In words, after the family's name.</param>
/// <param name="Gone">Whether keys or records that were there are there no more; else they are behind the store.</param>
internal sealed record Loss(string Why, bool Gone);
