using Market;

namespace DataMaintenance.Store;

/// <summary>
/// The ledger of what the provider told otherwise later, and the only writes that add to it: stored rows and their ledger rows change in
/// one transaction, so that a crash leaves both or neither. Rows of the ledger are never changed and never pruned.
/// </summary>
public interface IRevisions
{
    /// <summary>Replaces bars of one session and removes others, with their coverage; the day's coverage row is counted anew and final. Bars not named stay as they are.</summary>
    Task HealDailyAsync(DailyHeal heal, CancellationToken ct);

    /// <summary>Replaces the slots of these symbols, with their coverage; the day's coverage row is counted anew and final. Symbols not named stay as they are.</summary>
    Task HealSlotsAsync(SlotHeal heal, CancellationToken ct);

    /// <summary>Newest first; of the sessions in the inclusive range.</summary>
    /// <param name="symbol">Only of this one; null for all.</param>
    Task<IReadOnlyList<Revision>> RevisionsAsync(DateOnly from, DateOnly to, Symbol? symbol, int limit, CancellationToken ct);
}

/// <param name="Bars">As they are to be stored, a null vwap included; known ones the caller has put in.</param>
/// <param name="Vanished">Symbols that have no bar any more.</param>
/// <param name="Source">Who said so, for rows and coverage.</param>
public sealed record DailyHeal(DateOnly Date, IReadOnlyList<DailyBar> Bars, IReadOnlyList<Symbol> Vanished, string Source, DateTimeOffset AsOf, IReadOnlyList<Revision> Ledger);

/// <param name="Days">A symbol once; empty slots = nothing traded, by the newest word.</param>
/// <param name="File">The file they were read from, remembered with them.</param>
public sealed record SlotHeal(DateOnly Date, IReadOnlyList<SlotDay> Days, string Source, DateTimeOffset AsOf, IReadOnlyList<Revision> Ledger, SourceFile File);

/// <summary>Changed: told before and now, differently. Added: of a row that was not told before. Vanished: of a row that is told no more.</summary>
public enum RevisionKind { Changed, Added, Vanished }

/// <summary>One field of one row that the provider told otherwise later.</summary>
/// <param name="Slot">Null for a daily bar.</param>
/// <param name="Field">The column: open, high, low, close, volume, vwap, trades_count.</param>
/// <param name="Old">Null when the row was added.</param>
/// <param name="New">Null when the row vanished.</param>
/// <param name="OldSource">Who said the old value: <c>massive:grouped</c>, <c>massive:file</c>, …</param>
/// <param name="RunId">The run that noticed it.</param>
/// <param name="Id">Set by the store on writing; ascending.</param>
public sealed record Revision(
    Dataset Dataset, DateOnly Date, Symbol Symbol, int? Slot, string Field, RevisionKind Kind, double? Old, double? New, string OldSource, string NewSource,
    DateTimeOffset NoticedAt, long RunId, long Id = 0);
