using Market;

namespace DataMaintenance.Provider;

/// <summary>Stands where a source would, for commands that need none: whoever asks it is told what is missing in the settings.</summary>
public sealed class UnconfiguredSource(IReadOnlyList<string> mistakes) : IMarketSource
{
    public string Name => "provider";

    public string SlotsSource => "none";
    public ProviderUsage Usage { get; } = new(new Dictionary<(string, string), long>(), 0, TimeSpan.Zero);

    public Task<DailyReply> DailyAsync(DateOnly date, CancellationToken ct) => Refuse<DailyReply>();

    public Task<IReadOnlyList<SymbolFailure>> SlotsAsync(
        IReadOnlyDictionary<Symbol, IReadOnlyList<DateOnly>> wanted, SlotGrid grid, Func<SlotReply, CancellationToken, ValueTask> onReply, CancellationToken ct) => Refuse<IReadOnlyList<SymbolFailure>>();

    public bool AsksBySymbol => false;
    public int FilesAtOnce => 1;
    public Task<FileFound> FindFileAsync(FileSet set, DateOnly date, int symbols, CancellationToken ct) => Refuse<FileFound>();
    public Task<DailyReply> ReadDailyAsync(PublishedFile file, CancellationToken ct) => Refuse<DailyReply>();
    public Task<SlotFile> ReadSlotsAsync(PublishedFile file, SlotGrid grid, CancellationToken ct) => Refuse<SlotFile>();
    public Task<IReadOnlyList<Ticker>> TickersAsync(bool active, CancellationToken ct) => Refuse<IReadOnlyList<Ticker>>();
    public Task<IReadOnlyList<ListedSplit>> SplitsAsync(CancellationToken ct) => Refuse<IReadOnlyList<ListedSplit>>();
    public Task<TickerDetails?> DetailsAsync(Symbol symbol, CancellationToken ct) => Refuse<TickerDetails?>();
    public Task<IReadOnlyDictionary<Symbol, long>> FloatsAsync(CancellationToken ct) => Refuse<IReadOnlyDictionary<Symbol, long>>();
    public Task<IReadOnlyList<SpecialDay>> UpcomingHolidaysAsync(CancellationToken ct) => Refuse<IReadOnlyList<SpecialDay>>();
    public Task PingAsync(CancellationToken ct) => Refuse<bool>();
    public Task<IReadOnlyList<Entitlement>> ProbeAsync(DateOnly today, CancellationToken ct) => Task.FromResult<IReadOnlyList<Entitlement>>([.. mistakes.Select(m => new Entitlement("settings", false, m))]);
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task<T> Refuse<T>() => Task.FromException<T>(new ProviderException(ProviderFault.Unauthorized, "settings", string.Join("; ", mistakes)));
}
