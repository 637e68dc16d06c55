namespace CorruptionBench.Kinds;

/// <summary>Numbers of shares that are wrong.</summary>
internal static class Volumes
{
    private const Needs Both = Needs.Days | Needs.Minutes;

    private static readonly IReadOnlyList<Strength> One = Strength.OnOne(1.05, 1.5, 2, 3, 10), Every = Strength.OnAll(1.05, 1.5, 2, 3);

    public static IReadOnlyList<FileCorruption> All { get; } =
    [
        Scaled("volume of one symbol times k in the day file", Needs.Days, One),
        Scaled("volume of one symbol times k in the minute file", Needs.Minutes, One),
        Scaled("volume of one symbol times k in both files", Both, One, "one symbol may well trade so much in a day: news does it"),
        Scaled("volume of every symbol times k in the day file", Needs.Days, Every),
        Scaled("volume of every symbol times k in the minute file", Needs.Minutes, Every),
        Scaled("volume of every symbol times k in both files", Both, Every, "the whole market may trade so much more: an index's rebalancing or an expiry does it"),
        Scaled("volume of a third of the symbols times k in the day file", Needs.Days, [.. Every.Select(e => e with { Share = 1 / 3.0 })]),
        Scaled("volume in hundreds of shares in the day file", Needs.Days, [.. Strength.Some.Select(s => s with { Factor = .01 })]),
        Scaled("volume in hundreds of shares in the minute file", Needs.Minutes, [.. Strength.Some.Select(s => s with { Factor = .01 })]),
        Days("volume of the day is 0", (f, r) => r.Volume = "0"),
        Days("volume of the day is negative", (f, r) => r.Volume = "-" + r.Volume),
        Minutes("volume of every minute is 0", (f, r) => r.Volume = "0"),
        Minutes("volume of minutes is negative", (f, r) => r.Volume = "-" + r.Volume),
        Days("volume and transactions exchanged in the day file", (f, r) => (r.Volume, r.Trades) = (r.Trades, r.Volume)),
        Minutes("volume and transactions exchanged in the minute file", (f, r) => (r.Volume, r.Trades) = (r.Trades, r.Volume)),
        new("volume of the day without extended hours", Both, Strength.Symbols, (f, s, c) =>
        {
            var hit = c.Of(s);
            var regular = f.Minutes.Where(r => hit.Contains(r.Ticker) && f.MinuteOf(r) is >= 570 and <= 960)
                .GroupBy(r => r.Ticker, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(r => Row.Number(r.Volume)), StringComparer.Ordinal);
            foreach (var row in f.Days) if (regular.TryGetValue(row.Ticker, out var shares)) row.Volume = Row.Text(shares);
        }, "where little trades outside the session the difference is within what volume-only trades explain"),
        new("volume of minutes is the running total of the day", Needs.Minutes, Strength.Symbols, (f, s, c) =>
        {
            var hit = c.Of(s);
            var total = new Dictionary<string, decimal>(StringComparer.Ordinal);
            foreach (var row in f.Minutes.Where(r => hit.Contains(r.Ticker)))
                row.Volume = Row.Text(total[row.Ticker] = total.GetValueOrDefault(row.Ticker) + Row.Number(row.Volume));
        }),
        new("volume of the day lies in its first minute", Needs.Minutes, Strength.Symbols, (f, s, c) =>
        {
            var hit = c.Of(s);
            foreach (var rows in f.Minutes.Where(r => hit.Contains(r.Ticker)).GroupBy(r => r.Ticker, StringComparer.Ordinal).ToArray())
            {
                var all = rows.Sum(r => Row.Number(r.Volume));
                foreach (var row in rows) row.Volume = "1";
                rows.First().Volume = Row.Text(all);
            }
        }),
    ];

    private static FileCorruption Scaled(string name, Needs where, IReadOnlyList<Strength> strengths, string? note = null) => new(name, where, strengths, (f, s, c) =>
    {
        var hit = c.Of(s);
        if (where.HasFlag(Needs.Days)) foreach (var row in f.Days) if (hit.Contains(row.Ticker)) row.Shares(v => v * (decimal)s.Factor);
        if (where.HasFlag(Needs.Minutes)) foreach (var row in f.Minutes) if (hit.Contains(row.Ticker)) row.Shares(v => v * (decimal)s.Factor);
    }, note);

    internal static FileCorruption Days(string name, Action<SessionFiles, Row> change, string? note = null) => new(name, Needs.Days, Strength.Some, (f, s, c) =>
    {
        var hit = c.Of(s);
        foreach (var row in f.Days) if (hit.Contains(row.Ticker)) change(f, row);
    }, note);

    internal static FileCorruption Minutes(string name, Action<SessionFiles, Row> change, string? note = null) => new(name, Needs.Minutes, Strength.Some, (f, s, c) =>
    {
        var hit = c.Of(s);
        foreach (var row in f.Minutes) if (hit.Contains(row.Ticker)) change(f, row);
    }, note);
}
