using System.Globalization;
using Market;
using static System.FormattableString;

namespace DataMaintenance.Pipeline.Checks;

/// <summary>
/// The slots' share of the daily volume in the median, by class of liquidity and by exchange. Never equality: volume-only trades make no
/// bar, and some daily volumes hold the regular session only.
/// </summary>
internal sealed class SlotShares(IReadOnlyDictionary<Symbol, string?> exchanges)
{
    public const int LeastSymbols = 8, LeastOfExchange = 20;
    private static readonly (string Name, double Least)[] Classes = [("1M shares and more", 1e6), ("100k to 1M", 1e5), ("10k to 100k", 1e4)];

    private readonly SortedDictionary<string, List<double>> byGroup = new(StringComparer.Ordinal);
    private readonly List<string> words = [];
    private readonly List<Symbol> outside = [];

    /// <summary>What was held against what, for people; after <see cref="OfDay"/>.</summary>
    public IReadOnlyList<string> Words => words;

    /// <summary>Symbols whose own share lies outside, however little they trade.</summary>
    public IReadOnlyList<Symbol> Outside => outside;

    public void Add(Symbol symbol, double volume, double share)
    {
        var index = Array.FindIndex(Classes, c => volume >= c.Least);
        if (index < 0) return;
        if (share is < SlotLook.LeastShare or > SlotLook.MostShare) outside.Add(symbol);
        Group($"{index} symbols with {Classes[index].Name}").Add(share);
        if (exchanges.GetValueOrDefault(symbol) is { } exchange) Group($"symbols of {exchange}").Add(share);

        List<double> Group(string name) => byGroup.TryGetValue(name, out var group) ? group : byGroup[name] = [];
    }

    public IEnumerable<Breach> OfDay()
    {
        words.Clear();
        var wrong = new List<string>();
        foreach (var (name, group) in byGroup)
        {
            var ofClass = char.IsDigit(name[0]);
            if (group.Count < (ofClass ? LeastSymbols : LeastOfExchange)) continue;
            group.Sort();
            var median = group[group.Count / 2];
            var text = string.Create(CultureInfo.InvariantCulture, $"{median:0.00} of the daily volume (median of {group.Count:N0} {(ofClass ? name[2..] : name)})");
            if (ofClass) words.Add($"slots hold {text}, {SlotLook.LeastShare} to {SlotLook.MostShare} expected");
            if (median is < SlotLook.LeastShare or > SlotLook.MostShare) wrong.Add(text);
        }

        if (wrong.Count > 0) yield return Rules.DayShare.Breach($"slots hold {string.Join(", ", wrong)}", Invariant($"{SlotLook.LeastShare} to {SlotLook.MostShare}"));
    }
}
