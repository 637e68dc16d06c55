using System.Buffers;

namespace DataMaintenance.Provider.Massive;

/// <summary>One five-minute bar of a range reply.</summary>
/// <param name="T">Start, Unix milliseconds, UTC.</param>
/// <param name="Vwap">NaN where absent.</param>
/// <param name="Trades">-1 where absent.</param>
internal readonly record struct RangeBar(long T, double Open, double High, double Low, double Close, double Volume, double Vwap, long Trades)
    : IComparable<RangeBar>
{
    /// <summary>By time; of bars of one time the one to keep first: more trades, then more volume, then (to be repeatable) the higher prices.</summary>
    public int CompareTo(RangeBar other)
    {
        if (T != other.T) return T.CompareTo(other.T);
        if (Trades != other.Trades) return other.Trades.CompareTo(Trades);
        if (Volume != other.Volume) return other.Volume.CompareTo(Volume);
        return (other.Close, other.Open, other.High, other.Low, other.Vwap).CompareTo((Close, Open, High, Low, Vwap));
    }
}

/// <summary>The bars of one symbol over all pages, in a rented buffer.</summary>
internal sealed class RangeBars : IDisposable
{
    private RangeBar[] bars = ArrayPool<RangeBar>.Shared.Rent(1_024);
    private bool ordered = true;

    public int Count { get; private set; }

    public void Add(in RangeBar bar)
    {
        if (Count == bars.Length) Grow();
        ordered &= Count == 0 || bars[Count - 1].T < bar.T;
        bars[Count++] = bar;
    }

    /// <summary>Drops what a failed attempt at a page has left.</summary>
    public void CutTo(int count) => Count = count;

    /// <summary>By time; bars of one time stay next to each other, the one to keep first.</summary>
    public ReadOnlySpan<RangeBar> Ordered()
    {
        var span = bars.AsSpan(0, Count);
        if (!ordered) span.Sort();
        return span;
    }

    public void Dispose()
    {
        if (bars.Length > 0) ArrayPool<RangeBar>.Shared.Return(bars);
        bars = [];
        Count = 0;
    }

    private void Grow()
    {
        var larger = ArrayPool<RangeBar>.Shared.Rent(bars.Length * 2);
        bars.AsSpan(0, Count).CopyTo(larger);
        ArrayPool<RangeBar>.Shared.Return(bars);
        bars = larger;
    }
}
