namespace Market;

/// <summary>
/// The usual course of a symbol's volume through the day: the mean, over sessions, of the cumulative volume at the end of each slot.
/// Relative volume (RVOL) is today's cumulative volume divided by it.
/// </summary>
public static class VolumeProfile
{
    /// <summary>
    /// Adds one session to <paramref name="sums"/>: in every slot the volume since the day's first, 0 before the first trade and
    /// carried forward over silent slots to the end. Add the oldest session first: floating sums depend on the order.
    /// </summary>
    /// <param name="slots">The session's slots, ascending by number.</param>
    /// <param name="volumeFactor">The session's <see cref="Adjustment.VolumeFactor"/>.</param>
    /// <param name="sums">One number per slot of the grid, shares.</param>
    /// <exception cref="ArgumentException">A slot does not ascend or is outside the grid.</exception>
    public static void AddSession(ReadOnlySpan<Slot> slots, double volumeFactor, Span<double> sums)
    {
        var (numbers, volumes) = (new short[slots.Length], new double[slots.Length]);
        for (var i = 0; i < slots.Length; i++) (numbers[i], volumes[i]) = (slots[i].Number, slots[i].Volume);
        AddSession(numbers, volumes, volumeFactor, sums);
    }

    /// <summary>The same of slots whose numbers and volumes lie side by side.</summary>
    /// <param name="volumes">Shares, one for each number.</param>
    /// <exception cref="ArgumentException">A slot does not ascend or is outside the grid.</exception>
    public static void AddSession(ReadOnlySpan<short> numbers, ReadOnlySpan<double> volumes, double volumeFactor, Span<double> sums)
    {
        var cumulative = 0.0;
        var next = 0;
        for (var i = 0; i < numbers.Length; i++)
        {
            int number = numbers[i];
            if (number < next || number >= sums.Length)
                throw new ArgumentException($"Slot {number} came where one from {next} to {sums.Length - 1} was expected: slots must ascend within the grid.", nameof(numbers));
            AddToAll(sums[next..number], cumulative * volumeFactor);
            cumulative += volumes[i];
            sums[number] += cumulative * volumeFactor;
            next = number + 1;
        }
        AddToAll(sums[next..], cumulative * volumeFactor);
    }

    /// <summary>Turns the sums of <see cref="AddSession(ReadOnlySpan{short}, ReadOnlySpan{double}, double, Span{double})"/> into means, in place.</summary>
    /// <param name="sessions">How many were added, at least 1.</param>
    public static void Average(Span<double> sums, int sessions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sessions, 1);
        foreach (ref var sum in sums) sum /= sessions;
    }

    private static void AddToAll(Span<double> sums, double value)
    {
        if (value == 0) return;
        foreach (ref var sum in sums) sum += value;
    }
}
