namespace Market;

/// <summary>
/// The five-minute slots of a day in New York wall time, numbered from 0. <see cref="Extended"/>: 192 slots, 04:00 to 20:00;
/// <see cref="Regular"/>: 78 slots, 09:30 to 16:00. The grid is the same on half days.
/// </summary>
public sealed record SlotGrid
{
    public static readonly SlotGrid Extended = new("Extended", new TimeOnly(4, 0), 192);
    public static readonly SlotGrid Regular = new("Regular", new TimeOnly(9, 30), 78);
    public static readonly TimeSpan Width = TimeSpan.FromMinutes(5);

    private SlotGrid(string name, TimeOnly start, int count) => (Name, Start, Count) = (name, start, count);

    public string Name { get; }
    public TimeOnly Start { get; }
    public int Count { get; }

    /// <summary>The slot that holds the wall time, or -1 outside the grid. A slot includes its start and excludes its end.</summary>
    public int SlotOf(TimeOnly time)
    {
        if (time < Start) return -1;
        var slot = (int)((time.Ticks - Start.Ticks) / Width.Ticks);
        return slot < Count ? slot : -1;
    }

    /// <summary>New York wall time at which the slot starts.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The grid has no such slot.</exception>
    public TimeOnly TimeOf(int slot)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slot);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slot, Count);
        return new TimeOnly(Start.Ticks + (slot * Width.Ticks));
    }
}
