using System.Globalization;
using Market;

namespace DataMaintenance.Provider;

/// <summary>
/// Takes the rows of one session, from either source, and judges each: a symbol's name, the day, the numbers, duplicates. Of two
/// different rows of one symbol the one with the larger volume is kept (the first, when equal); identical ones are one.
/// </summary>
internal sealed class DailyIntake(DateOnly date, SymbolPool symbols, string endpoint)
{
    private readonly NewYorkDay day = new(date);
    private readonly List<DailyBar> bars = new(13_000);
    private readonly Dictionary<Symbol, int> places = new(13_000);
    private readonly Rejections rejections = new(perRule: int.MaxValue);
    private long rows;
    private long ofOtherDays;
    private DateOnly? otherDay;
    private bool severalOtherDays;

    /// <param name="t">The row's stamp, Unix milliseconds.</param>
    public void Add(ReadOnlySpan<byte> ticker, long t, double open, double high, double low, double close, double volume, double? vwap, long? trades)
    {
        rows++;
        if (!symbols.TryGet(ticker, out var symbol))
        {
            rejections.Add(Rejections.Printable(ticker), "daily.symbol", Rejections.Printable(ticker), $"1 to {Symbol.MaxLength} printable ASCII characters");
            return;
        }
        if (!Stamp.IsDaily(t, day))
        {
            RejectDay(symbol, t);
            return;
        }
        if (!Plausible.Prices(open, high, low, close) || (vwap is { } average && !Plausible.Price(average)))
            Reject(symbol, "daily.price", Invariant($"open {open}, high {high}, low {low}, close {close}, vwap {vwap}"), Plausible.PriceText);
        else if (!Plausible.Volume(volume))
            Reject(symbol, "daily.volume", Invariant($"{volume}"), Plausible.VolumeText);
        else if (trades < 0)
            Reject(symbol, "daily.trades", Invariant($"{trades}"), Plausible.TradesText);
        else
            Keep(new DailyBar(symbol, date, open, high, low, close, volume, vwap, trades));
    }

    /// <exception cref="ProviderException">Every row is of one other day.</exception>
    public DailyReply ToReply(string source)
    {
        if (rows > 0 && ofOtherDays == rows && !severalOtherDays)
        {
            throw new ProviderException(ProviderFault.Nonsense, endpoint,
                Invariant($"all {rows} rows are of {otherDay:O}, expected {date:O}; nothing of it was taken."));
        }
        bars.Sort(static (left, right) => left.Symbol.CompareTo(right.Symbol));
        return new DailyReply(date, bars, rejections.ToRows(), source);
    }

    private void Keep(in DailyBar bar)
    {
        if (places.TryAdd(bar.Symbol, bars.Count))
        {
            bars.Add(bar);
            return;
        }
        var place = places[bar.Symbol];
        var known = bars[place];
        if (known == bar) return;
        var (kept, refused) = bar.Volume > known.Volume ? (bar, known) : (known, bar);
        bars[place] = kept;
        Reject(bar.Symbol, "daily.duplicate", Invariant($"close {refused.Close}, volume {refused.Volume}"),
            Invariant($"one row per symbol; kept close {kept.Close}, volume {kept.Volume}"));
    }

    private void RejectDay(Symbol symbol, long t)
    {
        ofOtherDays++;
        var other = Stamp.DateOf(t);
        severalOtherDays |= other is null || other == date || (otherDay ?? other) != other;
        otherDay ??= other;
        Reject(symbol, "daily.wrong_day", Stamp.Text(t), Invariant($"00:00 or the close of {date:O} in New York"));
    }

    private void Reject(Symbol symbol, string rule, string value, string expectation) => rejections.Add(symbol.Text, rule, value, expectation);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
