namespace CorruptionBench.Kinds;

/// <summary>Rows that come twice, or in no order.</summary>
internal static class Repeats
{
    public static IReadOnlyList<FileCorruption> All { get; } =
    [
        new("day rows twice, the same", Needs.Days, Strength.Some, (f, s, c) => f.Days = Twice(f.Days, c.Of(s), r => r)),
        new("day rows twice, the second with another volume and close", Needs.Days, Strength.Some, (f, s, c) => f.Days = Twice(f.Days, c.Of(s), Another)),
        new("day rows twice, the second at the end of the file", Needs.Days, Strength.Some, (f, s, c) =>
        {
            var hit = c.Of(s);
            f.Days.AddRange(f.Days.Where(r => hit.Contains(r.Ticker)).Select(r => Another(r.Copy())).ToArray());
        }),
        new("minutes twice, the same", Needs.Minutes, Strength.Some, (f, s, c) => f.Minutes = Twice(f.Minutes, c.Of(s), r => r)),
        new("minutes twice, the second with another volume and close", Needs.Minutes, Strength.Some, (f, s, c) => f.Minutes = Twice(f.Minutes, c.Of(s), Another)),
        new("all minutes of a symbol once more at the end of the file", Needs.Minutes, Strength.Some, (f, s, c) =>
        {
            var hit = c.Of(s);
            f.Minutes.AddRange(f.Minutes.Where(r => hit.Contains(r.Ticker)).ToArray());
        }),
        new("day rows in no order", Needs.Days, Strength.Once, (f, s, c) =>
        {
            c.Of(s);
            f.Days = Shuffled(f.Days, f.Date.DayNumber);
        }),
        new("minutes in no order", Needs.Minutes, Strength.Once, (f, s, c) =>
        {
            c.Of(s);
            f.Minutes = Shuffled(f.Minutes, f.Date.DayNumber);
        }),
    ];

    private static List<Row> Twice(List<Row> rows, HashSet<string> hit, Func<Row, Row> second) =>
        [.. rows.SelectMany<Row, Row>(r => hit.Contains(r.Ticker) ? [r, second(r.Copy())] : [r])];

    private static Row Another(Row row)
    {
        row.Shares(v => v + 100);
        row.Close = row.Low;
        return row;
    }

    private static List<Row> Shuffled(List<Row> rows, int seed)
    {
        var all = rows.ToArray();
        new Random(seed).Shuffle(all);
        return [.. all];
    }
}
