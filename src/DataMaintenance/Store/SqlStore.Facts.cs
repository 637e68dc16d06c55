using Market;

namespace DataMaintenance.Store;

/// <summary>The bulk of the facts, which each engine moves its own way.</summary>
internal abstract partial class SqlStore
{
    public abstract Task SaveDailyAsync(DateOnly date, IReadOnlyList<DailyBar> bars, IReadOnlyCollection<Symbol> silent, string source, DateTimeOffset asOf, bool final, CancellationToken ct);
    public abstract Task StageSlotsAsync(IReadOnlyList<SlotDay> days, string source, DateTimeOffset asOf, bool final, CancellationToken ct);
    public abstract Task<IReadOnlySet<Symbol>> StagedAsync(DateOnly date, CancellationToken ct);
    public abstract Task<long> PublishSlotsAsync(DateOnly date, string source, DateTimeOffset asOf, bool final, CancellationToken ct);
    public abstract Task<long> SaveSlotsAsync(
        DateOnly date, IReadOnlyList<SlotDay> days, IReadOnlySet<Symbol> provisional, string source, DateTimeOffset asOf, bool final, CancellationToken ct);
    public abstract Task DiscardStagedAsync(DateOnly date, CancellationToken ct);
    public abstract IAsyncEnumerable<DailyBar> ReadDailyAsync(DateOnly from, DateOnly to, IReadOnlyCollection<Symbol>? symbols, CancellationToken ct);
    public abstract IAsyncEnumerable<DailyBar> ReadNewestDailyAsync(IReadOnlyCollection<Symbol> symbols, DateOnly to, int count, CancellationToken ct);
    public abstract IAsyncEnumerable<SlotDay> ReadSlotsAsync(DateOnly date, IReadOnlyCollection<Symbol>? symbols, CancellationToken ct);
    public abstract Task<SessionVolumes> ReadVolumesAsync(DateOnly date, IReadOnlyCollection<Symbol>? symbols, CancellationToken ct);
    public abstract Task<long> DropSlotsBeforeAsync(DateOnly before, CancellationToken ct);

    /// <exception cref="ArgumentException">A bar is of another date, or a symbol occurs twice.</exception>
    protected static void Check(DateOnly date, IReadOnlyList<DailyBar> bars)
    {
        var seen = new HashSet<Symbol>(bars.Count);
        foreach (var bar in bars)
        {
            if (bar.Date != date) throw new ArgumentException($"Bars of {date:yyyy-MM-dd} expected; {bar.Symbol} is of {bar.Date:yyyy-MM-dd}.", nameof(bars));
            if (!seen.Add(bar.Symbol)) throw new ArgumentException($"One bar a symbol expected; {date:yyyy-MM-dd} holds {bar.Symbol} twice.", nameof(bars));
        }
    }

    /// <exception cref="ArgumentException">A slot is outside the grid, or they do not ascend.</exception>
    protected static void Check(SlotDay day, SlotGrid grid)
    {
        var previous = -1;
        foreach (var slot in day.Slots)
        {
            if (slot.Number <= previous || slot.Number >= grid.Count)
                throw new ArgumentException($"Slots ascending from 0 to {grid.Count - 1} expected; {day.Symbol} on {day.Date:yyyy-MM-dd} has {slot.Number} after {previous}.", nameof(day));
            previous = slot.Number;
        }
    }

    /// <returns>By symbol.</returns>
    /// <exception cref="ArgumentException">One is of another date, a symbol occurs twice, or its slots do not ascend within the grid.</exception>
    protected static SlotDay[] Checked(DateOnly date, IReadOnlyList<SlotDay> days, SlotGrid grid)
    {
        var sorted = days.OrderBy(day => day.Symbol).ToArray();
        for (var i = 0; i < sorted.Length; i++)
        {
            if (sorted[i].Date != date) throw new ArgumentException($"Slots of {date:yyyy-MM-dd} expected; those of {sorted[i].Symbol} are of {sorted[i].Date:yyyy-MM-dd}.", nameof(days));
            if (i > 0 && sorted[i].Symbol == sorted[i - 1].Symbol) throw new ArgumentException($"A symbol once expected; {date:yyyy-MM-dd} holds {sorted[i].Symbol} twice.", nameof(days));
            Check(sorted[i], grid);
        }

        return sorted;
    }
}
