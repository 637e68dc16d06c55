using System.Collections.Frozen;
using DataMaintenance.Provider;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Checks;

/// <summary>Judges one session's bars, as they came, against the sessions before it; one pass over what is in memory.</summary>
internal sealed class DailyLook(BarHistory history, FrozenDictionary<Symbol, Adjustment> adjustments, IReadOnlyDictionary<Symbol, UniverseEntry> universe)
{
    private static readonly FrozenSet<string> NoTickers = new[] { "nan", "NaN", "None", "none", "null", "undefined", "inf", "-inf", "Inf", "N/A", "#N/A", "<NA>", "NaT" }.ToFrozenSet(StringComparer.Ordinal);

    private readonly Dictionary<Symbol, string?> exchanges = universe.Values.Where(e => e.Exchange is not null).ToDictionary(e => e.Symbol, e => e.Exchange);

    public DailyVerdict Judge(DailyReply reply, bool half)
    {
        var found = new List<(Symbol? Symbol, Breach Breach)>();
        var good = new List<DailyBar>(reply.Bars.Count);
        var present = new HashSet<Symbol>(reply.Bars.Count);
        var repeats = new Repeats();
        var (volumes, move) = (new VolumeRules(exchanges), new MarketMove());
        foreach (var bar in reply.Bars)
        {
            if (NoTickers.Contains(bar.Symbol.Text))
            {
                found.Add((bar.Symbol, Rules.Find("daily.not_a_ticker")!.Breach(bar.Symbol.Text, "a ticker")));
                continue;
            }

            present.Add(bar.Symbol);
            if (BarChecks.Of(bar).Where(b => b.Severity == Severity.Error).ToArray() is { Length: > 0 } impossible)
            {
                found.AddRange(impossible.Select(b => ((Symbol?)bar.Symbol, b)));
                continue;
            }

            good.Add(bar);
            Look(bar, found, repeats, volumes, move);
        }

        var held = good.Select(b => b.Symbol).ToHashSet();
        foreach (var row in reply.Rejected)
        {
            Symbol? symbol = Symbol.IsValid(row.Symbol) ? new Symbol(row.Symbol) : null;
            if (symbol is { } named) present.Add(named);
            // What is there in another, good row has lost nothing.
            var severity = symbol is null || !held.Contains(symbol.Value) ? Rules.Find(row.Rule)?.Severity ?? Severity.Error : Severity.Warning;
            found.Add((symbol, new(row.Rule, severity, row.Value, row.Expectation)));
        }

        var expected = ExpectedSet.Of(reply.Date, history, universe, present);
        found.AddRange(expected.Judge());
        if (repeats.OfDay() is { } repeated) found.Add((null, repeated));
        if (move.OfDay() is { } moved) found.Add((null, moved));
        found.AddRange(volumes.OfDay(half).Select(b => ((Symbol?)null, b)));
        return new(reply.Date, good, found, expected, repeats.IsWhole)
        {
            Lost = [.. found.Where(f => f.Symbol is { } s && f.Breach.Severity == Severity.Error && IsRefusal(f.Breach.Rule) && !held.Contains(s)).Select(f => f.Symbol!.Value).Distinct()],
            Refused = [.. found.Where(f => IsRefusal(f.Breach.Rule))],
            Silent = [.. expected.Missing.Select(m => m.Symbol).Union(universe.Values.Where(e => e.IsActive && e.FirstSeen <= reply.Date && !present.Contains(e.Symbol)).Select(e => e.Symbol))],
        };
    }

    private void Look(in DailyBar bar, List<(Symbol?, Breach)> found, Repeats repeats, VolumeRules volumes, MarketMove move)
    {
        if (PriceRules.Vwap(bar) is { } vwap) found.Add((bar.Symbol, vwap));
        if (PriceRules.Spike(bar) is { } spike) found.Add((bar.Symbol, spike));
        if (history.Of(bar.Symbol) is not { } past) return;
        var adjustment = adjustments.GetValueOrDefault(bar.Symbol);
        if (PriceRules.Absurd(bar, past, adjustment) is { } absurd) found.Add((bar.Symbol, absurd));
        if (repeats.Look(bar, past) is { } repeated) found.Add((bar.Symbol, repeated));
        if (PriceRules.Flat(bar, past) is { } flat) found.Add((bar.Symbol, flat));
        if (VolumeRules.None(bar, past) is { } none) found.Add((bar.Symbol, none));
        volumes.Look(bar, past, adjustment);
        move.Look(bar, past, adjustment);
    }

    private static bool IsRefusal(string rule) => Refusals.Contains(rule) || Rules.Find(rule) is null;

    private static readonly FrozenSet<string> Refusals = Rules.Refused.Select(r => r.Name).ToFrozenSet(StringComparer.Ordinal);
}

/// <param name="Good">What may be stored.</param>
/// <param name="Found">A null symbol: of the whole day.</param>
/// <param name="IsOld">The file is an earlier session's; nothing of it is to be taken.</param>
internal sealed record DailyVerdict(DateOnly Session, IReadOnlyList<DailyBar> Good, IReadOnlyList<(Symbol? Symbol, Breach Breach)> Found, ExpectedSet Expected, bool IsOld)
{
    /// <summary>Who was sent, only wrongly, and has no bar by it.</summary>
    public required IReadOnlyList<Symbol> Lost { get; init; }

    /// <summary>Who is known by then and active, or traded every day before, and is told of in no row: as far as this reply goes, it did not trade.</summary>
    public required IReadOnlyList<Symbol> Silent { get; init; }

    /// <summary>Rows that are not stored.</summary>
    public required IReadOnlyList<(Symbol? Symbol, Breach Breach)> Refused { get; init; }

    public IEnumerable<Finding> Findings(DateTimeOffset at) =>
        Found.Select(f => new Finding(0, Rules.Daily, Session, f.Symbol, f.Breach.Rule, f.Breach.Severity, f.Breach.Value, f.Breach.Expectation, FindingState.Open, at, null));
}
