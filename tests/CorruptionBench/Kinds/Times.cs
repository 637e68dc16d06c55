using System.Globalization;
using static CorruptionBench.Kinds.Volumes;
using static CorruptionBench.SessionFiles;

namespace CorruptionBench.Kinds;

/// <summary>Times and dates that are wrong.</summary>
internal static class Times
{
    public static IReadOnlyList<FileCorruption> All { get; } =
    [
        Days("day rows stamped with the day after", (f, r) => r.Move(Day)),
        Days("day rows stamped with the day before", (f, r) => r.Move(-Day)),
        Days("day rows stamped 16:00 instead of midnight", (f, r) => r.Move(16 * Hour)),
        Days("day rows stamped midnight UTC", (f, r) => r.Move(-4 * Hour)),
        Minutes("minutes stamped with the day after", (f, r) => r.Move(Day)),
        Minutes("minutes an hour early", (f, r) => r.Move(-Hour)),
        Minutes("minutes an hour late", (f, r) => r.Move(Hour)),
        Minutes("minutes four hours early", (f, r) => r.Move(-4 * Hour)),
        Minutes("minutes five hours late", (f, r) => r.Move(5 * Hour)),
        Minutes("minutes stamped with their end", (f, r) => r.Move(Minute), "one minute in five moves to the next slot, most of the volume stays"),
        Minutes("minutes stamped five minutes late", (f, r) => r.Move(5 * Minute)),
        Minutes("window_start in milliseconds in the minute file", (f, r) => r.Start = r.Start[..^6]),
        Minutes("window_start in seconds in the minute file", (f, r) => r.Start = r.Start[..^9]),
        Days("window_start in milliseconds in the day file", (f, r) => r.Start = r.Start[..^6]),
        Minutes("seconds in window_start", (f, r) => r.Move(17_000_000_000)),
        new("minutes at 02:00 and 21:00 beside the others", Needs.Minutes, Strength.Some, (f, s, c) =>
        {
            foreach (var first in Firsts(f, c.Of(s)))
                foreach (var minute in new[] { 2 * 60, 21 * 60 })
                {
                    var row = first.Copy();
                    row.Start = f.StartAt(minute);
                    f.Minutes.Insert(f.Minutes.IndexOf(first), row);
                }
        }),
        new("minutes of the session before among those of this one", Needs.Minutes | Needs.Before, Strength.Some, (f, s, c) =>
        {
            var hit = c.Of(s);
            f.Minutes = [.. f.Before!.Minutes.Where(r => hit.Contains(r.Ticker)).Select(r => r.Copy()).Concat(f.Minutes)
                .OrderBy(r => r.Ticker, StringComparer.Ordinal).ThenBy(r => long.Parse(r.Start, CultureInfo.InvariantCulture))];
        }),
        new("all volume in one minute in the middle of the night", Needs.Minutes, Strength.Some, (f, s, c) =>
        {
            foreach (var row in Rows(f, c.Of(s))) row.Start = f.StartAt(3 * 60);
        }),
    ];

    private static IEnumerable<Row> Rows(SessionFiles files, HashSet<string> tickers) => files.Minutes.Where(r => tickers.Contains(r.Ticker));

    private static Row[] Firsts(SessionFiles files, HashSet<string> tickers) =>
        [.. Rows(files, tickers).GroupBy(r => r.Ticker, StringComparer.Ordinal).Select(g => g.First())];
}
