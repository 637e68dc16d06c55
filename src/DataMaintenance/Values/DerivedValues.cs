using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Values;

/// <summary>
/// The one place where derived values are computed, from the store, adjusted, as of a session. Nightly tasks, the rebuild,
/// verify, explain, export, the API and the pages all come here.
/// </summary>
public sealed class DerivedValues(IStore store, TradingCalendar calendar, ValuesOptions options)
{
    /// <summary>Computes a family from bars and slots up to and including <paramref name="asOf"/>. Universe and metadata are as known now.</summary>
    /// <param name="symbols">Only these; null for every symbol with data.</param>
    /// <param name="adjustAsOf">Splits executed on or before this day adjust; null = the session after <paramref name="asOf"/>, the one about to open.</param>
    /// <param name="shared">What others of the same run have read already, or will need; null to read for oneself.</param>
    /// <exception cref="InputsShortException">Rows in the store disagree with coverage: a day is damaged.</exception>
    public async Task<FamilyValues> ComputeAsync(
        Family family, DateOnly asOf, IReadOnlySet<Symbol>? symbols, CancellationToken ct, DateOnly? adjustAsOf = null, SharedInputs? shared = null)
    {
        var inputs = await InputsAsync(await ReachAsync(family, asOf, ct), asOf, adjustAsOf, ct);
        // Taken before the inputs are read: should they change meanwhile, the print is the older one and the next run computes again.
        var fingerprint = await Fingerprint.OfAsync(family, store, inputs, options, ct);
        var (items, tooShort, prints) = family switch
        {
            Family.Atr => Atr.Of(await BarsAsync(inputs, Atr.Bars(options), symbols, shared, ct), inputs, options),
            Family.Rvol => await Rvol.ComputeAsync(store, inputs, options, symbols, shared, ct),
            Family.AverageVolume => AverageVolumes.Of(await BarsAsync(inputs, AverageVolumes.Bars, symbols, shared, ct), inputs),
            Family.Metadata => await Metadata.ComputeAsync(store, symbols, ct),
            _ => await Universe.ComputeAsync(store, symbols, ct),
        };
        return new(family, inputs.AsOf, fingerprint, items, tooShort) { Prints = prints };
    }

    /// <summary>Reads what baselines as of a session will need of the sessions before it; nothing once its own slots are there, since then they may be current already.</summary>
    public async Task ReadAheadAsync(DateOnly session, SharedInputs shared, CancellationToken ct)
    {
        var days = await store.DayCoverageAsync(Dataset.Slots, calendar.LastSessions(options.RvolSessions, session)[0], session, ct);
        if (days.Any(day => day.Date == session)) return;
        foreach (var day in days) await shared.VolumesAsync(day, ct);
    }

    /// <summary>The fingerprint <see cref="ComputeAsync"/> would give, from coverage, splits and options alone: equal means recomputing changes nothing.</summary>
    public async Task<string> FingerprintAsync(Family family, DateOnly asOf, CancellationToken ct) =>
        await Fingerprint.OfAsync(family, store, await InputsAsync(await ReachAsync(family, asOf, ct), asOf, null, ct), options, ct);

    /// <summary>Adjusted bars and slots up to a session, for export and for pages that show the series.</summary>
    /// <param name="adjustAsOf">As for <see cref="ComputeAsync"/>; <see cref="DateOnly.MaxValue"/> = to the newest split known.</param>
    public Task<Inputs> InputsAsync(DateOnly asOf, DateOnly? adjustAsOf, CancellationToken ct) => InputsAsync(asOf, asOf, adjustAsOf, ct);

