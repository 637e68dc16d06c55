using DataMaintenance.Cache;
using DataMaintenance.Pipeline.Checks;
using DataMaintenance.Store;
using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>
/// Brings one family in Redis up to the newest usable session of the store: computes and publishes when the fingerprint of the
/// inputs is not the published one, else leaves it alone.
/// </summary>
public sealed class FamilyRefresh(IStore store, DerivedValues values, Publisher publisher, Reader cache, TradingCalendar calendar, ChecksOptions checks, ValuesOptions options)
{
    /// <summary>A session with fewer rows than this share of the absolute bound is a torso; values stay those of the session before it.</summary>
    public const double UsableShare = 0.5;

    /// <summary>A symbol without a value keeps no key of an older one: it would be stale and look fresh.</summary>
    public static readonly IReadOnlySet<Symbol> NoOthers = new HashSet<Symbol>();

    /// <summary>With more stale values than this share, the whole family is published: it takes hardly longer.</summary>
    private const double FewShare = 0.25;

    private readonly OlderValues older = new(store, values, publisher, cache, calendar);

    private readonly Dictionary<Family, SemaphoreSlim> one = Enum.GetValues<Family>().ToDictionary(f => f, _ => new SemaphoreSlim(1, 1));

    /// <summary>Between computing a family and publishing it nobody else does: what was computed last is what stays.</summary>
    /// <returns>To be disposed when published.</returns>
    public async Task<IDisposable> AloneAsync(Family family, CancellationToken ct)
    {
        await one[family].WaitAsync(ct);
        return new Turn(one[family]);
    }

    /// <summary>Reads what the baselines of a session to come will need.</summary>
    public Task ReadAheadAsync(DateOnly session, SharedInputs shared, CancellationToken ct) => values.ReadAheadAsync(session, shared, ct);

    /// <summary>Computes the family as of its newest usable session and publishes it, whatever is there.</summary>
    /// <returns>Null when there is nothing to compute it from.</returns>
    public async Task<(DateOnly Session, PublishReport Report)?> PublishAsync(Family family, CancellationToken ct)
    {
        using var alone = await AloneAsync(family, ct);
        if (await ComputeAsync(family, ct) is not { Items.Count: > 0 } values) return null;
        return (values.Session, await PublishAsync(values, ct));
    }

    /// <summary>Publishes a computed family whole, and keeps what its values came from. For who holds the family (<see cref="AloneAsync"/>).</summary>
    public async Task<PublishReport> PublishAsync(FamilyValues values, CancellationToken ct)
    {
        var report = await KeepInputsAsync(values, await publisher.PublishAsync(values, NoOthers, ct), ct);
        if (report.HeldBy is null) await older.KeepAsync(values, ct);
        return report;
    }

    /// <inheritdoc cref="OlderValues.KeepAsync"/>
    public Task<long> KeepOlderAsync(FamilyValues values, CancellationToken ct) => older.KeepAsync(values, ct);

    /// <inheritdoc cref="OlderValues.AbsentAsync"/>
    public Task<FamilyValues> OlderAsync(FamilyValues now, CancellationToken ct) => older.AbsentAsync(now, ct);

    /// <summary>Writes keys of a computed family that differ in Redis, or are absent; what they came from is kept. For who holds the family.</summary>
    public async Task RestoreAsync(FamilyValues values, IReadOnlySet<Symbol> symbols, CancellationToken ct)
    {
        var report = await publisher.RestoreAsync(values, symbols, ct);
        // The whole family is as computed now, and so are its inputs.
        if (report.HeldBy is null) await KeepInputsAsync(values, report, ct);
    }

    /// <summary>
    /// Names the values of a family that are stale: those whose own inputs (sessions, rows, splits, formula, options) are not the ones they were
    /// published from. Nothing is computed while the family's fingerprint is the published one; else all of it is, since that is how inputs are read.
    /// </summary>
    /// <returns>Null when there is nothing to compute it from.</returns>
    public async Task<StaleValues?> StaleAsync(Family family, CancellationToken ct)
    {
        if (await NewestUsableAsync(family, ct) is not { } asOf) return null;
        var published = await cache.DerivedAsync(family, ct);
        var held = await HeldAsync(family, asOf, ct);
        if (IsCurrent(published, asOf, held.Mark(await values.FingerprintAsync(family, asOf, ct)))) return StaleValues.None(family, asOf);
        return StaleValues.Between(await PublishedInputsAsync(family, published, ct), held.Without(OfActive(await values.ComputeAsync(family, asOf, null, ct), await ActiveAsync(ct))));
    }

