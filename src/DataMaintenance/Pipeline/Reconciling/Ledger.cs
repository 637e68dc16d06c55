using System.Globalization;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Reconciling;

/// <summary>Turns changes into rows of the ledger, and into one line for people.</summary>
internal static class Ledger
{
    /// <param name="oldSource">Who said what is stored of a symbol.</param>
    public static IReadOnlyList<Revision> Of(RunContext run, Dataset dataset, DateOnly session, IReadOnlyList<FieldChange> changes, Func<Symbol, string> oldSource, string newSource, DateTimeOffset at) =>
        [.. changes.Select(c => new Revision(dataset, session, c.Symbol, c.Slot, c.Field, c.Kind, c.Old, c.New, oldSource(c.Symbol), newSource, at, run.RunId))];

    public static IReadOnlySet<Symbol> Symbols(IReadOnlyList<FieldChange> changes) => changes.Select(c => c.Symbol).ToHashSet();

    /// <summary><c>volume 12, trades_count 11, vanished 7</c>.</summary>
    public static string Summary(IReadOnlyList<FieldChange> changes) => string.Join(", ",
        changes.GroupBy(c => c.Kind == RevisionKind.Changed ? c.Field : $"{c.Kind.ToString().ToLowerInvariant()} figures")
            .OrderByDescending(g => g.Count()).Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Key} {g.Count():N0}")));

    /// <summary>The first change, for people: <c>AAPL volume 10 → 12</c>.</summary>
    public static string First(FieldChange change) => string.Create(CultureInfo.InvariantCulture,
        $"{change.Symbol} {(change.Slot is { } slot ? $"slot {slot} " : "")}{change.Field} {Text(change.Old)} → {Text(change.New)}");

    private static string Text(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "none";
}