    /// <summary>One symbol's values as of a session with the bars, slots and intermediate numbers that give them.</summary>
    /// <exception cref="InputsShortException">Rows in the store disagree with coverage: a day is damaged.</exception>
    public async Task<Explanation> ExplainAsync(Symbol symbol, DateOnly asOf, DateOnly? adjustAsOf, CancellationToken ct)
    {
        var daily = await InputsAsync(await ReachAsync(Family.Atr, asOf, ct), asOf, adjustAsOf, ct);
        var slots = await InputsAsync(await ReachAsync(Family.Rvol, asOf, ct), asOf, adjustAsOf, ct);
        var only = new HashSet<Symbol> { symbol };
        var atr = await ComputeAsync(Family.Atr, asOf, only, ct, adjustAsOf);
        var volumes = await ComputeAsync(Family.AverageVolume, asOf, only, ct, adjustAsOf);
        var rvol = await ComputeAsync(Family.Rvol, asOf, only, ct, adjustAsOf);
        var bars = await ExplainedBars.OfAsync(store, daily, symbol, Math.Max(Atr.Bars(options), AverageVolumes.Bars), Atr.Bars(options), ct);
        var sessions = await ExplainedSession.OfAsync(store, slots, options, symbol, ct);
        return new(
            symbol, asOf, daily.AdjustTo, [.. daily.Splits.Where(s => s.Symbol == symbol && s.ExecutionDate >= daily.Since(symbol))], bars, sessions,
            (AtrValue?)atr.Items.SingleOrDefault(), (AverageVolumeValue?)volumes.Items.SingleOrDefault(), (RvolValue?)rvol.Items.SingleOrDefault(),
            (await store.MetadataAsync([symbol], ct)).SingleOrDefault(),
            new[] { atr, volumes, rvol }.ToDictionary(f => f.Family, f => f.Fingerprint),
            (await store.BoundariesAsync(ct)).LastOrDefault(b => b.Boundary == new SymbolBoundary(symbol, daily.Since(symbol))),
            [
                await InputsOfAsync(atr, symbol, daily, Atr.Formula, $"{options.AtrSmoothing} of {options.AtrPeriod} true ranges", bars.Where(b => b.InAtr).Select(b => b.Raw.Date), ct),
                await InputsOfAsync(volumes, symbol, daily, AverageVolumes.Formula, "means of the newest 5, 10 and 30 bars", bars.TakeLast(AverageVolumes.Used(bars.Count)).Select(b => b.Raw.Date), ct),
                await InputsOfAsync(rvol, symbol, slots, Rvol.Formula, $"{options.RvolSessions} traded sessions of {options.RvolLookbackSessions}, {options.Grid.Name} grid", sessions.Select(s => s.Date), ct),
            ]);
    }

    private async Task<ValueInputs> InputsOfAsync(FamilyValues values, Symbol symbol, Inputs inputs, int formula, string options, IEnumerable<DateOnly> sessions, CancellationToken ct)
    {
        var published = await store.FindDerivedInputsAsync(values.Family.Text(), ct);
        DateOnly[] used = values.Items.Count == 0 ? [] : [.. sessions];
        ulong? print = values.Prints.TryGetValue(symbol, out var now) ? now : null;
        ulong? before = published?.Prints.TryGetValue(symbol, out var then) == true ? then : null;
        return new(
            values.Family, print, before, published?.Session == values.Session ? print != before : null,
            formula, options, used, used.Length == 0 ? [] : [.. inputs.AdjustmentOf(symbol).After(used[0])]);
    }

    /// <summary>Everybody's bars are read once for all families that are computed from them, as many as the one that goes furthest back wants.</summary>
    private async Task<SortedList<Symbol, BarSeries>> BarsAsync(Inputs inputs, int wanted, IReadOnlySet<Symbol>? symbols, SharedInputs? shared, CancellationToken ct) =>
        shared is null || symbols is not null
            ? await inputs.NewestBarsAsync(wanted, Atr.RecentSessions, symbols, ct)
            : await shared.BarsAsync(
                await Fingerprint.OfBarsAsync(store, inputs, ct), () => inputs.NewestBarsAsync(Math.Max(Atr.Bars(options), AverageVolumes.Bars), Atr.RecentSessions, null, ct), ct);

    /// <param name="reach">The newest session with data; splits adjust to the session after the one that was asked for all the same.</param>
    private Task<Inputs> InputsAsync(DateOnly reach, DateOnly asOf, DateOnly? adjustAsOf, CancellationToken ct) =>
        Inputs.OpenAsync(store, calendar, reach, adjustAsOf ?? calendar.NextSession(asOf), ct);

    /// <summary>The newest session on or before <paramref name="asOf"/> that the family's facts cover; the day itself when nothing is.</summary>
    private async Task<DateOnly> ReachAsync(Family family, DateOnly asOf, CancellationToken ct)
    {
        if (family is Family.Universe or Family.Metadata) return asOf;
        var dataset = family == Family.Rvol ? Dataset.Slots : Dataset.Daily;
        return await store.DayCoverageAsync(dataset, calendar.LastSessions(Atr.RecentSessions, asOf)[0], asOf, ct) is [.., var newest] ? newest.Date : asOf;
    }
}
