using System.Globalization;

namespace CorruptionBench;

/// <summary>Real market data beside the checkout, taken apart into sets that belong together.</summary>
internal static class Recorded
{
    /// <summary>Sets that are walked through together. Where there are days and minutes, only the tickers that have both are taken: one without the other is no market.</summary>
    /// <param name="Day">Set of daily bars in <c>sets.csv</c>; empty where there is none.</param>
    /// <param name="Minute">Set of minutes.</param>
    /// <param name="Splits">The splits that there were, as the list prints them.</param>
    internal sealed record Pair(string Name, string Day, string Minute, params string[] Splits)
    {
        /// <summary>Only one ticker in so many.</summary>
        public int OneIn { get; init; } = 1;
    }

    /// <summary>What is corrupted; a sixth of the market will do.</summary>
    public static readonly IReadOnlyList<Pair> Struck =
        [new("real 2025", "pub-2025-01-day", "pub-2025-01-min"), new("real market 2016, a sixth", "pub-market-2016-day", "") { OneIn = 6 }];

    /// <summary>What is walked through clean.</summary>
    public static readonly IReadOnlyList<Pair> Pairs =
    [
        new("real 2025", "pub-2025-01-day", "pub-2025-01-min"),
        new("real 2025, days", "pub-2025-01-day", ""),
        new("real 2025, minutes", "", "pub-2025-01-min"),
        new("real market 2016", "pub-market-2016-day", ""),
        new("real 2013", "pub-2013-10-day", "pub-2013-10-min"),
        new("real 2013, days", "pub-2013-10-day", ""),
        new("real AAPL 2014", "pub-split-aapl-day", "pub-split-aapl-min", "AAPL,2014-06-09,1,7"),
        new("real AAPL 2014, days", "pub-split-aapl-day", "", "AAPL,2014-06-09,1,7"),
        new("real NVDA 2024", "pub-split-nvda-day", "", "NVDA,2024-06-10,1,10"),
        new("real FXY spring 2024", "", "pub-dst-spring-min"),
        new("real FXY summer 2024", "", "pub-halfday-min"),
        new("real DBB and INDA 2023", "", "pub-gap-min"),
    ];

    /// <summary>The data beside the checkout; null where they are not.</summary>
    public static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "DataMaintenance.slnx")) && Path.Combine(folder.Parent!.FullName, "shared", "data") is var data && Directory.Exists(data))
                return data;
        return null;
    }

    /// <summary>Writes the pair's own files into a folder, and says how they are walked through.</summary>
    public static Ground Take(string data, string folder, Pair pair)
    {
        var sets = File.ReadLines(Path.Combine(data, "sets.csv")).Skip(1).Select(l => l.Split(',')).ToDictionary(f => f[0], StringComparer.Ordinal);
        var (daySet, minuteSet) = (sets.GetValueOrDefault(pair.Day), sets.GetValueOrDefault(pair.Minute));
        var days = Copy(data, folder, daySet, minuteSet, pair.OneIn, SessionFiles.DayPath);
        var minutes = Copy(data, folder, minuteSet, daySet, pair.OneIn, SessionFiles.MinutePath);
        File.WriteAllText(Path.Combine(folder, "splits.csv"), string.Join('\n', ["symbol,execution_date,split_from,split_to", .. pair.Splits, ""]));
        return Of(pair.Name, folder, days, minutes);
    }

    /// <summary>The sessions after the one that is struck, for the clean walk over the whole range.</summary>
    public static IReadOnlyList<DateOnly> After(Ground ground) => [.. ground.WithDays!.Union(ground.WithMinutes!).Where(d => d > ground.Session).Order()];

    private static Ground Of(string name, string folder, List<DateOnly> days, List<DateOnly> minutes)
    {
        var all = days.Union(minutes).Order().ToArray();
        // Struck is the last session that has everything; the nights begin as soon as there is enough to look back on.
        var last = all.Last(d => (days.Count == 0 || days.Contains(d)) && (minutes.Count == 0 || minutes.Contains(d)));
        var (slots, dailies) = (Math.Min(5, Math.Max(1, minutes.Count / 2)), Math.Min(16, Math.Max(1, days.Count / 2)));
        var first = new[] { days.Count == 0 ? all[0] : days[dailies - 1], minutes.Count == 0 ? all[0] : minutes[slots - 1] }.Max();
        var dayFirst = days.Where(d => d <= first).ToArray();
        var settings = new Dictionary<string, string?>
        {
            ["Provider:Kind"] = "Directory",
            ["Provider:Path"] = folder,
            ["Checks:MinDailySymbols"] = "1",
            ["Checks:MinSlotRows"] = "1",
            ["Checks:MinAtrSymbols"] = "0",
            ["Tasks:DailySessions"] = "16",
            ["Tasks:SlotSessions"] = slots.ToString(CultureInfo.InvariantCulture),
            ["Rvol:LookbackSessions"] = "10",
        };
        return new(name, last, dayFirst, minutes.Where(d => d <= first).ToArray(), all.Where(d => d > first && d < last).ToArray(), settings)
        {
            Folder = folder,
            IsSmall = true,
            WithDays = days,
            WithMinutes = minutes,
        };
    }

    private static List<DateOnly> Copy(string data, string folder, string[]? set, string[]? other, int oneIn, Func<string, DateOnly, string> path)
    {
        if (set is null) return [];
        var (own, others) = (Tickers(set), other is null ? null : Tickers(other));
        var (from, to) = (Date(set[2]), Date(set[3]));
        var dates = new List<DateOnly>();
        for (var date = from; date <= to; date = date.AddDays(1))
        {
            if (!File.Exists(path(Path.Combine(data, "flatfiles"), date))) continue;
            var rows = SessionFiles.Rows(path(Path.Combine(data, "flatfiles"), date)).Where(r => (own?.Contains(r.Ticker) ?? true) && (others?.Contains(r.Ticker) ?? true) && (oneIn == 1 || r.Ticker.Sum(c => c) % oneIn == 0)).ToArray();
            if (rows.Length == 0) continue;
            SessionFiles.WriteSet(path(folder, date), rows);
            dates.Add(date);
        }

        return dates;
    }

    /// <summary>Null for the whole market, which is not spelled out: it is all that the files of its days hold.</summary>
    private static HashSet<string>? Tickers(string[] set) => set[9].EndsWith(" tickers", StringComparison.Ordinal) ? null : set[9].Split(' ').ToHashSet(StringComparer.Ordinal);

    private static DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
