using DataMaintenance.Store;
using Market;
using static System.FormattableString;

namespace DataMaintenance.Pipeline.Checks;

/// <summary>Judges one session's slots, symbol by symbol as they come and then as a whole, mostly against the daily bars. Not thread-safe.</summary>
/// <param name="daily">Of the session; empty where none is known.</param>
/// <param name="close">The session's close, New York.</param>
internal sealed class SlotLook(DateOnly session, SlotGrid grid, IReadOnlyDictionary<Symbol, DailyBar> daily, TimeOnly close, IReadOnlyDictionary<Symbol, string?> exchanges)
{
    /// <summary>Daily shares from which a symbol's share is judged, and its place in the day is.</summary>
    public const double LiquidShares = 1_000_000, PlacedShares = 100_000;

    /// <summary>Recorded shares lie between 0.77 and 1.21: half and twice of any of them lie outside these.</summary>
    public const double LeastShare = 0.62, MostShare = 1.45;

    public const double MostGain = 0.15, MostDayGain = 0.10, UntoldShares = 10_000;

    private const int LeastPlacedSlots = 50, LeastDaySlots = 200, Sampled = 40, LeastSampledSlots = 5;

    private readonly int open = grid.SlotOf(TradingCalendar.RegularOpen), end = EndOf(grid, close);
    private readonly bool extended = grid == SlotGrid.Extended;
    private readonly List<(Symbol? Symbol, Breach Breach)> found = [];
    private readonly HashSet<Symbol> judged = [];
    private readonly DayProfile profile = new(), one = new();
    private readonly SlotPrices prices = new(grid.SlotOf(TradingCalendar.RegularOpen), EndOf(grid, close));
    private readonly SlotShares shares = new(exchanges);
    private readonly List<SlotDay> sample = [];
    private readonly Dictionary<Symbol, ulong> prints = [];
    private readonly List<(Symbol Symbol, double Shares)> untold = [];
    private long slotsSeen;

    public DateOnly Session => session;

    /// <summary>Whose slots were looked at.</summary>
    public IReadOnlySet<Symbol> Judged => judged;

    /// <summary>Whether enough was looked at to judge the session as a whole: four fifths of who has a daily bar, or anything without one.</summary>
    public bool IsWhole => judged.Count > 0 && daily.Values.Count(b => b.Volume > 0) is var traded && (traded == 0 || daily.Keys.Count(judged.Contains) >= 0.8 * traded);

    /// <summary>Some symbols with their slots, to hold against another session's.</summary>
    public IReadOnlyList<SlotDay> Sample => sample;

    /// <summary>Of everybody with several slots, to hold against another session's.</summary>
    public IReadOnlyDictionary<Symbol, ulong> Prints => prints;

    /// <summary>Who traded in slots and has no daily bar.</summary>
    public IReadOnlyList<(Symbol Symbol, double Shares)> Untold => untold;

    /// <summary>Parts of the day that are missing.</summary>
    public SlotHoles Holes { get; } = new(grid, grid.SlotOf(TradingCalendar.RegularOpen), EndOf(grid, close), close);

    /// <summary>How the slots' volume stands to the daily one; for people, after <see cref="Found"/>.</summary>
    public IReadOnlyList<string> Words => shares.Words;

    /// <summary>
    /// Who has lost a part of the day; where the session as a whole has a wrong share of its daily volume, everybody whose own share is wrong; where it
    /// has a hole, everybody.
    /// </summary>
    public IEnumerable<Symbol> Doubtful =>
        !IsWhole ? Holes.Lost.Symbols
        : Holes.OfDay() is not null ? judged
        : shares.OfDay().Any() ? shares.Outside.Concat(Holes.Lost.Symbols)
        : Holes.Lost.Symbols;

    public void Add(Symbol symbol, ReadOnlySpan<Slot> slots)
    {
        judged.Add(symbol);
        if (slots.IsEmpty) return;
        slotsSeen += slots.Length;
        if (slots.Length >= LeastSampledSlots) prints[symbol] = SlotPrint.Of(slots);
        if (sample.Count < Sampled && slots.Length >= LeastSampledSlots) sample.Add(new(symbol, session, slots.ToArray()));
        if (extended)
        {
            profile.Add(slots);
            Place(symbol, slots);
        }

        // The regular grid leaves out the hours around, so its share of the day says little.
        Holes.Add(symbol, slots, extended && daily.TryGetValue(symbol, out var known) && known.Volume >= PlacedShares ? known.Volume : 0);
        if (!daily.TryGetValue(symbol, out var bar) || !(bar.Volume > 0))
        {
            // Trades of extended hours alone make no daily bar.
            if (daily.Count > 0 && InSession(slots) is >= UntoldShares and var traded) untold.Add((symbol, traded));
            return;
        }

        if (extended) Share(bar, slots);
        if (prices.Add(bar, slots) is { } wrong) found.Add((symbol, wrong));
    }

    /// <summary>The findings of single symbols, and those of the day when it was looked at whole.</summary>
    public IEnumerable<(Symbol? Symbol, Breach Breach)> Found()
    {
        var all = found.Concat(Holes.Lost.Found(grid));
        return IsWhole ? all.Concat(OfDay().Select(b => ((Symbol?)null, b))) : all;
    }

    private void Share(in DailyBar bar, ReadOnlySpan<Slot> slots)
    {
        var share = slots[^1].Accumulated / bar.Volume;
        shares.Add(bar.Symbol, bar.Volume, share);
        if (bar.Volume >= LiquidShares && (share is < LeastShare or > MostShare))
            found.Add((bar.Symbol, Rules.Share.Breach(Invariant($"slots hold {share:0.00} of {bar.Volume:0} shares"), Invariant($"{LeastShare} to {MostShare}"))));
    }

    /// <summary>Shares from the open to the closing auction.</summary>
    private double InSession(ReadOnlySpan<Slot> slots)
    {
        var shares = 0.0;
        foreach (ref readonly var slot in slots)
            if (slot.Number >= open && slot.Number <= end) shares += slot.Volume;
        return shares;
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
        if (prices.OfDay() is { } apart) yield return apart;
        if (Holes.OfDay() is { } hole) yield return hole;
    }

    private static int EndOf(SlotGrid grid, TimeOnly close) => grid == SlotGrid.Regular && close == TradingCalendar.RegularClose ? grid.Count : grid.SlotOf(close);

    private static string Where(Displacement best) =>
        Invariant($"{best.Share:P0} of the volume lies in the session, {best.Displaced:P0} would with the day {Math.Abs(best.Hours)} h {(best.Hours > 0 ? "earlier" : "later")}");
}
