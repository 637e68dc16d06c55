using System.Runtime.InteropServices;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Reconciling;

/// <summary>
/// Stored slots of a session against those of a file: volumes and counts. A count that was not told before is only completed. The average price
/// is no figure of the provider's in a file, so a slot whose volume and count stand keeps the price it has.
/// </summary>
/// <param name="keeps">Symbols of which the file is not the word: too little of them, or asked for after it was published.</param>
internal sealed class SlotComparison(Predicate<Symbol> keeps, ReconcileOptions options) : IComparison
{
    private readonly List<SlotDay> days = [];
    private readonly List<Symbol> vanished = [];
    private readonly List<Symbol> wild = [];
    private readonly List<FieldChange> changes = [];

    public int Stored { get; private set; }
    public int Told { get; private set; }
    public IReadOnlyList<Symbol> Vanished => vanished;
    public IReadOnlyList<Symbol> Wild => wild;
    public IReadOnlyList<FieldChange> Changes => changes;

    /// <summary>Symbols to be stored anew, whole; without slots those that vanished.</summary>
    public IReadOnlyList<SlotDay> Days => days;

    /// <summary>Symbols that the file tells otherwise, and that stay as they are because it is not the word on them.</summary>
    public int Overruled { get; private set; }

    /// <param name="told">By symbol; emptied by what is stored.</param>
    public async Task CompareAsync(IAsyncEnumerable<SlotDay> stored, DateOnly date, Dictionary<Symbol, Slot[]> told, CancellationToken ct)
    {
        Told = told.Count;
        await foreach (var day in stored.WithCancellation(ct))
        {
            Stored++;
            Compare(day, told.Remove(day.Symbol, out var now) ? now : []);
        }

        foreach (var (symbol, slots) in told.OrderBy(t => t.Key)) Compare(new(symbol, date, []), slots);
    }

    private void Compare(SlotDay was, Slot[] now)
    {
        var (before, completed) = (changes.Count, false);
        var (i, j) = (0, 0);
        while (i < was.Slots.Length || j < now.Length)
        {
            var old = i < was.Slots.Length ? was.Slots[i] : (Slot?)null;
            var told = j < now.Length ? now[j] : (Slot?)null;
            if (told is null || old?.Number < told.Value.Number) Of(was.Symbol, was.Slots[i++], RevisionKind.Vanished);
            else if (old is null || told.Value.Number < old.Value.Number) Of(was.Symbol, now[j++], RevisionKind.Added);
            else completed |= Changed(was.Symbol, was.Slots[i++], now[j++]);
        }

        if (changes.Count == before && !completed) return;
        if (keeps(was.Symbol))
        {
            if (changes.Count > before) Overruled++;
            CollectionsMarshal.SetCount(changes, before);
            return;
        }

        days.Add(new(was.Symbol, was.Date, Merged(was.Slots, now)));
        if (now.Length == 0) vanished.Add(was.Symbol);
        else if (was.Slots.Length > 0 && DailyComparison.IsWild(was.Slots[^1].Accumulated, now[^1].Accumulated, options)) wild.Add(was.Symbol);
    }

    private void Of(Symbol symbol, in Slot slot, RevisionKind kind)
    {
        Enter(symbol, slot.Number, "volume", slot.Volume, kind);
        if (slot.Trades is { } trades) Enter(symbol, slot.Number, "trades_count", trades, kind);
    }

    private void Enter(Symbol symbol, int slot, string field, double value, RevisionKind kind) =>
        changes.Add(new(symbol, slot, field, kind, kind == RevisionKind.Added ? null : value, kind == RevisionKind.Added ? value : null));

    /// <returns>Whether a count is told that was not told before.</returns>
    private bool Changed(Symbol symbol, in Slot was, in Slot now)
    {
        if (FieldChange.Differs(was.Volume, now.Volume)) changes.Add(new(symbol, was.Number, "volume", RevisionKind.Changed, was.Volume, now.Volume));
        if (FieldChange.Differs(was.Trades, now.Trades)) changes.Add(new(symbol, was.Number, "trades_count", RevisionKind.Changed, was.Trades, now.Trades));
        return was.Trades is null && now.Trades is not null;
    }

    private static Slot[] Merged(Slot[] was, Slot[] now)
    {
        var known = was.ToDictionary(s => s.Number);
        return [.. now.Select(s => known.TryGetValue(s.Number, out var old) && FieldChange.Same(old.Volume, s.Volume) && !FieldChange.Differs(old.Trades, s.Trades)
            ? s with { Trades = s.Trades ?? old.Trades, AveragePrice = old.AveragePrice }
            : s)];
    }
}
