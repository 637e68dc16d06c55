using System.Globalization;
using System.IO.Compression;

namespace Market.Tests.Oracles;

/// <summary>Reads the recorded market data and reference series that lie in <c>shared/data</c> beside the repository, where they exist.</summary>
internal static class SharedData
{
    private static readonly string? Root = FindRoot();

    /// <summary>The rows of a CSV file, gzipped or not. Skips the test where the data are not installed.</summary>
    /// <param name="path">Under <c>shared/data</c>, with slashes.</param>
    public static IEnumerable<Row> Rows(string path)
    {
        Assert.SkipUnless(Root is not null, "The recorded data are not installed (shared/data beside the repository).");
        return Read(Path.Combine(Root!, path));
    }

    /// <summary>The minute or day files of the inclusive range, oldest first, with their dates.</summary>
    public static IEnumerable<(DateOnly Date, IEnumerable<Row> Rows)> FlatFiles(string folder, DateOnly from, DateOnly to)
    {
        Assert.SkipUnless(Root is not null, "The recorded data are not installed (shared/data beside the repository).");
        for (var date = from; date <= to; date = date.AddDays(1))
        {
            var path = Path.Combine(Root!, "flatfiles", "us_stocks_sip", folder, $"{date:yyyy}", $"{date:MM}", $"{date:yyyy-MM-dd}.csv.gz");
            if (File.Exists(path)) yield return (date, Read(path));
        }
    }

    private static IEnumerable<Row> Read(string path)
    {
        using Stream file = File.OpenRead(path);
        using var reader = new StreamReader(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
        var header = reader.ReadLine()!.Split(',');
        var columns = header.Select((name, index) => (name, index)).ToDictionary(c => c.name, c => c.index);
        while (reader.ReadLine() is { } line) yield return new Row(columns, line.Split(','));
    }

    private static string? FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "DataMaintenance.slnx")))
                return Path.Combine(folder.FullName, "..", "shared", "data") is var data && Directory.Exists(data) ? data : null;
        return null;
    }
}

/// <summary>One row of a CSV file without quoted commas in the columns asked for.</summary>
internal sealed record Row(IReadOnlyDictionary<string, int> Columns, string[] Values)
{
    public string this[string column] => Values[Columns[column]];
    public DateOnly Date(string column = "date") => DateOnly.ParseExact(this[column], "yyyy-MM-dd", CultureInfo.InvariantCulture);
    public DateTimeOffset Instant(string column) => DateTimeOffset.Parse(this[column], CultureInfo.InvariantCulture);
    public double Number(string column) => double.Parse(this[column], CultureInfo.InvariantCulture);
    public double? NumberOrNull(string column) => this[column].Length == 0 ? null : Number(column);
}
