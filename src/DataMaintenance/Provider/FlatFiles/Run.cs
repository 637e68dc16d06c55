using Market;

namespace DataMaintenance.Provider.FlatFiles;

/// <summary>What a minute file holds of one symbol, so far.</summary>
internal sealed class Run(Symbol symbol)
{
    public Symbol Symbol => symbol;
    public Slot[] Slots { get; private set; } = [];
    public Rejections? Rejections { get; set; }

    /// <summary>The minutes taken, one bit each; null until the first run of rows has ended.</summary>
    public ulong[]? Seen { get; private set; }

    public void Take(Slot[] slots, ReadOnlySpan<ulong> minutes)
    {
        if (Seen is null)
        {
            (Slots, Seen) = (slots, minutes.ToArray());
            return;
        }
        Slots = Join(Slots, slots);
        for (var i = 0; i < minutes.Length; i++) Seen[i] |= minutes[i];
    }

    private static Slot[] Join(Slot[] first, Slot[] second)
    {
        var accumulated = 0.0;
        return
        [
            .. first.Concat(second).GroupBy(static slot => slot.Number).OrderBy(static slots => slots.Key).Select(slots =>
            {
                var volume = slots.Sum(static slot => slot.Volume);
                return new Slot(slots.Key, volume, accumulated += volume,
                    slots.Sum(static slot => slot.Trades), slots.Sum(static slot => slot.AveragePrice * slot.Volume) / volume);
            }),
        ];
    }
}
