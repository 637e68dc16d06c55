namespace Market;

/// <summary>Mean daily volume in shares.</summary>
public static class AverageVolume
{
    /// <summary>The mean of the last <paramref name="bars"/> volumes; null below that many.</summary>
    /// <param name="volumes">One a bar, consecutive bars of one symbol, oldest first, on one split basis.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bars"/> is below 1.</exception>
    public static double? Of(ReadOnlySpan<double> volumes, int bars)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bars, 1);
        if (volumes.Length < bars) return null;
        var sum = 0.0;
        foreach (var volume in volumes[^bars..]) sum += volume;
        return sum / bars;
    }
}
