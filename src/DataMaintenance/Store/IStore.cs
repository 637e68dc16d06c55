using Market;

namespace DataMaintenance.Store;

/// <summary>
/// The facts as they came, and what was done when. One engine behind it: DuckDB in a file, or a PostgreSQL server.
/// Every write is one transaction, idempotent, and refused once this instance is no longer the leader.
/// </summary>
public interface IStore : IFacts, IRevisions, IReference, IJournal, IEventLog, IDerivedInputs, IAsyncDisposable
{
    /// <summary>What the engine is and where, for people: <c>DuckDB 1.5.6, data/market.duckdb</c>. Never holds a password.</summary>
    string Description { get; }

    /// <summary>Throws when the engine does not answer.</summary>
    Task PingAsync(CancellationToken ct);

    /// <summary>The term of leadership this instance writes under; higher than every earlier one.</summary>
    long Epoch { get; }

    /// <summary>This instance, as the leader it became on opening.</summary>
    Leader Leader { get; }

    /// <summary>Cancelled when this instance leads no more: another took over, or its lease ran out unrenewed. Never for an embedded store.</summary>
    CancellationToken LeadLost { get; }

    /// <summary>Tells others where this instance answers, so that they ask it instead of being refused: see <see cref="StoreOwnedException.Url"/>.</summary>
    Task AnnounceAsync(Uri url, CancellationToken ct);
}

/// <summary>The two series of facts, and how much of each is known.</summary>
public enum Dataset { Daily, Slots }

/// <summary>Bars, slots and their coverage. Facts are unadjusted.</summary>
public interface IFacts
{
    /// <summary>
    /// Replaces one session's bars whole: rows of that date are deleted and these written, with a coverage row per symbol and
    /// one for the day (<see cref="Coverage.Day"/>). A null vwap keeps the vwap stored before for that symbol.
    /// </summary>
    /// <param name="silent">Who was looked for and has no bar: that is kept as well, as no rows by the same source and instant. Those with a bar are passed over.</param>
    Task SaveDailyAsync(DateOnly date, IReadOnlyList<DailyBar> bars, IReadOnlyCollection<Symbol> silent, string source, DateTimeOffset asOf, bool final, CancellationToken ct);

    /// <summary>The same where nobody was looked for.</summary>
    Task SaveDailyAsync(DateOnly date, IReadOnlyList<DailyBar> bars, string source, DateTimeOffset asOf, bool final, CancellationToken ct) =>
        SaveDailyAsync(date, bars, [], source, asOf, final, ct);

    /// <summary>Commits slots of any sessions and symbols to staging, with coverage; an empty <see cref="SlotDay.Slots"/> is the knowledge that nothing traded.
    /// Staging the same symbol and date again replaces what was staged.</summary>
    Task StageSlotsAsync(IReadOnlyList<SlotDay> days, string source, DateTimeOffset asOf, bool final, CancellationToken ct);

    /// <summary>Symbols whose reply for <paramref name="date"/> is committed to staging but not yet published.</summary>
    Task<IReadOnlySet<Symbol>> StagedAsync(DateOnly date, CancellationToken ct);

    /// <summary>One transaction: what is staged for the session replaces those symbols' slots and coverage, the day's coverage row is counted anew, staging is emptied of that date.</summary>
    /// <param name="final">Goes to the day's coverage row.</param>
    /// <returns>Rows of the session after publishing, counted in the table.</returns>
    Task<long> PublishSlotsAsync(DateOnly date, string source, DateTimeOffset asOf, bool final, CancellationToken ct);

    /// <summary>
    /// A session's slots in one transaction and without staging, for what can be read again after a crash: these symbols' slots and coverage are replaced, what is
    /// staged of other symbols is published with them, staging is emptied of that date, and the day's coverage row is counted anew.
    /// </summary>
    /// <param name="days">All of that date, a symbol once; an empty one is the knowledge that nothing traded.</param>
    /// <param name="provisional">Those of the symbols that are not the last word; while there are any, neither is the day.</param>
    /// <param name="final">Whether the others are.</param>
    /// <returns>Rows of the session afterwards, counted in the table.</returns>
    Task<long> SaveSlotsAsync(
        DateOnly date, IReadOnlyList<SlotDay> days, IReadOnlySet<Symbol> provisional, string source, DateTimeOffset asOf, bool final, CancellationToken ct);

    /// <summary>Replaces what is known of the file that the session was read from.</summary>
    Task SaveSourceFileAsync(SourceFile file, CancellationToken ct);

    /// <summary>The files that sessions were read from, oldest first; a session that came otherwise has none. Inclusive range.</summary>
    Task<IReadOnlyList<SourceFile>> SourceFilesAsync(Dataset dataset, DateOnly from, DateOnly to, CancellationToken ct);

