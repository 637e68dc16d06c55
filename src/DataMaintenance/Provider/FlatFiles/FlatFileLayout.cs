using System.Globalization;

namespace DataMaintenance.Provider.FlatFiles;

/// <param name="Shown">Relative to the settings' folder, or the bucket's: what errors name.</param>
/// <param name="Open">Its bytes as they lie there.</param>
internal readonly record struct FlatFile(DateOnly Date, string Shown, Func<Stream> Open)
{
    /// <exception cref="IOException">Thrown by <see cref="Open"/>: the file cannot be opened.</exception>
    public static FlatFile OnDisk(DateOnly date, string path, string shown) =>
        new(date, shown, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 128 * 1024, FileOptions.SequentialScan));

    public bool IsPacked => Shown.EndsWith(".gz", StringComparison.Ordinal);
}

/// <summary>Where the files of a day lie: <c>us_stocks_sip/{set}/YYYY/MM/YYYY-MM-DD.csv.gz</c>, or <c>.csv</c>.</summary>
internal sealed class FlatFileLayout(string root)
{
    public const string DaySet = "day_aggs_v1", MinuteSet = "minute_aggs_v1";

    private static readonly string[] Endings = [".csv.gz", ".csv"];

    public static string SetOf(FileSet set) => set == FileSet.Days ? DaySet : MinuteSet;

    /// <summary>The key in the provider's bucket.</summary>
    public static string KeyOf(FileSet set, DateOnly date) =>
        string.Create(CultureInfo.InvariantCulture, $"us_stocks_sip/{SetOf(set)}/{date:yyyy'/'MM'/'yyyy-MM-dd}.csv.gz");

    /// <exception cref="ProviderException">There is no such file: not yet, when the set's newest is older, else not at all.</exception>
    public FlatFile Find(string set, DateOnly date)
    {
        var shown = string.Create(CultureInfo.InvariantCulture, $"us_stocks_sip/{set}/{date:yyyy'/'MM'/'yyyy-MM-dd}");
        foreach (var ending in Endings)
        {
            var path = Path.Combine(root, shown + ending);
            if (File.Exists(path)) return FlatFile.OnDisk(date, path, shown + ending);
        }
        var newest = Newest(set, 1);
        var fault = newest.Count == 0 || newest[0].Date < date ? ProviderFault.NotYet : ProviderFault.NotFound;
        throw new ProviderException(fault, shown + Endings[0], newest.Count == 0
            ? "no such file, nor any other of this set."
            : string.Create(CultureInfo.InvariantCulture, $"no such file; the newest of this set is of {newest[0].Date:yyyy-MM-dd}."));
    }

    /// <summary>The newest files of a set, newest first; a date once.</summary>
    public IReadOnlyList<FlatFile> Newest(string set, int count)
    {
        var folder = Path.Combine(root, "us_stocks_sip", set);
        if (!Directory.Exists(folder)) return [];
        return
        [
            .. Directory.EnumerateFiles(folder, "*.csv*", SearchOption.AllDirectories)
                .Select(path => (Path: path, Date: DateOf(Path.GetFileName(path))))
                .Where(static file => file.Date is not null)
                .OrderByDescending(static file => file.Date).ThenByDescending(static file => file.Path, StringComparer.Ordinal)
                .DistinctBy(static file => file.Date)
                .Take(count)
                .Select(file => FlatFile.OnDisk(file.Date!.Value, file.Path, Path.GetRelativePath(root, file.Path).Replace('\\', '/'))),
        ];
    }

    private static DateOnly? DateOf(string name)
    {
        foreach (var ending in Endings)
        {
            if (name.EndsWith(ending, StringComparison.Ordinal)
                && DateOnly.TryParseExact(name[..^ending.Length], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
                return date;
        }
        return null;
    }
}
