using Market;

namespace DataMaintenance.Values;

/// <summary>Mean volume of the last 5, 10 and 30 bars, of every symbol that traded in the last 30 sessions and has at least 5.</summary>
internal static class AverageVolumes
{
    public const int Formula = 1;
    public const int Bars = 30;

    public static async Task<Computed> ComputeAsync(Inputs inputs, IReadOnlyCollection<Symbol>? symbols, CancellationToken ct)
    {
        var series = await inputs.NewestBarsAsync(Bars, Atr.RecentSessions, symbols, ct);
        var values = new List<IDerivedValue>(series.Count);
        foreach (var (symbol, ofSymbol) in series)
        {
            var volumes = ofSymbol.Volumes;
            if (AverageVolume.Of(volumes, 5) is { } five)
                values.Add(new AverageVolumeValue(symbol, five, AverageVolume.Of(volumes, 10), AverageVolume.Of(volumes, Bars)));
        }

        return new(values, series.Count - values.Count);
    }
}
