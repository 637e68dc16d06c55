using Market;

namespace DataMaintenance.Pipeline.Checks;

/// <summary>Where in the session those are silent who else trade all the time: a halt, or minutes that are missing.</summary>
/// <param name="open">The session's first slot.</param>
/// <param name="end">The slot after its last.</param>
internal sealed class Silences(int open, int end)
{
    /// <summary>Share of the session's slots, the longest silence left out, in which a symbol must trade, and share of all of them.</summary>
    public const double Steady = 0.97, LeastTraded = 0.5;

    /// <summary>How many are silent together when the slots are missing: so many, and this share of those who trade all the time.</summary>
    public const int LeastSilent = 10;
    public const double LeastShare = 0.1;

    /// <summary>And so many times the usual.</summary>
    private const int TimesUsual = 3;

    private readonly int[] silent = new int[end - open];

    /// <summary>Symbols that trade all the time but for one silence.</summary>
    public int Symbols { get; private set; }

    /// <summary>Takes a symbol.</summary>
    /// <returns>Its longest silence, perhaps of no slot; null when it does not trade all the time.</returns>
    public (int First, int Count)? Add(ReadOnlySpan<Slot> slots)
    {
        var (traded, last, first, longest) = (0, open - 1, open, 0);
        foreach (ref readonly var slot in slots)
        {
            if (slot.Number < open || slot.Number >= end) continue;
            traded++;
            if (slot.Number - last - 1 > longest) (first, longest) = (last + 1, slot.Number - last - 1);
            last = slot.Number;
        }

        if (end - last - 1 > longest) (first, longest) = (last + 1, end - last - 1);
        if (traded < Steady * (silent.Length - longest) || traded < LeastTraded * silent.Length) return null;
        Symbols++;
        for (var slot = first; slot < first + longest; slot++) silent[slot - open]++;
        return (first, longest);
    }

    /// <summary>Slots in which far more of them are silent than in others; ascending.</summary>
    public IReadOnlyList<(int Slot, int Silent)> Shared()
    {
        if (Symbols < LeastSilent) return [];
        var usual = silent.Order().ElementAt(silent.Length / 2);
        var least = Math.Max(Math.Max(LeastSilent, LeastShare * Symbols), TimesUsual * usual);
        return [.. silent.Select((count, i) => (Slot: open + i, Silent: count)).Where(s => s.Silent >= least)];
    }
}
