using System.Globalization;
using DataMaintenance.Store;
using DataMaintenance.Values;
using Market;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>
/// The slots of a session against its daily volume, by class of liquidity. Never equality: volume-only trades make no bar, and
/// some daily volumes hold the regular session only. Measured on real data the share lies between 0.77 and 1.21; doubled or
/// halved volumes lie far outside.
/// </summary>
internal static class SlotsAgainstDaily
{
    private static readonly (string Name, double Least)[] Classes = [("1M shares and more", 1e6), ("100k to 1M", 1e5), ("10k to 100k", 1e4)];
    private const double LeastShare = 0.5, MostShare = 1.5;
    private const int LeastSymbols = 20;

    /// <summary>Of a session as it lies in the store.</summary>
    /// <param name="shared">Where others of the run find its volumes; null to read them for this only.</param>
    public static async Task<IReadOnlyList<Check>> JudgeAsync(IStore store, Coverage day, SharedInputs? shared, CancellationToken ct)
    {
        var daily = new Dictionary<Symbol, double>();
        await foreach (var bar in store.ReadDailyAsync(day.Date, day.Date, null, ct)) daily[bar.Symbol] = bar.Volume;
        if (daily.Count == 0) return [];
        var volumes = shared is null ? await store.ReadVolumesAsync(day.Date, null, ct) : await shared.VolumesAsync(day, ct);
        return Judge(day.Date, volumes.Symbols.Select((symbol, i) => (daily.GetValueOrDefault(symbol), volumes.SumOf(i))));
    }

    /// <param name="symbols">Shares of each symbol by its daily bar, 0 where it has none, and in its slots.</param>
    public static IReadOnlyList<Check> Judge(DateOnly session, IEnumerable<(double Daily, double Slots)> symbols)
    {
        var shares = Classes.Select(_ => new List<double>()).ToArray();
        foreach (var (daily, slots) in symbols)
        {
            if (slots <= 0) continue;
            var index = Array.FindIndex(Classes, c => daily >= c.Least);
            if (index >= 0) shares[index].Add(slots / daily);
        }

        var checks = new List<Check>();
        for (var i = 0; i < Classes.Length; i++)
        {
            if (shares[i].Count < LeastSymbols) continue;
            shares[i].Sort();
            var median = shares[i][shares[i].Count / 2];
            var text = string.Create(CultureInfo.InvariantCulture, $"{session:yyyy-MM-dd} slots hold {median:0.00} of the daily volume (median of {shares[i].Count:N0} symbols with {Classes[i].Name}), {LeastShare} to {MostShare} expected");
            checks.Add(new(median is >= LeastShare and <= MostShare ? CheckResult.Ok : CheckResult.Failed, text));
        }

        return checks;
    }
}
