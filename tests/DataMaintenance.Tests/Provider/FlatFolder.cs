using System.Globalization;
using System.IO.Compression;
using System.Text;
using DataMaintenance.Provider;

namespace DataMaintenance.Tests.Provider;

/// <summary>A folder of flat files written by one test.</summary>
internal sealed class FlatFolder : IDisposable
{
    public const string Header = "ticker,volume,open,close,high,low,window_start,transactions";
    public const string Day = "day_aggs_v1", Minute = "minute_aggs_v1";

    public FlatFolder() => Directory.CreateDirectory(System.IO.Path.Combine(Path, "us_stocks_sip"));

    public string Path { get; } = Directory.CreateTempSubdirectory("flatfiles").FullName;

    public FlatFolder With(string set, DateOnly date, params string[] lines) => WithBytes(set, date, Packed(string.Join('\n', lines) + "\n"));

    public FlatFolder WithBytes(string set, DateOnly date, byte[] bytes, string ending = ".csv.gz")
    {
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(Path, "us_stocks_sip", set, date.ToString("yyyy", CultureInfo.InvariantCulture), date.ToString("MM", CultureInfo.InvariantCulture)));
        File.WriteAllBytes(System.IO.Path.Combine(folder.FullName, date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + ending), bytes);
        return this;
    }

    public FlatFolder WithText(string name, string text)
    {
        File.WriteAllText(System.IO.Path.Combine(Path, name), text);
        return this;
    }

    public IMarketSource Source(Func<ProviderOptions, ProviderOptions>? change = null)
    {
        var options = new ProviderOptions { Kind = ProviderKind.Directory, Path = Path };
        return ProviderSetup.Create(change is null ? options : change(options), TimeProvider.System);
    }

    /// <summary>A row; the stamp is 00:00 New York when no time is given.</summary>
    public static string Row(string ticker, DateOnly date, int hour = 0, int minute = 0, string volume = "100", string prices = "10,10.5,11,9.5", string trades = "7") =>
        $"{ticker},{volume},{prices},{Massive.At(date, hour, minute)}000000,{trades}";

    public static byte[] Packed(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
