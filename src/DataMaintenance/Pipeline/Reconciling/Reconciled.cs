using System.Globalization;
using DataMaintenance.Provider;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Reconciling;

/// <summary>What became of one session of one dataset.</summary>
/// <param name="Symbols">Those revised, whose derived values are stale by it.</param>
/// <param name="Compared">Symbols stored; 0 when nothing was compared.</param>
internal sealed record Reconciled(DateOnly Session, Dataset Dataset, IReadOnlySet<Symbol> Symbols, int Compared)
{
    /// <summary>Whose rows were written or removed: those revised, and those only completed.</summary>
    public IReadOnlySet<Symbol> Healed { get; init; } = new HashSet<Symbol>();

    /// <summary>Rows of what was told that were refused.</summary>
    public IReadOnlyList<RejectedRow> Refused { get; init; } = [];

    public static Reconciled Nothing(DateOnly session, Dataset dataset) => new(session, dataset, new HashSet<Symbol>(), 0);

    public double Share => Compared == 0 ? 0 : (double)Symbols.Count / Compared;
}

/// <summary>The findings of a comparison: one of each rule and session, healed as soon as a later comparison does not find it.</summary>
internal sealed class ReconcileFindings(IStore store, TimeProvider clock)
{
    /// <summary>A reply that was not believed.</summary>
    public Task SuspiciousAsync(Dataset dataset, DateOnly session, string? why, CancellationToken ct) =>
        SaveAsync(dataset, session, $"{Word(dataset)}_suspicious", Severity.Error, why, "a reply close to what is stored", ct);

    /// <summary>More revised than on other mornings.</summary>
    public Task UnusualAsync(Reconciled done, ReconcileOptions options, CancellationToken ct) =>
        SaveAsync(done.Dataset, done.Session, $"{Word(done.Dataset)}_unusual", Severity.Warning,
            done.Share > options.UnusualShare && done.Compared > 0 ? string.Create(CultureInfo.InvariantCulture, $"{done.Symbols.Count:N0} of {done.Compared:N0} symbols revised") : null,
            string.Create(CultureInfo.InvariantCulture, $"at most {options.UnusualShare:P0} of the symbols"), ct);

    /// <summary>Two outlets of the provider that say different things at the same time.</summary>
    public Task DisagreeAsync(DateOnly session, string? what, CancellationToken ct) =>
        SaveAsync(Dataset.Daily, session, "sources_disagree", Severity.Warning, what, "the day file and the grouped reply agree", ct);

    /// <summary>Rows of the reply that were refused; what is stored of those symbols stays.</summary>
    public async Task RefusedAsync(DateOnly session, IReadOnlyList<(Symbol Symbol, string Rule, string Value, string Expectation)> refused, CancellationToken ct)
    {
        var at = clock.GetUtcNow();
        await store.SaveFindingsAsync("reconcile.daily_refused", session,
            [.. refused.Select(r => new Finding(0, "daily", session, r.Symbol, "reconcile.daily_refused", Severity.Error, $"{r.Rule}: {r.Value}", r.Expectation, FindingState.Open, at, null))], at, ct);
    }

    private async Task SaveAsync(Dataset dataset, DateOnly session, string what, Severity severity, string? value, string expectation, CancellationToken ct)
    {
        var (rule, at) = ($"reconcile.{what}", clock.GetUtcNow());
        await store.SaveFindingsAsync(rule, session, value is null ? [] : [new Finding(0, Word(dataset), session, null, rule, severity, value, expectation, FindingState.Open, at, null)], at, ct);
    }

    private static string Word(Dataset dataset) => dataset.ToString().ToLowerInvariant();
}
