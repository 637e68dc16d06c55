namespace Market;

/// <summary>
/// Volume by slot of a day on the extended grid, and whether it lies where the regular session is. Real days have from 79 to 99 per cent
/// of it between the open and the closing auction; rows read in another time zone, or an hour off around daylight saving, do not.
/// </summary>
public sealed class DayProfile
{
    private const int SlotsPerHour = 12, MostHours = 5;
    private static readonly int OpenSlot = SlotGrid.Extended.SlotOf(TradingCalendar.RegularOpen);

    private readonly double[] volumes = new double[SlotGrid.Extended.Count];

    public ReadOnlySpan<double> Volumes => volumes;

    public void Add(ReadOnlySpan<Slot> slots)
    {
        foreach (ref readonly var slot in slots)
            if ((uint)slot.Number < (uint)volumes.Length) volumes[slot.Number] += slot.Volume;
    }

    public void Clear() => Array.Clear(volumes);

    /// <summary>The displacement in whole hours at which the day would lie better, with the shares of the volume in the regular session as it is and displaced.</summary>
    /// <param name="close">The session's close, New York.</param>
    /// <returns>0 hours when nothing lies better.</returns>
    public Displacement Best(TimeOnly close)
    {
        var length = SlotGrid.Extended.SlotOf(close) - OpenSlot + 1;
        var total = 0.0;
        foreach (var volume in volumes) total += volume;
        if (!(total > 0)) return default;
        var (best, most) = (0, Within(0));
        var now = most;
        for (var hours = -MostHours; hours <= MostHours; hours++)
            if (Within(hours) is var within && within > most) (best, most) = (hours, within);
        return new(best, now / total, most / total, Opening(0), Opening(best));

        double Within(int hours) => Sum(OpenSlot + (hours * SlotsPerHour), length);

        // A session begins with a burst: its first half hour holds more than the average one.
        double Opening(int hours) => Within(hours) is var within && within > 0 ? Sum(OpenSlot + (hours * SlotsPerHour), SlotsPerHour / 2) / within : 0;
    }

    private double Sum(int first, int count)
    {
        var sum = 0.0;
        for (var slot = Math.Max(first, 0); slot < Math.Min(first + count, volumes.Length); slot++) sum += volumes[slot];
        return sum;
    }
}

/// <param name="Hours">Above 0: the day lies so many hours too late.</param>
/// <param name="Share">Of the volume, in the regular session as it is.</param>
/// <param name="Displaced">The same, were the day moved by <paramref name="Hours"/>.</param>
/// <param name="Opening">Share of the session's volume in its first half hour, as it is.</param>
/// <param name="DisplacedOpening">The same, moved.</param>
public readonly record struct Displacement(int Hours, double Share, double Displaced, double Opening, double DisplacedOpening)
{
    public double Gain => Displaced - Share;
}
