using DataMaintenance.Values;
using Market;
using StackExchange.Redis;

namespace DataMaintenance.Cache;

/// <summary>Writes derived values to Redis so that a reader sees, for every key, the old value or the new one, never neither.</summary>
public sealed class Publisher(RedisConnection redis, Keys keys, Fence fence, TimeToLive ttl, Reader reader, TimeProvider clock)
{
    /// <summary>Symbols whose keys one transaction replaces; the time taken is nearly the same from 20 to 200.</summary>
    private const int Group = 100;
    private const int InFlight = 4;
    private const int KeysAtOnce = 500;

    /// <summary>
    /// Replaces each key in one step, then removes the keys of symbols not in <paramref name="keep"/>, then writes the family's
    /// field of <c>maintenance:derived</c>. Every transaction carries the condition that <c>maintenance:fence</c> is this instance's epoch.
    /// Nothing is written when Redis already holds a newer session's values (<see cref="PublishReport.HeldBy"/>).
    /// </summary>
    /// <param name="keep">Symbols whose keys may stay although they have no value in <paramref name="values"/>, as those held back do; null removes nothing.</param>
    /// <exception cref="FencedException">Another instance leads.</exception>
    /// <exception cref="RedisUnavailableException">The connection was lost and did not come back in time; keys not yet replaced keep their old values.</exception>
    /// <exception cref="RedisRefusedException">The server has no memory left, or will not write for another reason; likewise.</exception>
    /// <exception cref="ArgumentException">An empty universe.</exception>
    public async Task<PublishReport> PublishAsync(FamilyValues values, IReadOnlySet<Symbol>? keep, CancellationToken ct)
    {
        using var span = Traces.Start($"redis publish {values.Family.Text()}", System.Diagnostics.ActivityKind.Client);
        if (await NewerAsync(values, ct) is { } newer) return new(0, 0) { HeldBy = newer };
        var report = await ReplaceAsync(values, keep, ct);
        // A server that was flushed meanwhile is there again, and takes them.
        if (report.Written != report.Expected) report = await ReplaceAsync(values, keep, ct);
        return await RecordAsync(values, report, ct);
    }

    /// <summary>
    /// Replaces the keys of the <paramref name="stale"/> values only, removes those of symbols that have none now, and writes the family's record.
    /// For a family of which everything else is published from the inputs it would be computed from. All its keys are counted; when one is absent
    /// the whole family is published.
    /// </summary>
    public async Task<PublishReport> PublishStaleAsync(FamilyValues values, StaleValues stale, CancellationToken ct)
    {
        using var span = Traces.Start($"redis publish {values.Family.Text()}", System.Diagnostics.ActivityKind.Client);
        if (await NewerAsync(values, ct) is { } newer) return new(0, 0) { HeldBy = newer };
        var changed = stale.ToPublish.ToHashSet();
        await WriteAsync(values.Family, [.. values.Items.Where(v => changed.Contains(v.Symbol))], ct);
        var removed = await RemoveAsync([.. keys.Of(values.Family).SelectMany(template => stale.Gone.Select(template.Of))], ct);
        var (written, expected) = await CountAsync(values.Family, values.Items, ct);
        return written == expected ? await RecordAsync(values, new(written, removed) { Expected = expected }, ct) : await PublishAsync(values, null, ct);
    }

    /// <summary>Writes only these symbols' keys of the family, from <paramref name="values"/>; for healing. The universe is replaced whole.</summary>
    public async Task<PublishReport> RestoreAsync(FamilyValues values, IReadOnlySet<Symbol> symbols, CancellationToken ct)
    {
        if (await NewerAsync(values, ct) is { } newer) return new(0, 0) { HeldBy = newer };
        if (values.Family == Family.Universe) return await ReplaceUniverseAsync(values, ct);
        var items = values.Items.Where(v => symbols.Contains(v.Symbol)).ToArray();
        await WriteAsync(values.Family, items, ct);
        var (written, expected) = await CountAsync(values.Family, items, ct);
        return new(written, 0) { Expected = expected };
    }

    /// <summary>Lets the keys of these symbols live as long as if they were written now; what is not there stays away.</summary>
    public async Task RenewAsync(Family family, IEnumerable<Symbol> symbols, CancellationToken ct)
    {
        var life = ttl.Of(family);
        foreach (var part in symbols.Chunk(Group))
            await fence.WriteAsync(t => [.. keys.Of(family).SelectMany(template => part.Select(s => t.KeyExpireAsync(template.Of(s), life)))], ct);
    }

    /// <summary>A count that falls short leaves the old record, so that the next run publishes again.</summary>
    private async Task<PublishReport> RecordAsync(FamilyValues values, PublishReport report, CancellationToken ct)
    {
        if (report.Written != report.Expected) return report;
        var state = new DerivedState(values.Session, fence.Epoch, report.Written, clock.GetUtcNow(), values.Fingerprint);
        await fence.WriteAsync(t => [t.HashSetAsync(keys.Derived, values.Family.Text(), Documents.Derived(state))], ct);
        return report;
    }

    private async Task<DateOnly?> NewerAsync(FamilyValues values, CancellationToken ct) =>
        await reader.DerivedAsync(values.Family, ct) is { } held && held.Session > values.Session ? held.Session : null;

    private Task<PublishReport> ReplaceAsync(FamilyValues values, IReadOnlySet<Symbol>? keep, CancellationToken ct) =>
        values.Family == Family.Universe ? ReplaceUniverseAsync(values, ct) : ReplaceKeysAsync(values, keep, ct);

