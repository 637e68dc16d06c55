namespace DataMaintenance.Provider.FlatFiles;

internal static class FlatFileTime
{
    private const long NanosecondsPerMillisecond = 1_000_000;

    /// <summary>Unix milliseconds of nanoseconds; a part of a millisecond, which no bar has, gives an odd stamp rather than a rounded one.</summary>
    public static long Milliseconds(long nanoseconds)
    {
        var (whole, part) = Math.DivRem(nanoseconds, NanosecondsPerMillisecond);
        return part == 0 ? whole : whole - (whole % 60_000) + 1;
    }
}
