using Market;

namespace DataMaintenance.Provider.FlatFiles;

/// <summary>All slots of one session, from its minute file.</summary>
/// <param name="Symbols">In the order of the file; a symbol once.</param>
/// <param name="Rejected">Rows whose ticker is no symbol at all.</param>
internal sealed record MinuteDay(DateOnly Date, IReadOnlyList<SymbolSlots> Symbols, IReadOnlyList<RejectedRow> Rejected);

internal sealed record SymbolSlots(Symbol Symbol, Slot[] Slots, IReadOnlyList<RejectedRow> Rejected);
