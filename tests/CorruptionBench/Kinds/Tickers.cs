using System.Globalization;

namespace CorruptionBench.Kinds;

/// <summary>Rows that bear the wrong name.</summary>
internal static class Tickers
{
    private static readonly HashSet<string> Words = new(["NA", "NAN", "NULL", "TRUE", "INF", "ON", "E"], StringComparer.Ordinal);

    public static IReadOnlyList<FileCorruption> All { get; } =
    [
        new("tickers that read as a value (NA, NAN, NULL, TRUE, INF) blank", Needs.Nothing, Strength.Once, (f, s, c) => Rename(f, c, Words.Contains, _ => "")),
        new("tickers that read as a value written as nan", Needs.Nothing, Strength.Once, (f, s, c) => Rename(f, c, Words.Contains, _ => "nan")),
        new("tickers blank", Needs.Nothing, Strength.Some, (f, s, c) => Rename(f, c, c.Of(s).Contains, _ => "")),
        new("tickers in lower case", Needs.Nothing, Strength.Some, (f, s, c) => Rename(f, c, c.Of(s).Contains, t => t.ToLowerInvariant())),
        new("all tickers folded to upper case", Needs.Nothing, Strength.Once, (f, s, c) => Rename(f, c, t => t.Any(char.IsAsciiLetterLower), t => t.ToUpperInvariant())),
        new("tickers with a blank behind them", Needs.Nothing, Strength.Some, (f, s, c) => Rename(f, c, c.Of(s).Contains, t => t + " ")),
        new("tickers in quotes", Needs.Nothing, Strength.Some, (f, s, c) => Rename(f, c, c.Of(s).Contains, t => $"\"{t}\"")),
        new("a dash instead of the dot in tickers", Needs.Nothing, Strength.Once, (f, s, c) => Rename(f, c, t => t.Contains('.', StringComparison.Ordinal), t => t.Replace('.', '-'))),
        new("binary tickers", Needs.Nothing, Strength.Some, (f, s, c) => Rename(f, c, c.Of(s).Contains, t => "\u0001\u0007" + t)),
        new("strangers beside the known symbols", Needs.Nothing, Strength.Some, (f, s, c) =>
        {
            var hit = c.Of(s);
            f.Days.AddRange(f.Days.Where(r => hit.Contains(r.Ticker)).ToArray().Select(r => Named(r, Stranger(r.Ticker))));
            f.Minutes.AddRange(f.Minutes.Where(r => hit.Contains(r.Ticker)).ToArray().Select(r => Named(r, Stranger(r.Ticker))));
            c.Touched.UnionWith(hit.Select(Stranger).ToArray());
        }, "new listings look the same, as long as they are few"),
        new("a test symbol trades at an absurd price", Needs.Days, Strength.Once, (f, s, c) =>
        {
            c.Touched.Add("ZXZZT");
            f.Days.Add(Named(f.Days[0], "ZXZZT").Prices(_ => 99_999_999));
        }),
        new("symbols renamed", Needs.Nothing, Strength.Some, (f, s, c) => Rename(f, c, c.Of(s).Contains, Stranger), "a company may be renamed on any day; its old series ends"),
        new("rows of two symbols exchanged in both files", Needs.Nothing, Strength.Some, (f, s, c) =>
        {
            var pairs = c.Pairs(s);
            Rename(f, c, pairs.ContainsKey, t => pairs[t], both: true);
        }),
        new("rows of two symbols exchanged in the day file", Needs.Days | Needs.Minutes, Strength.Some, (f, s, c) =>
        {
            var pairs = c.Pairs(s);
            foreach (var row in f.Days) if (pairs.TryGetValue(row.Ticker, out var other)) row.Ticker = other;
            f.Days.Sort((a, b) => string.CompareOrdinal(a.Ticker, b.Ticker));
        }),
        new("the ticker's series goes on with another company", Needs.Days, Strength.Some, (f, s, c) =>
        {
            var pairs = c.Pairs(s);
            var days = f.Days.ToDictionary(r => r.Ticker, r => r.Copy(), StringComparer.Ordinal);
            var minutes = f.Minutes.Select(r => r.Copy()).ToLookup(r => r.Ticker, StringComparer.Ordinal);
            var hit = pairs.Keys.Take(s.Share <= 0 ? 1 : pairs.Count).Where(t => days.ContainsKey(pairs[t])).ToHashSet(StringComparer.Ordinal);
            foreach (var row in f.Days) if (hit.Contains(row.Ticker)) row.Take(days[pairs[row.Ticker]]);
            f.Minutes = [.. f.Minutes.Where(r => !hit.Contains(r.Ticker)).Concat(hit.SelectMany(t => minutes[pairs[t]].Select(r => Named(r, t))))
                .OrderBy(r => r.Ticker, StringComparer.Ordinal).ThenBy(r => r.Start, StringComparer.Ordinal)];
        }),
    ];

    private static void Rename(SessionFiles files, Choice choice, Func<string, bool> which, Func<string, string> to, bool both = false)
    {
        foreach (var row in files.Days.Concat(files.Minutes))
            if (which(row.Ticker))
            {
                choice.Touched.Add(row.Ticker);
                row.Ticker = to(row.Ticker);
                choice.Touched.Add(row.Ticker);
            }
        if (!both) return;
        files.Days.Sort((a, b) => string.CompareOrdinal(a.Ticker, b.Ticker));
        files.Minutes = [.. files.Minutes.OrderBy(r => r.Ticker, StringComparer.Ordinal).ThenBy(r => r.Start, StringComparer.Ordinal)];
    }

    private static Row Named(Row row, string ticker)
    {
        var copy = row.Copy();
        copy.Ticker = ticker;
        return copy;
    }

    /// <summary>A ticker that nobody bears.</summary>
    private static string Stranger(string ticker) => string.Create(CultureInfo.InvariantCulture, $"{ticker}.ZQ");
}