    private async Task<PublishReport> ReplaceKeysAsync(FamilyValues values, IReadOnlySet<Symbol>? keep, CancellationToken ct)
    {
        await WriteAsync(values.Family, values.Items, ct);
        var removed = keep is null ? 0 : await RemoveOthersAsync(values, keep, ct);
        var (written, expected) = await CountAsync(values.Family, values.Items, ct);
        return new(written, removed) { Expected = expected };
    }

    private async Task<PublishReport> ReplaceUniverseAsync(FamilyValues values, CancellationToken ct)
    {
        if (values.Items.Count == 0) throw new ArgumentException("A universe without a symbol is not published; Redis keeps the one it has.", nameof(values));
        var before = await reader.UniverseAsync(ct);
        var now = values.Items.Select(v => v.Symbol).ToHashSet();
        await fence.WriteAsync(t => ReplaceSet(t, values.Items), ct);
        var written = await redis.AskAsync(db => db.SetLengthAsync(keys.Universe), ct);
        return new(written, before.Count(s => !now.Contains(s))) { Expected = now.Count };
    }

    private IEnumerable<Task> ReplaceSet(ITransaction t, IReadOnlyList<IDerivedValue> items)
    {
        yield return t.KeyDeleteAsync(keys.UniverseNext);
        foreach (var part in items.Chunk(KeysAtOnce)) yield return t.SetAddAsync(keys.UniverseNext, Array.ConvertAll(part, v => (RedisValue)v.Symbol.Text));
        yield return t.KeyRenameAsync(keys.UniverseNext, keys.Universe);
    }

    private async Task WriteAsync(Family family, IReadOnlyList<IDerivedValue> items, CancellationToken ct)
    {
        var life = ttl.Of(family);
        var templates = keys.Of(family);
        // Asked every time: the server may have been replaced by one of another make.
        var hashes = Documents.IsJson(family) ? null : await HashReplacement.AgreeAsync(fence, keys, ct);
        var options = new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = ct };
        await Parallel.ForEachAsync(items.Chunk(Group), options, async (part, ct) =>
            await fence.WriteAsync(t => hashes is null ? ReplaceStrings(t, part, templates, life) : ReplaceHashes(t, hashes, part, templates, life), ct));
    }

    private static IEnumerable<Task> ReplaceStrings(ITransaction t, IDerivedValue[] items, IReadOnlyList<KeyTemplate> templates, TimeSpan life)
    {
        foreach (var item in items)
        {
            var json = Documents.Json(item);
            foreach (var template in templates) yield return t.StringSetAsync(template.Of(item.Symbol), json, life);
        }
    }

    private static IEnumerable<Task> ReplaceHashes(ITransaction t, HashReplacement hashes, IDerivedValue[] items, IReadOnlyList<KeyTemplate> templates, TimeSpan life) =>
        from item in items
        let fields = Documents.Fields(item)
        from template in templates
        from command in hashes.Commands(t, template.Of(item.Symbol), fields, life)
        select command;

    /// <summary>Keys of the family whose symbol has neither a value nor a claim to stay. Only names that read as a symbol's key are looked at.</summary>
    private async Task<long> RemoveOthersAsync(FamilyValues values, IReadOnlySet<Symbol> keep, CancellationToken ct)
    {
        var valued = values.Items.Select(v => v.Symbol).ToHashSet();
        var leaving = new List<RedisKey>();
        foreach (var template in keys.Of(values.Family))
            foreach (var key in await redis.KeysAsync(template.Pattern, ct))
                if (!keys.IsFixed(key) && template.TrySymbol(key, out var symbol) && !valued.Contains(symbol) && !keep.Contains(symbol) && !values.HeldBack.ContainsKey(symbol)) leaving.Add(key);

        return await RemoveAsync([.. leaving.Distinct()], ct);
    }

    /// <summary>Removes keys by name.</summary>
    public Task<long> RemoveNamedAsync(IEnumerable<string> names, CancellationToken ct) => RemoveAsync(names.Select(n => (RedisKey)n).ToArray(), ct);

    private async Task<long> RemoveAsync(RedisKey[] leaving, CancellationToken ct)
    {
        long removed = 0;
        foreach (var part in leaving.Chunk(KeysAtOnce))
        {
            var deleted = Task.FromResult(0L);
            await fence.WriteAsync(t => [deleted = t.KeyDeleteAsync(part)], ct);
            removed += await deleted;
        }

        return removed;
    }

    /// <summary>Symbols all of whose keys are there, asked of Redis, and how many should be.</summary>
    private async Task<(long Written, long Expected)> CountAsync(Family family, IReadOnlyList<IDerivedValue> items, CancellationToken ct)
    {
        var symbols = items.Where(Documents.HasKey).Select(v => v.Symbol).ToArray();
        var absent = await reader.AbsentAsync(family, symbols, ct);
        return (symbols.Length - absent.Count, symbols.Length);
    }
}

/// <param name="Written">Symbols (members, for the universe) whose keys are present afterwards, counted in Redis.</param>
/// <param name="Removed">Keys removed because their symbol left.</param>
public sealed record PublishReport(long Written, long Removed)
{
    /// <summary>What <see cref="Written"/> should be: every value that has something to publish (a baseline below one share has not).</summary>
    public long Expected { get; init; }

    /// <summary>The newer session whose values Redis holds, and because of which nothing was written; null otherwise.</summary>
    public DateOnly? HeldBy { get; init; }
}
