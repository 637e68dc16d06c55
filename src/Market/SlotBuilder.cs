namespace Market;

/// <summary>
/// Gathers one symbol's bars of one session into slots. Made once and used for symbol after symbol: <see cref="Build"/> leaves it
/// empty. Bars may come in any order. Not thread-safe.
/// </summary>
public sealed class SlotBuilder(SlotGrid grid)
{
    private readonly Sum[] sums = new Sum[grid.Count];
    private int first = grid.Count, last = -1;

    public SlotGrid Grid => grid;

    /// <summary>Adds a bar to the slot: its shares, trades and price. A minute lends its close, a five-minute bar its vwap.</summary>
    /// <param name="slot">As <see cref="SlotGrid.SlotOf"/> or <see cref="NewYorkDay.SlotOf"/> gives it, and not −1.</param>
    /// <param name="price">USD per share; null where the source gives none, and then the slot's average is null.</param>
    /// <param name="trades">Null where the source gives none, and then the slot's count is null.</param>
    public void Add(int slot, double volume, double? price, long? trades)
    {
        ref var sum = ref sums[slot];
        sum.Trades = sum.Bars == 0 ? trades : sum.Trades + trades;
        sum.Bars++;
        sum.Volume += volume;
        sum.LastPrice = price ?? double.NaN;
        sum.Notional += sum.LastPrice * volume;
        first = Math.Min(first, slot);
        last = Math.Max(last, slot);
    }

    /// <summary>Adds a minute.</summary>
    /// <returns>False, and nothing is added, when it is outside the grid or of another date.</returns>
    public bool Add(in MinuteBar bar, NewYorkDay day)
    {
        var slot = day.SlotOf(bar.Start.ToUnixTimeMilliseconds(), grid);
        if (slot < 0) return false;
        Add(slot, bar.Volume, bar.Close, bar.Trades);
        return true;
    }

    /// <summary>The slots in which shares traded, ascending; none when nothing was added. The builder is empty again.</summary>
    /// <exception cref="OverflowException">A slot's trades exceed the range of an int.</exception>
    public Slot[] Build()
    {
        if (last < 0) return [];
        var filled = sums.AsSpan(first, last - first + 1);
        var count = 0;
        foreach (ref readonly var sum in filled)
            if (sum.Volume > 0) count++;

        var slots = new Slot[count];
        var accumulated = 0.0;
        for (int i = 0, at = 0; i < filled.Length; i++)
        {
            ref readonly var sum = ref filled[i];
            if (!(sum.Volume > 0)) continue;
            accumulated += sum.Volume;
            slots[at++] = new Slot((short)(first + i), sum.Volume, accumulated, (int?)sum.Trades, sum.AveragePrice);
        }
        Clear();
        return slots;
    }

    /// <summary>Forgets what was added.</summary>
    public void Clear()
    {
        if (last >= 0) sums.AsSpan(first, last - first + 1).Clear();
        (first, last) = (grid.Count, -1);
    }

    private struct Sum
    {
        public double Volume, Notional, LastPrice;
        public long? Trades;
        public int Bars;

        /// <summary>One bar's price as it came; else Σ(price · volume) / Σ volume.</summary>
        public readonly double? AveragePrice => (Bars == 1 ? LastPrice : Notional / Volume) is var price && double.IsNaN(price) ? null : price;
    }
}
