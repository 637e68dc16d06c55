namespace DataMaintenance.Store;

/// <summary>Rows that were not brought, by what they are and why, with the first few named.</summary>
public sealed class LegacyLeftOut
{
    private const int MostNamed = 5;
    private readonly Dictionary<(string What, string Why), Entry> entries = [];

    /// <param name="What">bars, slots, tickers.</param>
    public sealed record Entry(string What, string Why, long Rows, IReadOnlyList<string> Examples);

    public IReadOnlyList<Entry> Entries => [.. entries.Values.OrderBy(e => e.What, StringComparer.Ordinal).ThenBy(e => e.Why, StringComparer.Ordinal)];

    public void Add(string what, string why, string example, long rows = 1)
    {
        var known = entries.GetValueOrDefault((what, why)) ?? new(what, why, 0, []);
        entries[(what, why)] = known with { Rows = known.Rows + rows, Examples = known.Examples.Count < MostNamed ? [.. known.Examples, example] : known.Examples };
    }
}
