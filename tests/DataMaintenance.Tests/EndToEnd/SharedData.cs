using System.Globalization;
using System.IO.Compression;

namespace DataMaintenance.Tests.EndToEnd;

/// <summary>Recorded market data beside the repository; tests that use it skip where it is absent.</summary>
internal static class SharedData
{
    public static string Folder => Path.GetFullPath(Path.Combine(Executable.Root, "..", "shared", "data"));

    public static void Need() => Assert.SkipUnless(Directory.Exists(Folder), "the recorded market data are not beside this checkout");

    /// <summary>Rows of a CSV, plain or gzipped, by column name.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, string>> Rows(string path)
    {
        using Stream file = File.OpenRead(path);
        using var plain = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(plain);
        var header = reader.ReadLine()!.Split(',');
        while (reader.ReadLine() is { } line)
        {
            var fields = line.Split(',');
            yield return header.Select((name, i) => (name, i)).ToDictionary(c => c.name, c => fields[c.i], StringComparer.Ordinal);
        }
    }

    public static string Oracle(params string[] path) => Path.Combine([Folder, "oracles", .. path]);

    public static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Equal to 1e-6 relative, and to the six decimals the oracles are printed with.</summary>
    public static bool Close(double expected, double actual) => Math.Abs(expected - actual) <= Math.Max(1e-6, 1e-6 * Math.Abs(expected));
}
