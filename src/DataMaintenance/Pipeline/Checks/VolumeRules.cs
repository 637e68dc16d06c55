using Market;
using static System.FormattableString;

namespace DataMaintenance.Pipeline.Checks;

/// <summary>
/// Volumes against the symbols' own recent ones. A single symbol's say nothing, they double on any news; the whole market's, an
/// exchange's and the size of trades do.
/// </summary>
internal sealed class VolumeRules(IReadOnlyDictionary<Symbol, string?> exchanges)
{
    public const double LeastShares = 10_000;

    /// <summary>In logarithms: ln 2 is 0.69, and an ordinary day lies 0.2 to either side.</summary>
    public const double Moved = 0.5, LowestTenth = -0.15, WidestSpread = 1.55, Apart = 0.5, PerTradeMoved = 0.55, PerTradeTenth = 0.25;

    /// <summary>The quietest whole day of 2016 lies at 0.81 times the usual, its highest tenth at 1.62.</summary>
    public const double Fallen = -1.1, HighestTenth = -0.4;

    public const int LeastSymbols = 100;

    private const int LeastBars = 5;
    private const long LeastTrades = 50;

    private readonly List<double> all = [], perTrade = [];
    private readonly Dictionary<string, List<double>> byExchange = new(StringComparer.Ordinal);

    /// <summary>A bar without a share, of a symbol that trades.</summary>
    public static Breach? None(in DailyBar bar, BarHistory.Past past) =>
        bar.Volume == 0 && past.Count >= LeastBars && past.Median(static b => b.Volume) is >= LeastShares and var usual ? Rules.NoVolume.Breach("0 shares", Invariant($"about {usual:0}")) : null;

    public void Look(in DailyBar bar, BarHistory.Past past, Adjustment? adjustment)
    {
        if (past.Count < LeastBars || !(bar.Volume > 0)) return;
        var factor = adjustment?.FactorBetween(past[0].Date, bar.Date) ?? 1;
        var usual = past.Median(static b => b.Volume) / factor;
        if (usual < LeastShares) return;
        var ratio = Math.Log(bar.Volume / usual);
        all.Add(ratio);
        if (exchanges.GetValueOrDefault(bar.Symbol) is { } exchange)
        {
            if (!byExchange.TryGetValue(exchange, out var ofExchange)) byExchange[exchange] = ofExchange = [];
            ofExchange.Add(ratio);
        }

        if (bar.Trades is >= LeastTrades and { } trades && past.Median(static b => b.Trades ?? 0) >= LeastTrades)
            perTrade.Add(Math.Log(bar.Volume / trades / (past.Median(static b => b.Trades > 0 ? b.Volume / b.Trades.Value : 0) / factor)));
    }

    /// <param name="half">On half days the market as a whole is not judged: it trades half by itself.</param>
    public IEnumerable<Breach> OfDay(bool half)
    {
        var market = Spread.Of(all);
        if (!half && market.Count >= LeastSymbols && market.Median >= Moved && market.Low >= LowestTenth && market.Width <= WidestSpread)
            yield return Rules.MarketVolume.Breach(Invariant($"{Math.Exp(market.Median):0.00} times the usual volume, nine tenths of {market.Count:N0} symbols above {Math.Exp(market.Low):0.00}, spread {market.Width:0.00}"), Invariant($"below {Math.Exp(Moved):0.00}, or wider spread than {WidestSpread}"));
        if (!half && market.Count >= LeastSymbols && market.Median <= Fallen && market.High <= HighestTenth)
            yield return Rules.MarketVolume.Breach(Invariant($"{Math.Exp(market.Median):0.000} times the usual volume, nine tenths of {market.Count:N0} symbols below {Math.Exp(market.High):0.000}"), Invariant($"above {Math.Exp(Fallen):0.00}"));
        var size = Spread.Of(perTrade);
        if (size.Count >= LeastSymbols && size.Median >= PerTradeMoved && size.Low >= PerTradeTenth)
            yield return Rules.VolumePerTrade.Breach(Invariant($"{Math.Exp(size.Median):0.00} times the usual shares a trade, {size.Count:N0} symbols"), Invariant($"below {Math.Exp(PerTradeMoved):0.00}"));
        foreach (var (exchange, ratios) in byExchange.Where(e => e.Value.Count >= LeastSymbols).OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            var (own, others) = (Spread.Of(ratios), Spread.Of([.. byExchange.Where(e => e.Key != exchange).SelectMany(e => e.Value)]));
            if (others.Count >= LeastSymbols && own.Median - others.Median >= Apart)
                yield return Rules.ExchangeVolume.Breach(Invariant($"{exchange}: {Math.Exp(own.Median):0.00} times the usual volume, the others {Math.Exp(others.Median):0.00}"), Invariant($"less than {Math.Exp(Apart):0.00} times apart"));
        }
    }
}
