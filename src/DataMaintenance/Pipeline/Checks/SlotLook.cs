using DataMaintenance.Store;
using Market;
using static System.FormattableString;

namespace DataMaintenance.Pipeline.Checks;

/// <summary>Judges one session's slots, symbol by symbol as they come and then as a whole, mostly against the daily bars. Not thread-safe.</summary>
/// <param name="daily">Of the session; empty where none is known.</param>
/// <param name="close">The session's close, New York.</param>
internal sealed class SlotLook(DateOnly session, SlotGrid grid, IReadOnlyDictionary<Symbol, DailyBar> daily, TimeOnly close, IReadOnlyDictionary<Symbol, string?> exchanges)
{
    /// <summary>Daily shares from which a symbol's share is judged, its prices are, and its place in the day is.</summary>
    public const double LiquidShares = 1_000_000, PricedShares = 10_000, PlacedShares = 100_000;

    /// <summary>Recorded shares lie between 0.77 and 1.21: half and twice of any of them lie outside these.</summary>
    public const double LeastShare = 0.62, MostShare = 1.45;

    /// <summary>How far outside the daily range a mean price is rounding, and which share of the volume may lie there.</summary>
    public const double PriceRounding = 0.005, MostOutside = 0.05;

    public const double MostGain = 0.15, MostDayGain = 0.10, LeastHeld = 0.3, MostCloseApart = 0.005, UntoldShares = 10_000;

    private const int LeastPricedSlots = 3, LeastPlacedSlots = 50, LeastDaySlots = 200, LeastHoleSymbols = 10, LeastCloses = 8, CloseSlots = 3, Sampled = 40, LeastSampledSlots = 5;

    private readonly int open = grid.SlotOf(TradingCalendar.RegularOpen), end = grid == SlotGrid.Regular && close == TradingCalendar.RegularClose ? grid.Count : grid.SlotOf(close);
    private readonly bool extended = grid == SlotGrid.Extended;
    private readonly List<(Symbol? Symbol, Breach Breach)> found = [];
    private readonly HashSet<Symbol> judged = [];
    private readonly DayProfile profile = new(), one = new();
    private readonly int[] trading = new int[grid.Count];
    private readonly List<double> closes = [];
    private readonly SlotShares shares = new(exchanges);
    private readonly List<SlotDay> sample = [];
    private readonly List<(Symbol Symbol, double Shares)> untold = [];
    private long slotsSeen;

    public DateOnly Session => session;

    /// <summary>Whose slots were looked at.</summary>
    public IReadOnlySet<Symbol> Judged => judged;

    /// <summary>Whether enough was looked at to judge the session as a whole: four fifths of who has a daily bar, or anything without one.</summary>
    public bool IsWhole => judged.Count > 0 && daily.Values.Count(b => b.Volume > 0) is var traded && (traded == 0 || daily.Keys.Count(judged.Contains) >= 0.8 * traded);

    /// <summary>Some symbols with their slots, to hold against another session's.</summary>
    public IReadOnlyList<SlotDay> Sample => sample;

    /// <summary>Who traded in slots and has no daily bar.</summary>
    public IReadOnlyList<(Symbol Symbol, double Shares)> Untold => untold;

    /// <summary>How the slots' volume stands to the daily one; for people, after <see cref="Found"/>.</summary>
    public IReadOnlyList<string> Words => shares.Words;

    /// <summary>Where the session as a whole has a wrong share of its daily volume: everybody whose own share is wrong.</summary>
    public IReadOnlyList<Symbol> Doubtful => IsWhole && shares.OfDay().Any() ? shares.Outside : [];

    public void Add(Symbol symbol, ReadOnlySpan<Slot> slots)
    {
        judged.Add(symbol);
        if (slots.IsEmpty) return;
        slotsSeen += slots.Length;
        foreach (ref readonly var slot in slots)
            if ((uint)slot.Number < (uint)trading.Length) trading[slot.Number]++;
        if (sample.Count < Sampled && slots.Length >= LeastSampledSlots) sample.Add(new(symbol, session, slots.ToArray()));
        if (extended)
        {
            profile.Add(slots);
            Place(symbol, slots);
        }

        if (!daily.TryGetValue(symbol, out var bar) || !(bar.Volume > 0))
        {
            if (daily.Count > 0 && slots[^1].Accumulated >= UntoldShares) untold.Add((symbol, slots[^1].Accumulated));
            return;
        }

        if (extended) Share(bar, slots);
        Prices(bar, slots);
    }

