using static CorruptionBench.Kinds.Volumes;

namespace CorruptionBench.Kinds;

/// <summary>Prices that are wrong.</summary>
internal static class Prices
{
    private const string Range = "within the day's own range another value is as likely";

    public static IReadOnlyList<FileCorruption> All { get; } =
    [
        Days("open and close exchanged in the day file", (f, r) => (r.Open, r.Close) = (r.Close, r.Open), Range),
        Minutes("open and close exchanged in the minute file", (f, r) => (r.Open, r.Close) = (r.Close, r.Open), "minutes give volumes and an average price; their open and close are not kept"),
        Days("high and low exchanged in the day file", (f, r) => (r.High, r.Low) = (r.Low, r.High)),
        Minutes("high and low exchanged in the minute file", (f, r) => (r.High, r.Low) = (r.Low, r.High)),
        Days("columns in the order open, high, low, close under the old header", (f, r) => (r.Close, r.High, r.Low) = (r.High, r.Low, r.Close)),
        Days("prices times 100 in the day file", (f, r) => r.Prices(p => p * 100)),
        Days("prices times 10 in the day file", (f, r) => r.Prices(p => p * 10)),
        Days("prices divided by 100 in the day file", (f, r) => r.Prices(p => p / 100)),
        Minutes("prices times 100 in the minute file", (f, r) => r.Prices(p => p * 100)),
        new("prices of every symbol times k in both files", Needs.Days, Strength.OnAll(.99, .95, .9, .5), (f, s, c) =>
        {
            c.Of(s);
            foreach (var row in f.Days.Concat(f.Minutes)) row.Prices(p => p * (decimal)s.Factor);
        }, "a market that falls by so much looks the same; a dividend's adjustment of all at once does not occur"),
        Print("one print in the high, k times what it was", (r, k) => r.High = Row.Text(Row.Number(r.High) * k), 1.05, 1.2, 1.5, 2, 10, 1000),
        Print("one print in the low, k times what it was", (r, k) => r.Low = Row.Text(Row.Number(r.Low) * k), .95, .8, .5, .1, .001),
        Print("the close is k times what it was, the high with it", (r, k) =>
        {
            r.Close = Row.Text(Row.Number(r.Close) * k);
            if (Row.Number(r.Close) > Row.Number(r.High)) r.High = r.Close;
        }, 1.05, 1.5, 2, 10),
        Days("the close copied over open, high and low", (f, r) => r.Open = r.High = r.Low = r.Close),
        Days("high a little below the close", (f, r) => r.High = Row.Text(Row.Number(r.Close) * .9999m)),
        Days("the close of the day is 0", (f, r) => r.Close = "0"),
        Days("all prices of the day are 0", (f, r) => r.Open = r.Close = r.High = r.Low = "0"),
        Days("prices of the day are negative", (f, r) => r.Prices(p => -p)),
        Minutes("prices of minutes are 0", (f, r) => r.Open = r.Close = r.High = r.Low = "0"),
        Days("decimals of the day's prices cut off", (f, r) => r.Prices(Math.Truncate)),
        new("prices frozen at the session before, volume of this one", Needs.Days | Needs.Before, Strength.Some, (f, s, c) =>
        {
            var hit = c.Of(s);
            var then = f.Before!.Days.ToDictionary(r => r.Ticker, StringComparer.Ordinal);
            foreach (var row in f.Days)
                if (hit.Contains(row.Ticker) && then.TryGetValue(row.Ticker, out var old)) (row.Open, row.Close, row.High, row.Low) = (old.Open, old.Close, old.High, old.Low);
        }),
    ];

    private static FileCorruption Print(string name, Action<Row, decimal> change, params double[] factors) => new(name, Needs.Days, Strength.OnOne(factors), (f, s, c) =>
    {
        var hit = c.Of(s);
        foreach (var row in f.Days) if (hit.Contains(row.Ticker)) change(row, (decimal)s.Factor);
    }, "a few per cent are a day's ordinary range");
}
