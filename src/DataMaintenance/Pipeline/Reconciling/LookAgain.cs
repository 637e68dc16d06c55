using System.Globalization;
using DataMaintenance.Pipeline.Checks;
using DataMaintenance.Provider;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Reconciling;

/// <summary>
/// Looks once more at sessions whose rows were healed: what stood against the old rows is healed with them, and what is odd in the new ones is found.
/// </summary>
internal sealed class LookAgain(IMarketSource source, IStore store, TradingCalendar calendar, SlotGrid grid, TimeProvider clock)
{
    private static readonly IReadOnlySet<Symbol> NoOne = new HashSet<Symbol>();

    public async Task RunAsync(IReadOnlyList<Reconciled> done, string by, TaskReport report, CancellationToken ct)
    {
        var (bars, slots) = (Of(done, Dataset.Daily), Of(done, Dataset.Slots));
        var healed = bars.Keys.Union(slots.Keys).Order().ToArray();
        if (healed.Length == 0) return;
        var last = done.Max(d => d.Session);
        var before = await OpenAsync(healed[0], last, ct);
        if (bars.Count > 0) await AtBarsAsync(bars, last, by, ct);
        foreach (var session in healed) await AtSlotsAsync(session, bars.GetValueOrDefault(session), slots.GetValueOrDefault(session), by, ct);
        var after = await OpenAsync(healed[0], last, ct);
        if (Said(after, before) is { } raised) report.Warn($"odd in the rows as they are now: {raised}");
        if (Said(before, after) is { } settled) report.Ok($"settled by the rows as they are now: {settled}");
    }

    /// <summary>Those healed and the later ones, which are held against them.</summary>
    private async Task AtBarsAsync(Dictionary<DateOnly, Reconciled> healed, DateOnly last, string by, CancellationToken ct)
    {
        var first = healed.Keys.Min();
        var checks = await DailyChecks.OpenAsync(store, calendar, by, () => source.SplitsAsync(ct), first, last, ct);
        foreach (var day in (await store.DayCoverageAsync(Dataset.Daily, first, last, ct)).Where(d => d.Rows > 0))
            await checks.AgainAsync(day.Date, healed.GetValueOrDefault(day.Date)?.Healed ?? NoOne, clock.GetUtcNow(), ct);
    }

    /// <summary>Slots are held against bars, so a bar that was healed counts as well.</summary>
    private async Task AtSlotsAsync(DateOnly session, Reconciled? bars, Reconciled? slots, string by, CancellationToken ct)
    {
        if (slots is null && (await store.DayCoverageAsync(Dataset.Slots, session, session, ct)).Count == 0) return;
        var at = clock.GetUtcNow();
        if (slots is not null)
        {
            var refused = slots.Refused.Where(r => Symbol.IsValid(r.Symbol) && slots.Healed.Contains(new(r.Symbol)))
                .Select(r => new Finding(0, Rules.Slots, session, new(r.Symbol), r.Rule, Rules.Find(r.Rule)?.Severity ?? Severity.Error, r.Value, r.Expectation, FindingState.Open, at, null));
            await store.SaveFindingsAsync(new Look(Rules.Slots, [.. Rules.RefusedSlots.Select(r => r.Name)], session, session, by, at) { Symbols = slots.Healed }, [.. refused], ct);
        }

        // Few bars that were healed are looked at by themselves, unless the session as a whole is in doubt.
        var only = slots is null && !await DailyChecks.IsGraveAsync(store, Rules.Slots, session, ct) ? bars!.Healed : null;
        await SlotChecks.AgainAsync(store, calendar, session, grid, by, at, ct, only);
    }

    private async Task<IReadOnlyList<Finding>> OpenAsync(DateOnly from, DateOnly to, CancellationToken ct) =>
        [.. await store.OpenFindingsAsync(Rules.Daily, from, to, ct), .. await store.OpenFindingsAsync(Rules.Slots, from, to, ct)];

    /// <summary>Those of the first that are not among the others; null without any.</summary>
    private static string? Said(IReadOnlyList<Finding> some, IReadOnlyList<Finding> others)
    {
        var ids = others.Select(f => f.Id).ToHashSet();
        var left = some.Where(f => !ids.Contains(f.Id)).Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Rule} of {f.Symbol?.Text ?? "the session"} {f.Date:yyyy-MM-dd}")).ToArray();
        return left.Length > 0 ? Names.List(left, 10) : null;
    }

    private static Dictionary<DateOnly, Reconciled> Of(IReadOnlyList<Reconciled> done, Dataset dataset) =>
        done.Where(d => d.Dataset == dataset && d.Healed.Count > 0).ToDictionary(d => d.Session);
}
