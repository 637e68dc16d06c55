using static CorruptionBench.SessionFiles;

namespace CorruptionBench.Kinds;

/// <summary>Something that should be there is not.</summary>
internal static class Missing
{
    private const Needs Both = Needs.Days | Needs.Minutes;

    private static readonly IReadOnlyList<Strength> Tails = Strength.Parts(.001, .01, .1, .5);

    public static IReadOnlyList<FileCorruption> All { get; } =
    [
        new("symbols absent from both files", Needs.Nothing, Strength.Symbols, (f, s, c) =>
        {
            var gone = c.Of(s);
            f.Days.RemoveAll(r => gone.Contains(r.Ticker));
            f.Minutes.RemoveAll(r => gone.Contains(r.Ticker));
        }),
        new("symbols absent from the day file", Needs.Days, Strength.Symbols, (f, s, c) =>
        {
            var gone = c.Of(s);
            f.Days.RemoveAll(r => gone.Contains(r.Ticker));
        }),
        new("symbols absent from the minute file", Needs.Minutes, Strength.Symbols, (f, s, c) =>
        {
            var gone = c.Of(s);
            f.Minutes.RemoveAll(r => gone.Contains(r.Ticker));
        }),
        Gone("minute 10:37 absent", (10 * 60) + 37, 1),
        Gone("minutes 11:00 to 12:00 absent", 11 * 60, 60),
        Gone("minutes of the first half hour absent", (9 * 60) + 30, 30),
        Gone("minute of the closing auction absent", 16 * 60, 1),
        Gone("minutes from 14:00 on absent", 14 * 60, 6 * 60),
        Gone("minutes before the open absent", 4 * 60, 330),
        Gone("minutes of the whole regular session absent", (9 * 60) + 30, 391),
        new("every second minute absent", Needs.Minutes, Strength.Symbols, (f, s, c) =>
        {
            var hit = c.Of(s);
            f.Minutes.RemoveAll(r => hit.Contains(r.Ticker) && f.MinuteOf(r) % 2 == 1);
        }),
        new("last rows of the minute file absent", Needs.Minutes, Tails, (f, s, c) =>
        {
            var lost = Math.Max(1, (int)(f.Minutes.Count * s.Factor));
            c.Touched.UnionWith(f.Minutes[^lost..].Select(r => r.Ticker));
            f.Minutes.RemoveRange(f.Minutes.Count - lost, lost);
        }),
        new("last rows of the day file absent", Needs.Days, Tails, (f, s, c) =>
        {
            var lost = Math.Max(1, (int)(f.Days.Count * s.Factor));
            c.Touched.UnionWith(f.Days[^lost..].Select(r => r.Ticker));
            f.Days.RemoveRange(f.Days.Count - lost, lost);
        }),
        new("day file of a header only", Needs.Days, Strength.Once, (f, s, c) =>
        {
            c.Of(s);
            f.Days.Clear();
        }),
        new("minute file of a header only", Needs.Minutes, Strength.Once, (f, s, c) =>
        {
            c.Of(s);
            f.Minutes.Clear();
        }),
        new("day file of the session before, as it was", Needs.Days | Needs.Before, Strength.Once, (f, s, c) =>
        {
            c.Of(s);
            f.Days = [.. f.Before!.Days.Select(r => r.Copy())];
        }),
        new("day rows of the session before under this date", Needs.Days | Needs.Before, Strength.Symbols, (f, s, c) => Stale(f, s, c, minutes: false)),
        new("minute file of the session before, as it was", Needs.Minutes | Needs.Before, Strength.Once, (f, s, c) =>
        {
            c.Of(s);
            f.Minutes = [.. f.Before!.Minutes.Select(r => r.Copy())];
        }),
        new("minutes of the session before under this date", Needs.Minutes | Needs.Before, Strength.Symbols, (f, s, c) => Stale(f, s, c, minutes: true)),
        new("both files of the session before under this date", Both | Needs.Before, Strength.Once, (f, s, c) =>
        {
            Stale(f, s, c, minutes: false);
            Stale(f, s, c, minutes: true);
        }),
    ];

    private static FileCorruption Gone(string name, int from, int count) => new(name, Needs.Minutes, Strength.Symbols, (f, s, c) =>
    {
        var hit = c.Of(s);
        f.Minutes.RemoveAll(r => hit.Contains(r.Ticker) && f.MinuteOf(r) - from is var after && after >= 0 && after < count);
    });

    private static void Stale(SessionFiles files, Strength strength, Choice choice, bool minutes)
    {
        var hit = choice.Of(strength);
        var (now, then) = minutes ? (files.Minutes, files.Before!.Minutes) : (files.Days, files.Before!.Days);
        var days = (files.Date.DayNumber - files.Before.Date.DayNumber) * Day;
        var rows = now.Where(r => !hit.Contains(r.Ticker)).Concat(then.Where(r => hit.Contains(r.Ticker)).Select(r => r.Copy().Move(days)))
            .OrderBy(r => r.Ticker, StringComparer.Ordinal).ThenBy(r => r.Start, StringComparer.Ordinal).ToList();
        if (minutes) files.Minutes = rows;
        else files.Days = rows;
    }
}
