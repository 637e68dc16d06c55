using Market;
using static System.FormattableString;

namespace DataMaintenance.Pipeline.Checks;

/// <summary>Parts of a session that are missing, of single symbols or of everybody. Not thread-safe.</summary>
/// <param name="open">The session's first slot.</param>
/// <param name="end">The slot after its last: that of the closing auction, where the grid has it.</param>
/// <param name="close">The session's close, New York.</param>
internal sealed class SlotHoles(SlotGrid grid, int open, int end, TimeOnly close)
{
    /// <summary>Slots without a trade that are no pause of a minute or two, and the share of the day below which a closing auction is not there.</summary>
    public const int LeastSilent = 3;
    public const double LeastAuction = 0.01;

    private readonly Silences silences = new(open, end);
    private readonly List<Stretch> stretches = [];
    private MinuteTally? minutes;

    /// <summary>What may have lost its minutes; the sessions before tell.</summary>
    public IReadOnlyList<Stretch> Stretches => stretches;

    /// <summary>What of it has lost them; null until that was looked for.</summary>
    public SlotLosses? Losses { get; set; }

    public SlotLosses Lost => Losses ?? SlotLosses.None;

    /// <summary>Takes how many traded in each minute, where that is known.</summary>
    public void Take(IEnumerable<MinuteTally> tallies) => minutes = tallies.FirstOrDefault(t => t.Close == close);

    /// <param name="daily">Shares of the day; 0 where they are not known, or too few or not of the whole day to be held against.</param>
    public void Add(Symbol symbol, ReadOnlySpan<Slot> slots, double daily)
    {
        if (silences.Add(slots) is not { } silence || !(daily > 0)) return;
        var (all, auction) = (slots[^1].Accumulated, 0.0);
        foreach (ref readonly var slot in slots)
            if (slot.Number == end) auction = slot.Volume;
        if (grid == SlotGrid.Extended && slots[0].Number >= open && daily >= SlotLook.LiquidShares) stretches.Add(new(symbol, PartOfDay.BeforeOpen, 0, open, 0, all / daily));
        if (silence.Count >= LeastSilent) stretches.Add(new(symbol, PartOfDay.Session, silence.First, silence.Count, 0, all / daily));
        if (end < grid.Count && auction < LeastAuction * all) stretches.Add(new(symbol, PartOfDay.Auction, end, 1, auction / all, all / daily));
    }

    /// <summary>A part of the day that is missing for everybody, or for many at once.</summary>
    public Breach? OfDay()
    {
        if (Lost.AreHalts) return null;
        if (silences.Shared() is [var slot, ..] slots)
            return Rules.Hole.Breach(
                Invariant($"{slots.Count} slots from {grid.TimeOf(slot.Slot):HH\\:mm} on in which {slot.Silent:N0} of {silences.Symbols:N0} symbols that trade all the time are silent"),
                Invariant($"fewer than {Silences.LeastShare:P0} of them"));
        if (minutes?.Lost() is [var minute, ..] lost)
            return Rules.Hole.Breach(
                Invariant($"{lost.Count} minutes from {minute.Minute:HH\\:mm} on in which {minute.Trading:N0} of {minutes.Symbols:N0} symbols that trade all the time do"),
                Invariant($"about {minute.Usual:N0}, as in the minutes beside it"));
        return Lost.AreShared
            ? Rules.Hole.Breach(Invariant($"{Lost.Count:N0} symbols have lost a part of their day"), Invariant($"fewer than {SlotLosses.LeastShared}, or than {SlotLosses.Shared:P0} of those it can be told of"))
            : null;
    }
}
