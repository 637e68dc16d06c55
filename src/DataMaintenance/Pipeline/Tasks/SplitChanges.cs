using System.Globalization;
using DataMaintenance.Provider;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>The provider's whole list of splits against what is known: added, changed, withdrawn, listed twice, still to come.</summary>
internal sealed class SplitChanges
{
    /// <summary>Two listings of one ratio this near to each other are taken for one split listed twice.</summary>
    private const int NearDays = 7;

    private SplitChanges(IReadOnlyList<StoredSplit> known, IReadOnlyList<ListedSplit> listed, DateOnly session)
    {
        var (before, now) = (known.ToDictionary(s => s.Split), listed.DistinctBy(l => l.Split).ToDictionary(l => l.Split));
        Withdrawn = [.. known.Where(s => !s.Withdrawn && !now.ContainsKey(s.Split)).Select(s => s.Split)];
        Added = [.. now.Keys.Where(s => !before.TryGetValue(s, out var known) || known.Withdrawn)];
        Changed = [.. Added.SelectMany(a => Withdrawn.Where(w => IsSame(before[w], now[a])).Take(1).Select(w => (w, a)))];
        Coming = [.. now.Keys.Where(s => s.ExecutionDate > session)];
        Twice = [.. now.Keys.GroupBy(s => s.Symbol).SelectMany(Pairs)];
    }

    public IReadOnlyList<Split> Added { get; }
    public IReadOnlyList<Split> Withdrawn { get; }

    /// <summary>Withdrawn and added again with another date or ratio, under the same id of the provider or nearly the same date.</summary>
    public IReadOnlyList<(Split Before, Split Now)> Changed { get; }

    /// <summary>Announced, executed after the session.</summary>
    public IReadOnlyList<Split> Coming { get; }

    /// <summary>Listings that look like one split listed twice: of one symbol, at most a week apart. The prices decide which of them adjusts.</summary>
    public IReadOnlyList<(Split First, Split Second)> Twice { get; }

    public static SplitChanges Of(IReadOnlyList<StoredSplit> known, IReadOnlyList<ListedSplit> listed, DateOnly session) => new(known, listed, session);

    public static string Text(Split split) => string.Create(CultureInfo.InvariantCulture, $"{split.Symbol} {split.ExecutionDate:yyyy-MM-dd} {split.From} to {split.To}");

    private static bool IsSame(StoredSplit before, ListedSplit now) => before.Split.Symbol == now.Split.Symbol
        && ((now.ProviderId is not null && now.ProviderId == before.ProviderId) || Near(before.Split, now.Split));

    private static bool Near(Split one, Split other) => Math.Abs(one.ExecutionDate.DayNumber - other.ExecutionDate.DayNumber) <= NearDays;

    private static IEnumerable<(Split, Split)> Pairs(IGrouping<Symbol, Split> ofSymbol)
    {
        var ordered = ofSymbol.OrderBy(s => s.ExecutionDate).ThenBy(s => s.From).ThenBy(s => s.To).ToArray();
        for (var i = 1; i < ordered.Length; i++)
            if (Near(ordered[i - 1], ordered[i])) yield return (ordered[i - 1], ordered[i]);
    }
}
