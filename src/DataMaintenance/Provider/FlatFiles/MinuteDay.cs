using Market;

namespace DataMaintenance.Provider.FlatFiles;

/// <summary>All slots of one session, from its minute file.</summary>
/// <param name="Symbols">In the order of the file; a symbol once.</param>
/// <param name="Rejected">Rows whose ticker is no symbol at all.</param>
/// <param name="Tallies">For a close at 16:00 and at 13:00, New York; a session with another close has none.</param>
internal sealed record MinuteDay(DateOnly Date, IReadOnlyList<SymbolSlots> Symbols, IReadOnlyList<RejectedRow> Rejected, IReadOnlyList<MinuteTally> Tallies)
{
    public SlotFile ToFile(PublishedFile file, string source)
    {
        var replies = new SlotReply[Symbols.Count];
        for (var i = 0; i < replies.Length; i++)
        {
            var (symbol, slots, rejected) = Symbols[i];
            replies[i] = new SlotReply(symbol, [(Date, slots)], i > 0 || Rejected.Count == 0 ? rejected : [.. Rejected, .. rejected], source);
        }
        return new SlotFile(file, replies, source) { Tallies = Tallies };
    }
}

internal sealed record SymbolSlots(Symbol Symbol, Slot[] Slots, IReadOnlyList<RejectedRow> Rejected);