    /// <summary>Forgets what is staged for the session, for <c>--force</c>.</summary>
    Task DiscardStagedAsync(DateOnly date, CancellationToken ct);

    /// <summary>The day rows of coverage in the range, oldest first; a session never loaded has none.</summary>
    Task<IReadOnlyList<Coverage>> DayCoverageAsync(Dataset dataset, DateOnly from, DateOnly to, CancellationToken ct);

    /// <summary>Per-symbol coverage of one session; the day row is not among them.</summary>
    Task<IReadOnlyDictionary<Symbol, Coverage>> SymbolCoverageAsync(Dataset dataset, DateOnly date, CancellationToken ct);

    /// <summary>Symbols known to have no slot in a session although a daily bar of theirs came after that was said; only sessions with some, in the inclusive range.</summary>
    Task<IReadOnlyDictionary<DateOnly, IReadOnlySet<Symbol>>> ContradictedAsync(DateOnly from, DateOnly to, CancellationToken ct);

    /// <summary>Coverage of one symbol's sessions in the inclusive range, oldest first.</summary>
    Task<IReadOnlyList<Coverage>> CoverageOfAsync(Dataset dataset, Symbol symbol, DateOnly from, DateOnly to, CancellationToken ct);

    /// <summary>Rows actually in the table, by session; absent where none. Inclusive range.</summary>
    Task<IReadOnlyDictionary<DateOnly, long>> CountAsync(Dataset dataset, DateOnly from, DateOnly to, CancellationToken ct);

    /// <summary>Rows actually in the table for one session, by symbol.</summary>
    Task<IReadOnlyDictionary<Symbol, int>> CountBySymbolAsync(Dataset dataset, DateOnly date, CancellationToken ct);

    /// <summary>Bars of the sessions in the inclusive range, as fetched, in date order; within a date in symbol order (ordinal). Streams.</summary>
    /// <param name="symbols">Only these; null for all.</param>
    IAsyncEnumerable<DailyBar> ReadDailyAsync(DateOnly from, DateOnly to, IReadOnlyCollection<Symbol>? symbols, CancellationToken ct);

    /// <summary>For each of the symbols its newest <paramref name="count"/> bars on or before <paramref name="to"/>, however far back; by symbol, oldest first.</summary>
    IAsyncEnumerable<DailyBar> ReadNewestDailyAsync(IReadOnlyCollection<Symbol> symbols, DateOnly to, int count, CancellationToken ct);

    /// <summary>Slots of one session as fetched, in symbol order (ordinal), slots ascending; symbols without a slot do not appear. Streams.</summary>
    IAsyncEnumerable<SlotDay> ReadSlotsAsync(DateOnly date, IReadOnlyCollection<Symbol>? symbols, CancellationToken ct);

    /// <summary>Only the volumes of one session's slots, for what needs no more: a fraction of the work of <see cref="ReadSlotsAsync"/>.</summary>
    /// <param name="symbols">Only these; null for all.</param>
    Task<SessionVolumes> ReadVolumesAsync(DateOnly date, IReadOnlyCollection<Symbol>? symbols, CancellationToken ct);

    /// <summary>Removes slots (table, coverage stays) of sessions before <paramref name="before"/>.</summary>
    /// <returns>Rows removed.</returns>
    Task<long> DropSlotsBeforeAsync(DateOnly before, CancellationToken ct);

    /// <summary>Packs the slots of sessions before <paramref name="before"/> where the engine can; the rows are the same, and a session can be published again.</summary>
    Task<SlotCompression> CompressSlotsBeforeAsync(DateOnly before, CancellationToken ct);

    /// <summary>
    /// Sets the day the views <c>market_data_daily</c> and <c>volume_slots</c> adjust to: the session about to open. Splits in force
    /// executed after a bar's date and on or before this day adjust it. The runner tells it with every publish; until then the views show facts as fetched.
    /// </summary>
    Task SetAdjustmentDayAsync(DateOnly day, CancellationToken ct);

    /// <summary>The day the views adjust to; null before it was ever set.</summary>
    Task<DateOnly?> AdjustmentDayAsync(CancellationToken ct);
}

/// <param name="Unavailable">Why the engine does not compress; null when it does.</param>
/// <param name="Sessions">Compressed now; those that were so already are not counted.</param>
/// <param name="BytesBefore">Of every compressed session, before it was; indices included.</param>
/// <param name="BytesAfter">The same, as it is now.</param>
public sealed record SlotCompression(string? Unavailable, int Sessions, long BytesBefore, long BytesAfter);

/// <summary>One symbol's slots of one session, ascending by number; empty = known to have none.</summary>
public sealed record SlotDay(Symbol Symbol, DateOnly Date, Slot[] Slots);

