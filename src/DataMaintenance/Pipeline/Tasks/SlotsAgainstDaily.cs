using System.Globalization;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Pipeline.Tasks;

/// <summary>
/// The slots of a session against its daily volume, by class of liquidity. Never equality: volume-only trades make no bar, and
/// some daily volumes hold the regular session only. Measured on real data the share lies between 0.77 and 1.21; doubled or
/// halved volumes lie far outside.
/// </summary>
internal sealed class SlotsAgainstDaily(IStore store)
{
    private static readonly (string Name, double Least)[] Classes = [("1M shares and more", 1e6), ("100k to 1M", 1e5), ("10k to 100k", 1e4)];
    private const double LeastShare = 0.5, MostShare = 1.5;
    private const int LeastSymbols = 20;

    public async Task CheckAsync(DateOnly session, TaskReport report, CancellationToken ct)
    {
        var daily = new Dictionary<Symbol, double>();
        await foreach (var bar in store.ReadDailyAsync(session, session, null, ct)) daily[bar.Symbol] = bar.Volume;
        if (daily.Count == 0) return;
        var shares = Classes.Select(_ => new List<double>()).ToArray();
        await foreach (var day in store.ReadSlotsAsync(session, null, ct))
        {
            if (!daily.TryGetValue(day.Symbol, out var volume) || day.Slots.Length == 0) continue;
            var index = Array.FindIndex(Classes, c => volume >= c.Least);
            if (index >= 0) shares[index].Add(day.Slots[^1].Accumulated / volume);
        }

        for (var i = 0; i < Classes.Length; i++)
        {
            if (shares[i].Count < LeastSymbols) continue;
            shares[i].Sort();
            var median = shares[i][shares[i].Count / 2];
            var text = string.Create(CultureInfo.InvariantCulture, $"{session:yyyy-MM-dd} slots hold {median:0.00} of the daily volume (median of {shares[i].Count:N0} symbols with {Classes[i].Name}), {LeastShare} to {MostShare} expected");
            report.Add(new(median is >= LeastShare and <= MostShare ? CheckResult.Ok : CheckResult.Failed, text));
        }
    }
}
