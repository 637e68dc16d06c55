namespace DataMaintenance.Store;

/// <summary>Rows that were not brought and values that were not brought as they are, by what they are and why, with the first few named.</summary>
public sealed class LegacyLeftOut
{
    private const int MostNamed = 5;
    private readonly Dictionary<(string What, string Why), Entry> entries = [], values = [];

    /// <param name="What">bars, slots, tickers; of values, the column.</param>
    /// <param name="Rows">Rows, or values.</param>
    public sealed record Entry(string What, string Why, long Rows, IReadOnlyList<string> Examples);

    public IReadOnlyList<Entry> Entries => Sorted(entries);

    /// <summary>Odd values of rows that were brought, and what became of them.</summary>
    public IReadOnlyList<Entry> Values => Sorted(values);

    public void Add(string what, string why, string example, long rows = 1) => Add(entries, what, why, example, rows);

    /// <param name="column">As theirs names it: <c>tickers_unified.list_date</c>.</param>
    public void AddValue(string column, string why, string example) => Add(values, column, why, example, 1);

    private static Entry[] Sorted(Dictionary<(string What, string Why), Entry> entries) => [.. entries.Values.OrderBy(e => e.What, StringComparer.Ordinal).ThenBy(e => e.Why, StringComparer.Ordinal)];

    private static void Add(Dictionary<(string What, string Why), Entry> entries, string what, string why, string example, long rows)
    {
        var known = entries.GetValueOrDefault((what, why)) ?? new(what, why, 0, []);
        entries[(what, why)] = known with { Rows = known.Rows + rows, Examples = known.Examples.Count < MostNamed ? [.. known.Examples, example] : known.Examples };
    }
}