/// <summary>What is known about one symbol's, or a whole day's, rows of a dataset.</summary>
/// <param name="Symbol">Null in the row that stands for the whole day (stored as <c>*</c>).</param>
/// <param name="Rows">Rows that were written; 0 = known to be empty.</param>
/// <param name="Source">Who said so: <c>massive:grouped</c>, <c>massive:range</c>, <c>massive:file</c>, <c>directory:minute</c>, …</param>
/// <param name="AsOf">When it was fetched.</param>
/// <param name="Final">Whether it was fetched after post-market ended and the plan's delay; what is not final is due again.</param>
public sealed record Coverage(Dataset Dataset, DateOnly Date, Symbol? Symbol, long Rows, string Source, DateTimeOffset AsOf, bool Final)
{
    public const string Day = "*";
}

/// <summary>Splits, universe, metadata, findings.</summary>
public interface IReference
{
    /// <summary>All splits known, by symbol then execution date, withdrawn and quarantined ones included.</summary>
    Task<IReadOnlyList<StoredSplit>> SplitsAsync(CancellationToken ct);

    /// <summary>Makes the table hold exactly these; first_seen of known ones is kept.</summary>
    Task SaveSplitsAsync(IReadOnlyList<StoredSplit> splits, CancellationToken ct);

    /// <summary>Where tickers passed from one security to another, by symbol then date.</summary>
    Task<IReadOnlyList<StoredBoundary>> BoundariesAsync(CancellationToken ct);

    /// <summary>Upserts by symbol and first date.</summary>
    Task SaveBoundariesAsync(IReadOnlyList<StoredBoundary> boundaries, CancellationToken ct);

    /// <summary>By symbol.</summary>
    Task<IReadOnlyList<UniverseEntry>> UniverseAsync(CancellationToken ct);

    /// <summary>Upserts by symbol.</summary>
    Task SaveUniverseAsync(IReadOnlyList<UniverseEntry> entries, CancellationToken ct);

    /// <summary>By symbol.</summary>
    Task<IReadOnlyList<TickerMetadata>> MetadataAsync(IReadOnlyCollection<Symbol>? symbols, CancellationToken ct);

    /// <summary>Upserts by symbol.</summary>
    Task SaveMetadataAsync(IReadOnlyList<TickerMetadata> metadata, CancellationToken ct);

    /// <summary>Records findings that are not open yet (same dataset, date, symbol, rule) and marks open ones of the given scope that are no longer found as healed.</summary>
    Task SaveFindingsAsync(string rule, DateOnly date, IReadOnlyList<Finding> found, DateTimeOffset at, CancellationToken ct);

    /// <summary>
    /// Records what one look found, in one transaction: what is new is opened, what was open already takes the new value, what was open
    /// within the look and is not found again is healed. What a person accepted is not opened again while its value is the same.
    /// </summary>
    /// <param name="found">Of the look's rules and days.</param>
    Task<LookResult> SaveFindingsAsync(Look look, IReadOnlyList<Finding> found, CancellationToken ct);

    /// <summary>Those that are open, of one dataset and the days of the inclusive range; by date, then as they were found.</summary>
    Task<IReadOnlyList<Finding>> OpenFindingsAsync(string dataset, DateOnly from, DateOnly to, CancellationToken ct);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<Finding>> FindingsAsync(bool openOnly, int limit, CancellationToken ct);

    Task<Finding?> FindFindingAsync(long id, CancellationToken ct);

    /// <summary>A person says that an open finding is as it should be: it is not raised again while its value is the same.</summary>
    /// <returns>The finding as it is now; unchanged when it was not open, null when there is none of that id.</returns>
    Task<Finding?> AcceptFindingAsync(long id, string by, string? why, DateTimeOffset at, CancellationToken ct);
}

/// <summary>A split and what is known about its listing. Only a split that is neither withdrawn nor quarantined adjusts anything.</summary>
public sealed record StoredSplit(Split Split, string? ProviderId, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, bool Withdrawn, bool Quarantined)
{
    public bool InForce => !Withdrawn && !Quarantined;
}

/// <param name="Evidence">Why it is believed, for people.</param>
public sealed record StoredBoundary(SymbolBoundary Boundary, string Evidence, DateTimeOffset FoundAt);

/// <param name="Type">The provider's code: CS, ETF, PFD, …; an open set.</param>
/// <param name="Exchange">MIC: XNAS, XNYS, …</param>
/// <param name="FirstSeen">Session on which it was first seen here.</param>
public sealed record UniverseEntry(Symbol Symbol, bool IsActive, string? Type, string? Exchange, DateOnly FirstSeen, DateOnly LastSeen, DateOnly? DelistedOn);