    /// <summary>What the values that Redis holds came from; null when that is not known.</summary>
    public async Task<DerivedInputs?> PublishedInputsAsync(Family family, CancellationToken ct) =>
        await PublishedInputsAsync(family, await cache.DerivedAsync(family, ct), ct);

    /// <summary>The newest session of the store that is whole enough to compute the family from; null when there is none.</summary>
    public async Task<DateOnly?> NewestUsableAsync(Family family, CancellationToken ct)
    {
        var dataset = family == Family.Rvol ? Dataset.Slots : Dataset.Daily;
        var least = (dataset == Dataset.Slots ? checks.MinSlotRows : checks.MinDailySymbols) * UsableShare;
        var coverage = await store.DayCoverageAsync(dataset, DateOnly.MinValue, DateOnly.MaxValue, ct);
        var usable = coverage.Where(c => c.Rows >= least * (calendar.IsHalfDay(c.Date) ? Bounds.HalfDayShare : 1)).Select(c => c.Date).ToArray();
        // A session that is plainly wrong as a whole waits for another look, and the values stay those of the one before, where there is one.
        if (usable.Length < 2 || family is not (Family.Rvol or Family.Atr or Family.AverageVolume)) return usable.Length == 0 ? null : usable[^1];
        var (name, blocks) = dataset == Dataset.Slots ? (Rules.Slots, Blocks.Slots) : (Rules.Daily, Blocks.Daily);
        var wrong = (await store.OpenFindingsAsync(name, usable[^2], usable[^1], ct)).Where(f => f.Symbol is null && f.Severity == Severity.Error && Rules.Find(f.Rule)?.Blocks == blocks).Select(f => f.Date).ToHashSet();
        return wrong.Contains(usable[^1]) && !wrong.Contains(usable[^2]) ? usable[^2] : usable[^1];
    }

    /// <summary>Values of the family for the active universe, as of its newest usable session; null when there is none.</summary>
    public async Task<FamilyValues?> ComputeAsync(Family family, CancellationToken ct) =>
        await NewestUsableAsync(family, ct) is { } asOf
            ? (await HeldAsync(family, asOf, ct)).Without(OfActive(await values.ComputeAsync(family, asOf, null, ct), await ActiveAsync(ct)))
            : null;

    /// <summary>Values of the family as of a session, of every symbol that has them: who was active then is not known.</summary>
    public Task<FamilyValues> ComputeAsync(Family family, DateOnly asOf, CancellationToken ct) => values.ComputeAsync(family, asOf, null, ct);

    /// <summary>Publishes when needed. What was computed stays in <see cref="RunContext.Computed"/> for later tasks of the run.</summary>
    /// <returns>The values published; null when the published ones are current, or nothing can be computed (a failed check says so).</returns>
    public async Task<FamilyValues?> RunAsync(Family family, RunContext run, TaskReport report, CancellationToken ct)
    {
        using var alone = await AloneAsync(family, ct);
        if (await NewestUsableAsync(family, ct) is not { } asOf)
        {
            report.Fail($"{family.Text()}: no session in the store is whole enough to compute from");
            return null;
        }

        var held = await HeldAsync(family, asOf, ct);
        if (held.Symbols.Count > 0) report.Warn($"{family.Text()}: {held.Words()}").Count("held_back", held.Symbols.Count);
        var fingerprint = held.Mark(await values.FingerprintAsync(family, asOf, ct));
        var published = await cache.DerivedAsync(family, ct);
        if (!run.Force && IsCurrent(published, asOf, fingerprint))
        {
            report.Ok($"{family.Text()} of {asOf:yyyy-MM-dd} is current: {published!.Count:N0} keys with the inputs' fingerprint {fingerprint}");
            return null;
        }

        report.Worked();
        var computed = held.Without(OfActive(await values.ComputeAsync(family, asOf, null, ct, shared: run.Shared), await ActiveAsync(ct)));
        run.Computed[family] = computed;
        var done = await PublishNeededAsync(computed, run.Force ? null : published, report, ct);
        report.Counted($"{family.Text()} keys of {asOf:yyyy-MM-dd}", done.Written, done.Expected);
        if (done.HeldBy is { } newer) report.Warn($"Redis holds {family.Text()} of {newer:yyyy-MM-dd}, which is newer, so {asOf:yyyy-MM-dd} was not published");
        if (done.Removed > 0) report.Note($"{done.Removed:N0} {family.Text()} keys of symbols that left, or have no such value any more, were removed");
        return computed;
    }

