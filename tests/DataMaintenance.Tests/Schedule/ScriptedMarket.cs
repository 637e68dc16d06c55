using DataMaintenance.Provider;
using Market;

namespace DataMaintenance.Tests.Schedule;

/// <summary>A provider of eight symbols whose days are made up on the spot, with the moods of a real one: down, late, silent in the middle of a call.</summary>
internal sealed class ScriptedMarket(TradingCalendar truth, TimeProvider clock) : IMarketSource
{
    public static readonly Symbol[] Symbols = [.. new[] { "AAPL", "AMD", "BCPC", "BCpC", "IBM", "MSFT", "SPY", "TSLA" }.Select(s => new Symbol(s))];
    private readonly System.Collections.Concurrent.ConcurrentDictionary<(string Route, string Result), long> calls = new();
    private TaskCompletionSource? stuck;

    public string Name => "scripted";

    public string SlotsSource => "scripted:range";

    /// <summary>Refuses every call.</summary>
    public bool Down { get; set; }

    /// <summary>Sessions that are published only at an instant.</summary>
    public Dictionary<DateOnly, DateTimeOffset> Late { get; } = [];

    /// <summary>Days announced as special; null announces the true ones of the year.</summary>
    public IReadOnlyList<SpecialDay>? Announced { get; set; }

    /// <summary>Sessions without SPY.</summary>
    public HashSet<DateOnly> WithoutSpy { get; } = [];

    /// <summary>Called once, while slots are asked for.</summary>
    public Action? MeanwhileOnce { get; set; }

    /// <summary>How often each session's bars were handed over.</summary>
    public Dictionary<DateOnly, int> Asked { get; } = [];

    /// <summary>The next call for slots never returns, as when the process dies in it.</summary>
    /// <returns>Completes when that call has come.</returns>
    public Task StickAtSlots() => (stuck = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public Task<DailyReply> DailyAsync(DateOnly date, CancellationToken ct)
    {
        Refuse("bars");
        var published = truth.IsSession(date) && clock.GetUtcNow() >= truth.Hours(date).Close && clock.GetUtcNow() >= Late.GetValueOrDefault(date);
        if (published) Asked[date] = Asked.GetValueOrDefault(date) + 1;
        return Task.FromResult(new DailyReply(date, published ? [.. Symbols.Where(s => s.Text != "SPY" || !WithoutSpy.Contains(date)).Select(s => Bar(s, date))] : [], [], "scripted:day"));
    }

    public async Task<IReadOnlyList<SymbolFailure>> SlotsAsync(
        IReadOnlyDictionary<Symbol, IReadOnlyList<DateOnly>> wanted, SlotGrid grid, Func<SlotReply, CancellationToken, ValueTask> onReply, CancellationToken ct)
    {
        Refuse("slots");
        if (Interlocked.Exchange(ref stuck, null) is { } dead)
        {
            dead.SetResult();
            await new TaskCompletionSource().Task;
        }

        var meanwhile = MeanwhileOnce;
        MeanwhileOnce = null;
        meanwhile?.Invoke();
        foreach (var (symbol, dates) in wanted)
            await onReply(new(symbol, [.. dates.Select(d => (d, truth.IsSession(d) ? Slots(symbol, d) : []))], [], "scripted:slots"), ct);
        return [];
    }

    public bool AsksBySymbol => true;
    public int FilesAtOnce => 1;
    public Task<FileFound> FindFileAsync(FileSet set, DateOnly date, int symbols, CancellationToken ct) => Task.FromResult(new FileFound(FileState.NotWorthIt, null, "the scripted market has no files"));
    public Task<DailyReply> ReadDailyAsync(PublishedFile file, CancellationToken ct) => throw new NotSupportedException();
    public Task<SlotFile> ReadSlotsAsync(PublishedFile file, SlotGrid grid, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<Ticker>> TickersAsync(bool active, CancellationToken ct)
    {
        Refuse("tickers");
        return Task.FromResult<IReadOnlyList<Ticker>>(active ? [.. Symbols.Select(s => new Ticker(s, s.Text, "CS", "XNAS", null, null, true, null))] : []);
    }

    public Task<IReadOnlyList<ListedSplit>> SplitsAsync(CancellationToken ct)
    {
        Refuse("splits");
        return Task.FromResult<IReadOnlyList<ListedSplit>>([new(new(new("TSLA"), new(2022, 8, 25), 1, 3), "1")]);
    }

    public Task<TickerDetails?> DetailsAsync(Symbol symbol, CancellationToken ct)
    {
        Refuse("details");
        return Task.FromResult<TickerDetails?>(new(symbol) { Name = symbol.Text, Type = "CS", Exchange = "XNAS", MarketCap = 1e9, SicCode = "3571", SharesOutstanding = 1_000_000 });
    }

    public Task<IReadOnlyDictionary<Symbol, long>> FloatsAsync(CancellationToken ct) => Task.FromResult<IReadOnlyDictionary<Symbol, long>>(new Dictionary<Symbol, long>());

    public Task<IReadOnlyList<SpecialDay>> UpcomingHolidaysAsync(CancellationToken ct)
    {
        Refuse("holidays");
        if (Announced is not null) return Task.FromResult(Announced);
        var today = TradingCalendar.NewYorkDate(clock.GetUtcNow());
        var days = Enumerable.Range(0, new DateOnly(today.Year, 12, 31).DayNumber - today.DayNumber + 1).Select(today.AddDays);
        return Task.FromResult<IReadOnlyList<SpecialDay>>(
            [.. days.Where(d => d.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && (!truth.IsSession(d) || truth.IsHalfDay(d)))
                .Select(d => new SpecialDay(d, truth.ClosedReason(d) ?? "early close", truth.IsSession(d) ? TradingCalendar.NewYorkTime(truth.Hours(d).Close) : null))]);
    }

    public Task PingAsync(CancellationToken ct)
    {
        Refuse("ping");
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<Entitlement>> ProbeAsync(DateOnly today, CancellationToken ct) => Task.FromResult<IReadOnlyList<Entitlement>>([]);
    public ProviderUsage Usage => new(new Dictionary<(string Route, string Result), long>(calls), 0, TimeSpan.Zero);
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Refuse(string what)
    {
        calls.AddOrUpdate((what, Down ? "unreachable" : "200"), 1, static (_, count) => count + 1);
        if (Down) throw new ProviderException(ProviderFault.Unavailable, what, "the scripted outage");
    }

    private static DailyBar Bar(Symbol symbol, DateOnly date)
    {
        var price = 50 + (symbol.Text[0] % 10) + (date.DayNumber % 7);
        return new(symbol, date, price, price + 2, price - 1, price + 1, Volume(date), price, 300);
    }

    private static Slot[] Slots(Symbol symbol, DateOnly date)
    {
        var (third, price) = (Volume(date) / 3, Bar(symbol, date).Close);
        return [new(66, third, third, 100, price - 1), new(70, third, 2 * third, 100, price), new(100, third, 3 * third, 100, price)];
    }

    private static double Volume(DateOnly date) => 30_000 + (300 * (date.DayNumber % 11));
}