/// <summary>What the provider says of a security. Absent stays null. Market cap in USD, shares whole.</summary>
public sealed record TickerMetadata(Symbol Symbol)
{
    public string? Name { get; init; }
    public string? Exchange { get; init; }
    public string? Type { get; init; }
    public string? Sector { get; init; }
    public string? Industry { get; init; }
    public string? SicCode { get; init; }
    public double? MarketCap { get; init; }
    public long? FloatShares { get; init; }
    public long? SharesOutstanding { get; init; }
    public string? Description { get; init; }
    public DateOnly? ListDate { get; init; }
    public string? Cik { get; init; }
    public string? CompositeFigi { get; init; }
    public string? HomepageUrl { get; init; }
    public long? TotalEmployees { get; init; }
    /// <summary>When the details were last received; null when only the ticker list is known.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }
    public DateTimeOffset? LastAttemptAt { get; init; }
    public string? LastError { get; init; }
}

/// <summary>The durable history of runs. Only the runner writes it; counts are never pruned.</summary>
public interface IJournal
{
    /// <returns>The run's id.</returns>
    Task<long> StartRunAsync(RunRecord run, CancellationToken ct);
    Task EndRunAsync(long runId, DateTimeOffset at, bool success, CancellationToken ct);

    /// <summary>Takes the end of a run back: it goes on, on this instance and in its term.</summary>
    Task ContinueRunAsync(long runId, string instance, CancellationToken ct);

    /// <summary>
    /// Closes every run without an end, of whatever term: for the leader, while it runs nothing. Such runs and their open tasks have failed, and their rows say
    /// when that was found as <c>ended_at</c>, since nobody knows when they ended; here their <see cref="RunRecord.EndedAt"/> stays null.
    /// </summary>
    /// <returns>Their ids.</returns>
    Task<IReadOnlyList<long>> CloseCutOffRunsAsync(DateTimeOffset found, CancellationToken ct);

    /// <summary>One row an attempt, written when it starts and again when it ends (same run, task, attempt).</summary>
    Task SaveTaskRunAsync(TaskRunRecord task, CancellationToken ct);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<RunRecord>> RunsAsync(int limit, CancellationToken ct);
    Task<RunRecord?> FindRunAsync(long runId, CancellationToken ct);

    /// <summary>By start.</summary>
    Task<IReadOnlyList<TaskRunRecord>> TaskRunsAsync(long runId, CancellationToken ct);

    /// <summary>Of several runs, by run, then by start.</summary>
    Task<IReadOnlyList<TaskRunRecord>> TaskRunsAsync(IReadOnlyCollection<long> runIds, CancellationToken ct);

    /// <summary>The runs that processed the session, newest first.</summary>
    Task<IReadOnlyList<RunRecord>> RunsOfAsync(DateOnly date, CancellationToken ct);

    /// <summary>The runs that processed a session of the inclusive range, newest first.</summary>
    Task<IReadOnlyList<RunRecord>> RunsOfAsync(DateOnly from, DateOnly to, CancellationToken ct);

    /// <summary>A count that successful attempts of a task reported, by session, for the newest <paramref name="limit"/> sessions before <paramref name="before"/>; newest first, one a session (the newest attempt).</summary>
    Task<IReadOnlyList<(DateOnly Date, long Value)>> LearnedCountsAsync(string task, string count, DateOnly before, int limit, CancellationToken ct);
}

/// <param name="Date">The session processed.</param>
/// <param name="Trigger">schedule, recovery, trigger, cli, demo.</param>
/// <param name="Full">All tasks of the plan, not a selection.</param>
/// <param name="EndedAt">Null while it goes on, and when it was cut off.</param>
public sealed record RunRecord(
    long Id, DateOnly Date, string Plan, string Trigger, bool Full, IReadOnlyList<string> Tasks, string Instance, long Epoch,
    DateTimeOffset StartedAt, DateTimeOffset? EndedAt, bool? Success)
{
    /// <summary>Whether it ended without saying so: found and closed by a leader, or of an older term than the present one.</summary>
    public bool IsCutOff(long epoch) => EndedAt is null && (Success == false || Epoch < epoch);

    /// <summary>Whether it goes on in the present term.</summary>
    public bool IsInProgress(long epoch) => EndedAt is null && !IsCutOff(epoch);
}

/// <param name="State">pending, in_progress, completed, failed, skipped.</param>
/// <param name="Counts">Named numbers the task counted afterwards in the store or in Redis: symbols, rows, …</param>
/// <param name="Checks">One line a check, as shown to people: <c>ok symbols 11,689 ≥ 10,000</c>.</param>
public sealed record TaskRunRecord(
    long RunId, DateOnly Date, string Task, int Attempt, string State, DateTimeOffset StartedAt, DateTimeOffset? EndedAt,
    IReadOnlyDictionary<string, double> Counts, IReadOnlyList<string> Checks, string? Error)
{
    /// <summary>The error of an attempt whose end nobody saw.</summary>
    public const string CutOff = "cut off: the process ended while this task was running; run it again to continue";
}
