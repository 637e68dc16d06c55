using DataMaintenance.Store;
using Market;
using Simulator;
using Simulator.World;

namespace DataMaintenance.Tests.Reconciling;

/// <summary>
/// What the simulated provider said, in its own whole numbers, and from it the ledger that a follower must have: computed from the provider alone,
/// without a line of the service's comparison.
/// </summary>
internal sealed class Told(SimulatorHost provider)
{
    private readonly Dictionary<(Dataset, DateOnly), Dictionary<string, double?>> heard = [];

    /// <summary>One line a revision, in no order.</summary>
    public List<string> Ledger { get; } = [];

    /// <summary>The session is loaded, or compared again, at the instant: what differs from what was heard before goes into the ledger.</summary>
    public void Hear(Dataset dataset, DateOnly session, DateTimeOffset at)
    {
        var now = dataset == Dataset.Daily ? Daily(session, at) : Slots(session, at);
        var fresh = !heard.TryGetValue((dataset, session), out var before);
        before ??= [];
        foreach (var key in now.Keys.Union(before.Keys).ToArray())
        {
            var (old, @new) = (before.GetValueOrDefault(key), now.GetValueOrDefault(key));
            // What is not told any more of a row that is still there stays known.
            if (@new is null && old is not null && Row(key, now)) now[key] = old;
            else if (!fresh && old != @new && !(old is null && Row(key, before))) Ledger.Add(Line(dataset, session, key, old, @new));
        }

        heard[(dataset, session)] = now;
    }

    public static string Line(Revision r) => Line(r.Dataset, r.Date, $"{r.Symbol} {r.Slot} {r.Field}", r.Old, r.New);

    private static string Line(Dataset dataset, DateOnly session, string key, double? old, double? @new) =>
        FormattableString.Invariant($"{dataset} {session:yyyy-MM-dd} {key} {Rounded(old)} -> {Rounded(@new)}");

    private static string Rounded(double? value) => value is { } told ? Math.Round(told, 5).ToString("R", System.Globalization.CultureInfo.InvariantCulture) : "none";

    private static bool Row(string key, Dictionary<string, double?> rows) => rows.ContainsKey(key[..key.LastIndexOf(' ')] + " volume");

    private Dictionary<string, double?> Daily(DateOnly session, DateTimeOffset at)
    {
        var told = new Dictionary<string, double?>(StringComparer.Ordinal);
        foreach (var (symbol, bar) in provider.DailyAt(session, at))
        {
            void Add(string field, double? value)
            {
                if (value is not null) told[$"{symbol}  {field}"] = value;
            }

            Add("open", Price(bar.Open));
            Add("high", Price(bar.High));
            Add("low", Price(bar.Low));
            Add("close", Price(bar.Close));
            Add("volume", Volume(bar.Volume));
            // One bar in some four thousand is told without a vwap, one without a count.
            Add("vwap", bar.Vwap == 0 || (bar.Vwap + bar.Trades) % 4_099 == 0 ? null : Price(bar.Vwap));
            Add("trades_count", bar.Trades == 0 || (bar.High + bar.Trades) % 4_093 == 0 ? null : bar.Trades);
        }

        return told;
    }

    private Dictionary<string, double?> Slots(DateOnly session, DateTimeOffset at)
    {
        var start = TradingCalendar.At(session, new(4, 0)).ToUnixTimeMilliseconds();
        var told = new Dictionary<string, double?>(StringComparer.Ordinal);
        foreach (var (symbol, minutes) in provider.MinutesAt(session, at))
        {
            foreach (var slot in minutes.GroupBy(m => (m.Start - start) / 300_000))
            {
                told[$"{symbol} {slot.Key} volume"] = Volume(slot.Sum(m => m.Volume));
                told[$"{symbol} {slot.Key} trades_count"] = slot.Sum(m => m.Trades);
            }
        }

        return told;
    }

    private static double Price(long price) => (double)price / Bar.PriceScale;

    private static double Volume(long volume) => (double)volume / Bar.VolumeScale;
}
