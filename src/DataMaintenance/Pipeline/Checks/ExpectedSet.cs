using DataMaintenance.Store;
using Market;
using static System.FormattableString;

namespace DataMaintenance.Pipeline.Checks;

/// <summary>
/// Who should be in a session by what traded before it, against who is. Expected is who traded in each of the last five sessions and is
/// not known to be delisted; liquid is who of these trades 10,000 shares in the median, in 200 trades where trades are told: the others skip
/// days, and are counted only.
/// </summary>
public sealed class ExpectedSet
{
    public const int Regular = 5;
    public const double LiquidShares = 10_000;

    /// <summary>A penny warrant trades ten thousand shares in a few bursts, and on many days not at all.</summary>
    public const double LiquidTrades = 200;

    /// <summary>Missing liquid symbols that ordinary halts, mergers and delistings explain: this many, or this share.</summary>
    public const int MostMissing = 10;
    public const double MostMissingShare = 0.01;

    private const int LeastTail = 10;

    private ExpectedSet(IReadOnlyList<ExpectedSymbol> expected, IReadOnlyList<ExpectedSymbol> missing, IReadOnlyList<Symbol> unknown) =>
        (Expected, Missing, Unknown) = (expected, missing, unknown);

    /// <summary>By symbol; empty while fewer than five sessions are known.</summary>
    public IReadOnlyList<ExpectedSymbol> Expected { get; }

    /// <summary>By symbol.</summary>
    public IReadOnlyList<ExpectedSymbol> Missing { get; }

    /// <summary>Present, without a bar in the sessions before, and not in the universe; by symbol.</summary>
    public IReadOnlyList<Symbol> Unknown { get; }

    public int LiquidMissing => Missing.Count(m => m.IsLiquid);

    /// <param name="history">The sessions before.</param>
    /// <param name="present">Who is there, rows that were refused included.</param>
    public static ExpectedSet Of(DateOnly session, BarHistory history, IReadOnlyDictionary<Symbol, UniverseEntry> universe, IReadOnlySet<Symbol> present)
    {
        if (history.Sessions.Count < Regular) return new([], [], []);
        var expected = new List<ExpectedSymbol>(history.Sessions.Count * 1_000);
        // A source that does not count trades writes none, or 1 in every row.
        var told = history.All.Any(static h => h.Value[0].Trades > 1);
        foreach (var (symbol, past) in history.All)
        {
            if (!history.InEachOf(past, Regular) || IsGone(universe.GetValueOrDefault(symbol), session)) continue;
            expected.Add(new(symbol, past.Median(static b => b.Volume), told ? past.Median(static b => b.Trades ?? 1) : null, past[0].Date));
        }

        expected.Sort(static (left, right) => left.Symbol.CompareTo(right.Symbol));
        var unknown = present.Where(s => history.Of(s) is null && !universe.ContainsKey(s)).Order().ToArray();
        return new(expected, [.. expected.Where(e => !present.Contains(e.Symbol))], unknown);
    }

    public IEnumerable<(Symbol? Symbol, Breach Breach)> Judge()
    {
        foreach (var missing in Missing.Where(m => m.IsLiquid))
            yield return (missing.Symbol, Rules.Missing.Breach("no bar", Invariant($"a bar: it traded in each of the {Regular} sessions up to {missing.LastSeen:yyyy-MM-dd}, {missing.Shares:0} shares{(missing.Trades is { } trades ? Invariant($" in {trades:0} trades") : "")} in the median")));
        var (liquid, lacking) = (Expected.Count(e => e.IsLiquid), LiquidMissing);
        if (lacking > Math.Max(MostMissing, MostMissingShare * liquid))
            yield return (null, Rules.MissingMany.Breach(Invariant($"{lacking:N0} of {liquid:N0} liquid symbols have no bar"), Invariant($"at most {Math.Max(MostMissing, MostMissingShare * liquid):0}")));
        if (Tail() is { } tail)
            yield return (null, Rules.TailMissing.Breach(Invariant($"nobody from {tail.First.Text} on, {tail.Count:N0} symbols"), "symbols up to the end of the alphabet"));
        if (Unknown.Count == 0 || Missing.Count == 0) yield break;
        var lost = Missing.ToLookup(m => m.Symbol.Text, StringComparer.OrdinalIgnoreCase);
        foreach (var stranger in Unknown)
            foreach (var twin in lost[stranger.Text].Take(1))
                yield return (stranger, Rules.Case.Breach(stranger.Text, Invariant($"{twin.Symbol.Text}, which is missing")));
    }

    private (Symbol First, int Count)? Tail()
    {
        var missing = Missing.Select(m => m.Symbol).ToHashSet();
        var at = Expected.Count;
        while (at > 0 && missing.Contains(Expected[at - 1].Symbol)) at--;
        return Expected.Count - at >= LeastTail ? (Expected[at].Symbol, Expected.Count - at) : null;
    }

    private static bool IsGone(UniverseEntry? entry, DateOnly session) =>
        entry is not null && (entry.DelistedOn <= session || (!entry.IsActive && entry.LastSeen < session));
}

/// <param name="Shares">A day, in the median.</param>
/// <param name="Trades">A day, in the median; null where they are not told.</param>
/// <param name="LastSeen">The session of its newest bar.</param>
public sealed record ExpectedSymbol(Symbol Symbol, double Shares, double? Trades, DateOnly LastSeen)
{
    public bool IsLiquid => Shares >= ExpectedSet.LiquidShares && Trades is null or >= ExpectedSet.LiquidTrades;
}
