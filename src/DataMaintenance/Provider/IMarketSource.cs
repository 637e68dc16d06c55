using Market;

namespace DataMaintenance.Provider;

/// <summary>
/// Where facts come from: Massive over HTTP, or a directory of its flat files. Everything is unadjusted.
/// Every member throws <see cref="ProviderException"/> when the source refuses, cannot be reached or makes no sense;
/// an empty reply is returned only where the source itself said "nothing".
/// </summary>
public interface IMarketSource : IAsyncDisposable
{
    /// <summary><c>massive</c> or <c>directory</c>; the first part of every coverage source.</summary>
    string Name { get; }

    /// <summary>What <see cref="SlotsAsync"/> gives as its source, for coverage: <c>massive:range</c>, <c>directory:minute</c>.</summary>
    string SlotsSource { get; }

    /// <summary>All bars of one session, in one call. Rows that break the format are in <see cref="DailyReply.Rejected"/>, never dropped silently.</summary>
    Task<DailyReply> DailyAsync(DateOnly date, CancellationToken ct);

    /// <summary>
    /// Five-minute slots, in the fewest calls; each reply is handed over as it comes, possibly on several threads at once.
    /// A symbol that fails in one pass is tried again in further passes until one brings nothing new; what is left is returned.
    /// </summary>
    /// <param name="wanted">By symbol, the sessions wanted (ascending). A directory hands over every symbol its files hold for those sessions, wanted or not.</param>
    /// <returns>The symbols that never answered, with the last error.</returns>
    Task<IReadOnlyList<SymbolFailure>> SlotsAsync(
        IReadOnlyDictionary<Symbol, IReadOnlyList<DateOnly>> wanted, SlotGrid grid, Func<SlotReply, CancellationToken, ValueTask> onReply, CancellationToken ct);

    /// <summary>Looks whether a session's file is out and may be read. No failure: what keeps it from being read is in the answer, for people.</summary>
    /// <param name="symbols">How many symbols are wanted of it; for few, asking for each is cheaper than the file.</param>
    Task<FileFound> FindFileAsync(FileSet set, DateOnly date, int symbols, CancellationToken ct);

    /// <summary>The daily bars of a file that was found.</summary>
    Task<DailyReply> ReadDailyAsync(PublishedFile file, CancellationToken ct);

    /// <summary>The slots of every symbol a minute file holds; nothing of a file that is not whole.</summary>
    Task<SlotFile> ReadSlotsAsync(PublishedFile file, SlotGrid grid, CancellationToken ct);

    /// <summary>Whether a symbol can be asked for by itself, where a file lacks it.</summary>
    bool AsksBySymbol { get; }

    /// <summary>How many files are worth reading at once.</summary>
    int FilesAtOnce { get; }

    /// <summary>The list of stocks: active ones, or delisted ones. A symbol occurs once.</summary>
    Task<IReadOnlyList<Ticker>> TickersAsync(bool active, CancellationToken ct);

    /// <summary>The whole list of splits, announced future ones included.</summary>
    Task<IReadOnlyList<ListedSplit>> SplitsAsync(CancellationToken ct);

    /// <summary>Details of one security; null when the source does not know it.</summary>
    Task<TickerDetails?> DetailsAsync(Symbol symbol, CancellationToken ct);

    /// <summary>Free float in shares, by symbol, the most recent known; empty when the source has none.</summary>
    Task<IReadOnlyDictionary<Symbol, long>> FloatsAsync(CancellationToken ct);

    /// <summary>Announced closings and early closes, by date.</summary>
    Task<IReadOnlyList<SpecialDay>> UpcomingHolidaysAsync(CancellationToken ct);

    /// <summary>What this source lets us read, one line each, for <c>doctor</c>; never throws for a refusal.</summary>
    /// <param name="today">The date in New York; the session before it is asked for.</param>
    Task<IReadOnlyList<Entitlement>> ProbeAsync(DateOnly today, CancellationToken ct);

    /// <summary>One light question, in one attempt, to see whether anybody answers.</summary>
    Task PingAsync(CancellationToken ct);

    /// <summary>Calls made so far, by route and result, for reports.</summary>
    ProviderUsage Usage { get; }
}

