using DataMaintenance.Provider;
using Market;

namespace DataMaintenance.Tests.Pipeline.Checks;

/// <summary>
/// A sound market made up on the spot: 240 liquid symbols on two exchanges and 20 thin ones, the same numbers every time. A test spoils what it hands over.
/// </summary>
internal sealed class MadeMarket : IMarketSource
{
    private const int Liquid = 240, Thin = 20;
    private static readonly int Open = SlotGrid.Extended.SlotOf(new(9, 30));

    public static readonly Symbol[] Symbols = [.. Enumerable.Range(0, Liquid + Thin).Select(i => new Symbol(i < Liquid ? $"{(char)('A' + (i / 10))}{(char)('A' + (i % 10))}L" : $"Z{(char)('A' + i - Liquid)}Q"))];

    /// <summary>Spoils a session's bars; called with the sound ones.</summary>
    public Dictionary<DateOnly, Func<IReadOnlyList<DailyBar>, IEnumerable<DailyBar>>> Bars { get; } = [];

    /// <summary>Spoils a symbol's slots of a session.</summary>
    public Dictionary<DateOnly, Func<Symbol, Slot[], Slot[]>> Slots { get; } = [];

    public List<RejectedRow> Rejected { get; } = [];
    public List<ListedSplit> Splits { get; } = [];
    public HashSet<Symbol> Delisted { get; } = [];
    public HashSet<Symbol> Unlisted { get; } = [];
    public int Asked { get; private set; }

    public Task PingAsync(CancellationToken ct) => Task.CompletedTask;

    public string Name => "made";
    public string SlotsSource => "made:range";
    public bool AsksBySymbol => true;
    public int FilesAtOnce => 1;

    public static DailyBar Bar(Symbol symbol, DateOnly date)
    {
        var i = Array.IndexOf(Symbols, symbol);
        var price = 20 + (i % 37) + Noise(i, date, 1);
        var (open, close) = (Math.Round(price + (0.4 * Noise(i, date, 2)), 2), Math.Round(price + (0.4 * Noise(i, date, 3)), 2));
        var volume = i < Liquid ? Math.Round((150_000 + (12_000 * i)) * Math.Exp(0.5 * Noise(i, date, 4))) : Math.Round(400 + (100 * Noise(i, date, 4)));
        return new(symbol, date, open, Math.Max(open, close) + 0.5, Math.Min(open, close) - 0.5, close, volume, price, (long)Math.Max(2, volume / (80 + (i % 20))));
    }

    /// <summary>97% of the daily volume from 08:00 to 18:00, most of it in the session, with its bursts; prices from the open to the close.</summary>
    public static Slot[] SlotsOf(in DailyBar bar, TimeOnly close)
    {
        var end = SlotGrid.Extended.SlotOf(close);
        var weights = new double[SlotGrid.Extended.Count];
        for (var slot = Open - 18; slot < end + 24; slot++)
            weights[slot] = slot < Open || slot > end ? 0.05 : slot == end ? 8 : slot < Open + 6 ? 4 : slot >= end - 6 ? 3 : 1;
        if (bar.Volume < 1000) Array.Clear(weights, 0, Open + 10);
        var (sum, slots, accumulated) = (weights.Sum(), new List<Slot>(), 0.0);
        for (var slot = 0; slot < weights.Length; slot++)
        {
            if (weights[slot] == 0) continue;
            var volume = Math.Round(0.97 * bar.Volume * weights[slot] / sum);
            if (volume < 1) continue;
            accumulated += volume;
            var along = Math.Clamp((slot - Open) / (double)(end - 1 - Open), 0, 1);
            slots.Add(new((short)slot, volume, accumulated, 3, bar.Open + ((bar.Close - bar.Open) * along)));
        }

        return [.. slots];
    }

    public Task<DailyReply> DailyAsync(DateOnly date, CancellationToken ct)
    {
        Asked++;
        IReadOnlyList<DailyBar> bars = [.. Symbols.Where(s => !Delisted.Contains(s)).Select(s => Bar(s, date))];
        if (Bars.TryGetValue(date, out var spoil)) bars = [.. spoil(bars).OrderBy(b => b.Symbol)];
        return Task.FromResult(new DailyReply(date, bars, [.. Rejected], "made:day"));
    }

    public async Task<IReadOnlyList<SymbolFailure>> SlotsAsync(
        IReadOnlyDictionary<Symbol, IReadOnlyList<DateOnly>> wanted, SlotGrid grid, Func<SlotReply, CancellationToken, ValueTask> onReply, CancellationToken ct)
    {
        foreach (var (symbol, dates) in wanted)
            await onReply(new(symbol, [.. dates.Select(d => (d, SlotsFor(symbol, d)))], [], "made:range"), ct);
        return [];
    }

    public Task<FileFound> FindFileAsync(FileSet set, DateOnly date, int symbols, CancellationToken ct) => Task.FromResult(new FileFound(FileState.NotWorthIt, null, "no files"));
    public Task<DailyReply> ReadDailyAsync(PublishedFile file, CancellationToken ct) => throw new NotSupportedException();
    public Task<SlotFile> ReadSlotsAsync(PublishedFile file, SlotGrid grid, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<Ticker>> TickersAsync(bool active, CancellationToken ct) => Task.FromResult<IReadOnlyList<Ticker>>(
        [.. Symbols.Where(s => Delisted.Contains(s) != active && !Unlisted.Contains(s)).Select((s, i) => new Ticker(s, s.Text, "CS", i % 2 == 0 ? "XNAS" : "XNYS", null, null, active, active ? null : new(2025, 12, 1)))]);

    public Task<IReadOnlyList<ListedSplit>> SplitsAsync(CancellationToken ct) => Task.FromResult<IReadOnlyList<ListedSplit>>([.. Splits]);
    public Task<TickerDetails?> DetailsAsync(Symbol symbol, CancellationToken ct) => Task.FromResult<TickerDetails?>(new(symbol) { Name = symbol.Text });
    public Task<IReadOnlyDictionary<Symbol, long>> FloatsAsync(CancellationToken ct) => Task.FromResult<IReadOnlyDictionary<Symbol, long>>(new Dictionary<Symbol, long>());
    public Task<IReadOnlyList<SpecialDay>> UpcomingHolidaysAsync(CancellationToken ct) => Task.FromResult<IReadOnlyList<SpecialDay>>([]);
    public Task<IReadOnlyList<Entitlement>> ProbeAsync(DateOnly today, CancellationToken ct) => Task.FromResult<IReadOnlyList<Entitlement>>([]);
    public ProviderUsage Usage => new(new Dictionary<(string, string), long>(), 0, TimeSpan.Zero);
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Slot[] SlotsFor(Symbol symbol, DateOnly date)
    {
        if (Array.IndexOf(Symbols, symbol) < 0) return [];
        var slots = SlotsOf(Bar(symbol, date), TradingCalendar.NewYorkTime(TradingCalendar.Nyse.Hours(date).Close));
        return Slots.TryGetValue(date, out var spoil) ? spoil(symbol, slots) : slots;
    }

    /// <summary>From -1 to 1, the same for the same arguments.</summary>
    private static double Noise(int symbol, DateOnly date, int what)
    {
        var hash = unchecked((uint)((symbol * 73_856_093) ^ (date.DayNumber * 19_349_663) ^ (what * 83_492_791)));
        hash = unchecked((hash ^ (hash >> 15)) * 2_246_822_519u);
        hash = unchecked((hash ^ (hash >> 13)) * 3_266_489_917u);
        return ((hash ^ (hash >> 16)) / (double)uint.MaxValue * 2) - 1;
    }
}
