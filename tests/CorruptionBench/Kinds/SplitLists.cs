using System.Globalization;
using Market;

namespace CorruptionBench.Kinds;

/// <summary>The list of splits, and prices that step without it.</summary>
internal static class SplitLists
{
    public static IReadOnlyList<FileCorruption> All { get; } =
    [
        new("prices and volumes of a symbol step as by a split, none listed", Needs.Days, Strength.Splits, (f, s, c) =>
        {
            var hit = c.Of(s);
            foreach (var row in f.Days.Concat(f.Minutes))
                if (hit.Contains(row.Ticker)) row.Prices(p => p / (decimal)s.Factor).Shares(v => v * (decimal)s.Factor);
        }, "steps up to a half happen overnight without a split"),
        new("prices of many symbols step as by 2:1, none listed", Needs.Days, Strength.Some, (f, s, c) =>
        {
            var hit = c.Of(s);
            foreach (var row in f.Days.Concat(f.Minutes))
                if (hit.Contains(row.Ticker)) row.Prices(p => p / 2).Shares(v => v * 2);
        }),
        Real("a real split of the day not listed", (f, line) => f.Splits.Remove(line), "steps up to a half happen overnight without a split"),
        Real("a real split listed twice", (f, line) => f.Splits.Add(line)),
        Real("a real split listed on the session before too", (f, line) => f.Splits.Add(On(line, TradingCalendar.Nyse.PreviousSession(f.Date)))),
        Real("a real split listed a session late", (f, line) => Replace(f, line, On(line, TradingCalendar.Nyse.NextSession(f.Date)))),
        Real("a real split listed a session early", (f, line) => Replace(f, line, On(line, TradingCalendar.Nyse.PreviousSession(f.Date)))),
        Real("a real split listed five sessions early", (f, line) => Replace(f, line, On(line, TradingCalendar.Nyse.LastSessions(6, f.Date)[0]))),
        Real("from and to of a real split exchanged", (f, line) => Replace(f, line, With(line, p => (p[3], p[2])))),
        Real("ratio of a real split doubled", (f, line) => Replace(f, line, With(line, p => (p[2], Row.Text(Row.Number(p[3]) * 2))))),
        Real("a real split listed with a factor of 0", (f, line) => Replace(f, line, With(line, p => ("0", p[3])))),
        Real("a real split listed under another ticker", (f, line) => Replace(f, line, "ZQZQ" + line[line.IndexOf(',', StringComparison.Ordinal)..])),
        Real("a split of the past week gone from the list", (f, line) => { }, past: (f, line) => f.Splits.Remove(line)),
        Real("a split of the past week listed with another ratio", (f, line) => { }, past: (f, line) => Replace(f, line, With(line, p => (p[2], Row.Text(Row.Number(p[3]) + 1))))),
        new("a split listed that did not happen", Needs.Days, Strength.Splits, (f, s, c) =>
        {
            foreach (var ticker in c.Of(s)) f.Splits.Add(string.Create(CultureInfo.InvariantCulture, $"{ticker},{f.Date:yyyy-MM-dd},{s.Ratio}"));
        }, "a step of a few per cent is within an ordinary night's"),
        new("a split listed in the past that did not happen", Needs.Days, Strength.Splits, (f, s, c) =>
        {
            var day = TradingCalendar.Nyse.LastSessions(6, f.Date)[0];
            foreach (var ticker in c.Of(s)) f.Splits.Add(string.Create(CultureInfo.InvariantCulture, $"{ticker},{day:yyyy-MM-dd},{s.Ratio}"));
        }, "a step of a few per cent is within an ordinary night's"),
        new("list of splits empty", Needs.ListedSplits, Strength.Once, (f, s, c) =>
        {
            c.Touched.UnionWith(f.Splits.Select(l => l.Split(',')[0]));
            f.Splits.Clear();
        }),
        new("list of splits of no bytes", Needs.ListedSplits, Strength.Once, (f, s, c) =>
        {
            c.Touched.UnionWith(f.Splits.Select(l => l.Split(',')[0]));
            f.SplitsText = _ => "";
        }),
        new("list of splits ends inside a row", Needs.ListedSplits, Strength.Once, (f, s, c) =>
        {
            c.Touched.UnionWith(f.Splits.Select(l => l.Split(',')[0]));
            f.SplitsText = t => t[..^3];
        }),
    ];

    /// <summary>For each ratio the split of the day, or the newest before it, that has it.</summary>
    private static FileCorruption Real(string name, Action<SessionFiles, string> change, string? note = null, Action<SessionFiles, string>? past = null) =>
        new(name, Needs.ListedSplits, past is null ? Strength.SomeSplits : [.. Strength.Splits.Where(s => s.Ratio is "1,2" or "1,3")], (f, s, c) =>
        {
            var line = f.Splits.Where(l => l.EndsWith("," + s.Ratio, StringComparison.Ordinal) && (past is null ? DateOf(l) == f.Date : DateOf(l) < f.Date))
                .OrderBy(DateOf).LastOrDefault() ?? throw new InvalidOperationException($"{name}: no split of {s.Shown} is listed");
            c.Touched.Add(line.Split(',')[0]);
            (past ?? change)(f, line);
        }, note);

    private static DateOnly DateOf(string line) => DateOnly.ParseExact(line.Split(',')[1], "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static void Replace(SessionFiles files, string line, string by) => files.Splits[files.Splits.IndexOf(line)] = by;

    private static string On(string line, DateOnly day)
    {
        var parts = line.Split(',');
        return string.Create(CultureInfo.InvariantCulture, $"{parts[0]},{day:yyyy-MM-dd},{parts[2]},{parts[3]}");
    }

    private static string With(string line, Func<string[], (string From, string To)> change)
    {
        var parts = line.Split(',');
        var (from, to) = change(parts);
        return $"{parts[0]},{parts[1]},{from},{to}";
    }
}