/// <param name="Bars">By symbol (ordinal), a symbol once.</param>
/// <param name="Rejected">Rows refused, each with the reason.</param>
/// <param name="Source">For coverage: <c>massive:grouped</c>, <c>directory:day</c>.</param>
public sealed record DailyReply(DateOnly Date, IReadOnlyList<DailyBar> Bars, IReadOnlyList<RejectedRow> Rejected, string Source);

/// <summary>A symbol's slots for every session asked, silent ones as empty arrays. A directory replies session by session, so each reply is of one.</summary>
/// <param name="Days">(session, slots ascending); empty slots = the source says nothing traded.</param>
/// <param name="Rejected">Rows refused: outside the grid, of another day, impossible numbers.</param>
public sealed record SlotReply(Symbol Symbol, IReadOnlyList<(DateOnly Date, Slot[] Slots)> Days, IReadOnlyList<RejectedRow> Rejected, string Source);

/// <summary>The two sets of flat files.</summary>
public enum FileSet { Days, Minutes }

/// <summary>A file as it lies there now.</summary>
/// <param name="ETag">Names these bytes; a file published again has another one.</param>
public sealed record PublishedFile(FileSet Set, DateOnly Date, string Key, long Bytes, string ETag, DateTimeOffset LastModified);

public enum FileState
{
    Out,
    /// <summary>404: not published.</summary>
    NotYet,
    /// <summary>403: the plan does not include it.</summary>
    NotEntitled,
    /// <summary>This source has no files, or so few symbols are wanted that asking for each is cheaper.</summary>
    NotWorthIt,
    /// <summary>It could not be found out.</summary>
    Failed,
}

/// <param name="File">Exactly when it is out.</param>
/// <param name="Said">Why it is not read; for people.</param>
public sealed record FileFound(FileState State, PublishedFile? File, string Said);

/// <summary>The slots of a whole session.</summary>
/// <param name="Replies">A symbol once, each of this one session; symbols the file does not hold are not there.</param>
/// <param name="Source">For coverage: <c>massive:file</c>, <c>directory:minute</c>.</param>
public sealed record SlotFile(PublishedFile File, IReadOnlyList<SlotReply> Replies, string Source)
{
    /// <summary>How many trade in each minute, for a close at 16:00 and at 13:00, New York; empty where the minutes are not at hand.</summary>
    public IReadOnlyList<MinuteTally> Tallies { get; init; } = [];
}

/// <param name="Symbol">Text as it came; may be no symbol at all.</param>
public sealed record RejectedRow(string Symbol, string Rule, string Value, string Expectation);

public sealed record SymbolFailure(Symbol Symbol, ProviderException Error);

/// <param name="DelistedOn">Null for active ones.</param>
public sealed record Ticker(Symbol Symbol, string? Name, string? Type, string? Exchange, string? Cik, string? CompositeFigi, bool Active, DateOnly? DelistedOn);

public sealed record ListedSplit(Split Split, string? ProviderId);

/// <summary>Details as the provider gives them; shares whole, market cap USD.</summary>
public sealed record TickerDetails(Symbol Symbol)
{
    public string? Name { get; init; }
    public string? Exchange { get; init; }
    public string? Type { get; init; }
    public string? SicCode { get; init; }
    public string? SicDescription { get; init; }
    public double? MarketCap { get; init; }
    public long? SharesOutstanding { get; init; }
    public string? Description { get; init; }
    public DateOnly? ListDate { get; init; }
    public string? Cik { get; init; }
    public string? CompositeFigi { get; init; }
    public string? HomepageUrl { get; init; }
    public long? TotalEmployees { get; init; }
}

/// <param name="What">grouped bars, five-minute bars, tickers, details, splits, float, market status, flat files.</param>
/// <param name="Said">What the source answered, for people.</param>
public sealed record Entitlement(string What, bool Granted, string Said);

/// <param name="Calls">HTTP requests sent or files opened, by route and result (<c>200</c>, <c>429</c>, <c>timeout</c>, …).</param>
/// <param name="Retries">Attempts beyond the first.</param>
/// <param name="BudgetWait">Time spent waiting for the calls-per-second budget.</param>
public sealed record ProviderUsage(IReadOnlyDictionary<(string Route, string Result), long> Calls, long Retries, TimeSpan BudgetWait);