    /// <summary>
    /// The keys of stale values alone, where those are few and of the session that is published; else the whole family, which also renews what its keys have left to live.
    /// </summary>
    private async Task<PublishReport> PublishNeededAsync(FamilyValues computed, DerivedState? published, TaskReport report, CancellationToken ct)
    {
        if (computed.Family == Family.Universe || published?.Session != computed.Session || await PublishedInputsAsync(computed.Family, published, ct) is not { } known)
            return await PublishAsync(computed, ct);
        var stale = StaleValues.Between(known, computed);
        if (stale.Count > FewShare * computed.Items.Count) return await PublishAsync(computed, ct);
        report.Ok($"{stale.Count:N0} of {computed.Items.Count:N0} {computed.Family.Text()} values have other inputs than they were published from{(stale.Count > 0 ? ": " + Names.List(stale.All.Select(s => s.Text)) : "")}; only they were published");
        report.Count("stale", stale.Count);
        var done = await KeepInputsAsync(computed, await publisher.PublishStaleAsync(computed, stale, ct), ct);
        if (done.HeldBy is null) await older.KeepAsync(computed, ct);
        return done;
    }

    private async Task<PublishReport> KeepInputsAsync(FamilyValues values, PublishReport report, CancellationToken ct)
    {
        if (report.HeldBy is not null || report.Written != report.Expected) return report;
        var prints = values.Items.ToDictionary(v => v.Symbol, v => values.Prints[v.Symbol]);
        // Redis keeps the older values of those held back, so what they came from is kept as well.
        if (values.HeldBack.Count > 0 && await store.FindDerivedInputsAsync(values.Family.Text(), ct) is { } before)
            foreach (var symbol in values.HeldBack.Keys.Where(before.Prints.ContainsKey)) prints.TryAdd(symbol, before.Prints[symbol]);
        // After the record in Redis: cut off in between, the two name different fingerprints, and nothing is built on the older one.
        await store.SaveDerivedInputsAsync(new(values.Family.Text(), values.Session, values.Fingerprint, prints), ct);
        return report;
    }

    private async Task<DerivedInputs?> PublishedInputsAsync(Family family, DerivedState? published, CancellationToken ct) =>
        published is not null && await store.FindDerivedInputsAsync(family.Text(), ct) is { } known && known.Fingerprint == published.Fingerprint && known.Session == published.Session ? known : null;

    private static bool IsCurrent(DerivedState? published, DateOnly session, string fingerprint) =>
        published is not null && published.Session == session && published.Fingerprint == fingerprint;

    private Task<HeldBack> HeldAsync(Family family, DateOnly asOf, CancellationToken ct) =>
        HeldBack.OfAsync(store, calendar, family, asOf, options.RvolLookbackSessions, ct);

    private Task<IReadOnlySet<Symbol>> ActiveAsync(CancellationToken ct) => OlderValues.ActiveAsync(store, ct);

    private static FamilyValues OfActive(FamilyValues all, IReadOnlySet<Symbol> active) =>
        active.Count == 0 ? all : all with { Items = [.. all.Items.Where(v => active.Contains(v.Symbol))] };

    private sealed class Turn(SemaphoreSlim taken) : IDisposable
    {
        public void Dispose() => taken.Release();
    }
}