    /// <summary>The findings of single symbols, and those of the day when it was looked at whole.</summary>
    public IEnumerable<(Symbol? Symbol, Breach Breach)> Found() => IsWhole ? found.Concat(OfDay().Select(b => ((Symbol?)null, b))) : found;

    private void Share(in DailyBar bar, ReadOnlySpan<Slot> slots)
    {
        var share = slots[^1].Accumulated / bar.Volume;
        shares.Add(bar.Symbol, bar.Volume, share);
        if (bar.Volume >= LiquidShares && (share is < LeastShare or > MostShare))
            found.Add((bar.Symbol, Rules.Share.Breach(Invariant($"slots hold {share:0.00} of {bar.Volume:0} shares"), Invariant($"{LeastShare} to {MostShare}"))));
    }

    private void Prices(in DailyBar bar, ReadOnlySpan<Slot> slots)
    {
        var (volume, outside, count) = (0.0, 0.0, 0);
        double? last = null;
        foreach (ref readonly var slot in slots)
        {
            if (slot.Number < open || slot.Number >= end || slot.AveragePrice is not { } price) continue;
            count++;
            volume += slot.Volume;
            if (price < bar.Low * (1 - PriceRounding) || price > bar.High * (1 + PriceRounding)) outside += slot.Volume;
            if (slot.Number >= end - CloseSlots) last = price;
        }

        if (bar.Volume >= PlacedShares && last is { } at) closes.Add(Math.Abs((at / bar.Close) - 1));
        if (count >= LeastPricedSlots && bar.Volume >= PricedShares && outside > MostOutside * volume)
            found.Add((bar.Symbol, Rules.Price.Breach(Invariant($"{outside / volume:P0} of the session's volume at prices outside"), Invariant($"low {bar.Low} to high {bar.High}"))));
    }

    private void Place(Symbol symbol, ReadOnlySpan<Slot> slots)
    {
        if (slots.Length < LeastPlacedSlots || slots[^1].Accumulated < PlacedShares) return;
        one.Clear();
        one.Add(slots);
        var best = one.Best(close);
        if (best.Gain >= MostGain && best.DisplacedOpening > 2 * best.Opening) found.Add((symbol, Rules.Shifted.Breach(Where(best), "most of it between the open and the close")));
    }

    private IEnumerable<Breach> OfDay()
    {
        if (extended && slotsSeen >= LeastDaySlots && profile.Best(close) is { Gain: >= MostDayGain } best)
            yield return Rules.DayShifted.Breach(Where(best), "most of it between the open and the close");
        foreach (var breach in shares.OfDay()) yield return breach;
        closes.Sort();
        if (closes.Count >= LeastCloses && closes[closes.Count / 2] > MostCloseApart)
            yield return Rules.DayClose.Breach(Invariant($"{closes[closes.Count / 2]:P2} apart in the median of {closes.Count:N0} symbols"), Invariant($"at most {MostCloseApart:P1}"));
        var regular = trading[open..end];
        var middle = regular.Order().ElementAt(regular.Length / 2);
        int[] holes = [.. Enumerable.Range(open, regular.Length).Where(s => trading[s] < LeastHeld * middle)];
        if (middle >= LeastHoleSymbols && holes.Length > 0)
            yield return Rules.Hole.Breach(Invariant($"{holes.Length} slots from {grid.TimeOf(holes[0]):HH\\:mm} on in which {trading[holes[0]]:N0} symbols trade"), Invariant($"at least {LeastHeld:P0} of {middle:N0}"));
    }

    private static string Where(Displacement best) =>
        Invariant($"{best.Share:P0} of the volume lies in the session, {best.Displaced:P0} would with the day {Math.Abs(best.Hours)} h {(best.Hours > 0 ? "earlier" : "later")}");
}
