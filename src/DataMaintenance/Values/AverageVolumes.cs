using Market;

namespace DataMaintenance.Values;

/// <summary>Mean volume of the last 5, 10 and 30 bars, of every symbol that traded in the last 30 sessions and has at least 5.</summary>
internal static class AverageVolumes
{
    public const int Formula = 1;
    public const int Bars = 30;
    private const int Middle = 10;
    private const int Shortest = 5;

    /// <param name="series">At least <see cref="Bars"/> of each symbol, where it has as many.</param>
    public static Computed Of(SortedList<Symbol, BarSeries> series, Inputs inputs)
    {
        var values = new List<IDerivedValue>(series.Count);
        var prints = new Dictionary<Symbol, ulong>(series.Count);
        var head = Print.Of($"avg_volume {Formula}");
        foreach (var (symbol, ofSymbol) in series)
        {
            var volumes = ofSymbol.Volumes;
            if (AverageVolume.Of(volumes, Shortest) is not { } five) continue;
            values.Add(new AverageVolumeValue(symbol, five, AverageVolume.Of(volumes, Middle), AverageVolume.Of(volumes, Bars)));
            var used = Used(ofSymbol.Count);
            prints.Add(symbol, PrintOf(head, inputs, symbol, ofSymbol.Dates[^used..], volumes[^used..]));
        }

        return new(values, series.Count - values.Count, prints);
    }

    /// <summary>How many of so many bars are in a mean: those of the longest that can be taken.</summary>
    public static int Used(int bars) => bars >= Bars ? Bars : bars >= Middle ? Middle : bars >= Shortest ? Shortest : 0;

    private static ulong PrintOf(Print print, Inputs inputs, Symbol symbol, ReadOnlySpan<DateOnly> dates, ReadOnlySpan<double> volumes)
    {
        for (var i = 0; i < dates.Length; i++)
        {
            print.Add(dates[i]);
            print.Add(volumes[i]);
        }

        print.Add(inputs.AdjustmentOf(symbol).After(dates[0]));
        return print.Value;
    }
}
