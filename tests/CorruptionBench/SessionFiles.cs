using System.Globalization;
using System.IO.Compression;
using System.Text;
using Market;

namespace CorruptionBench;

/// <summary>The two flat files of one session and the list of splits beside them, in memory, to be damaged and written.</summary>
internal sealed class SessionFiles
{
    public const string Header = "ticker,volume,open,close,high,low,window_start,transactions";
    public const long Minute = 60_000_000_000, Hour = 60 * Minute, Day = 24 * Hour;
    private const string DaySet = "day_aggs_v1", MinuteSet = "minute_aggs_v1", SplitsHeader = "symbol,execution_date,split_from,split_to";

    private readonly long midnight;

    private SessionFiles(DateOnly date)
    {
        Date = date;
        midnight = TradingCalendar.At(date, TimeOnly.MinValue).ToUnixTimeMilliseconds() * 1_000_000;
    }

    public DateOnly Date { get; }
    public List<Row> Days { get; set; } = [];
    public List<Row> Minutes { get; set; } = [];
    public bool HasDays { get; private init; }
    public bool HasMinutes { get; private init; }

    /// <summary>Lines of the list of splits, without its header.</summary>
    public List<string> Splits { get; set; } = [];

    /// <summary>The session before, as it was published; null where there is none.</summary>
    public SessionFiles? Before { get; set; }

    /// <summary>Changes the text of a file before it is packed.</summary>
    public Func<string, string>? DayText { get; set; }
    public Func<string, string>? MinuteText { get; set; }
    public Func<string, string>? SplitsText { get; set; }

    /// <summary>Changes the packed bytes of a file.</summary>
    public Func<byte[], byte[]>? DayBytes { get; set; }
    public Func<byte[], byte[]>? MinuteBytes { get; set; }

    /// <summary>Minutes since midnight in New York.</summary>
    public int MinuteOf(Row row) => (int)((long.Parse(row.Start, CultureInfo.InvariantCulture) - midnight) / Minute);

    /// <summary>The window that starts so many minutes after midnight in New York.</summary>
    public string StartAt(int minute) => (midnight + (minute * Minute)).ToString(CultureInfo.InvariantCulture);

    public static SessionFiles Read(string folder, DateOnly date, DateOnly? before = null)
    {
        var (day, minute, splits) = (PathOf(folder, DaySet, date), PathOf(folder, MinuteSet, date), Path.Combine(folder, "splits.csv"));
        return new(date)
        {
            HasDays = File.Exists(day),
            HasMinutes = File.Exists(minute),
            Days = Rows(day),
            Minutes = Rows(minute),
            Splits = File.Exists(splits) ? [.. File.ReadLines(splits).Skip(1)] : [],
            Before = before is { } earlier ? Read(folder, earlier) : null,
        };
    }

    public SessionFiles Copy() => new(Date)
    {
        HasDays = HasDays,
        HasMinutes = HasMinutes,
        Days = [.. Days.Select(r => r.Copy())],
        Minutes = [.. Minutes.Select(r => r.Copy())],
        Splits = [.. Splits],
        Before = Before,
    };

    public void Write(string folder)
    {
        if (HasDays) WriteSet(PathOf(folder, DaySet, Date), Days, DayText, DayBytes);
        if (HasMinutes) WriteSet(PathOf(folder, MinuteSet, Date), Minutes, MinuteText, MinuteBytes);
        var list = string.Join('\n', [SplitsHeader, .. Splits, ""]);
        File.WriteAllText(Path.Combine(folder, "splits.csv"), SplitsText?.Invoke(list) ?? list);
    }

    public static string PathOf(string folder, string set, DateOnly date) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"us_stocks_sip/{set}/{date:yyyy'/'MM'/'yyyy-MM-dd}.csv.gz"));

    public static string DayPath(string folder, DateOnly date) => PathOf(folder, DaySet, date);

    public static string MinutePath(string folder, DateOnly date) => PathOf(folder, MinuteSet, date);

    public static List<Row> Rows(string path)
    {
        if (!File.Exists(path)) return [];
        using var unpacked = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked);
        reader.ReadLine();
        var rows = new List<Row>();
        while (reader.ReadLine() is { } line) rows.Add(Row.Parse(line));
        return rows;
    }

    public static void WriteSet(string path, IEnumerable<Row> rows, Func<string, string>? text = null, Func<byte[], byte[]>? bytes = null)
    {
        var plain = new StringBuilder(Header).Append('\n');
        foreach (var row in rows) plain.Append(row).Append('\n');
        var packed = Packed(text?.Invoke(plain.ToString()) ?? plain.ToString());
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes?.Invoke(packed) ?? packed);
    }

    private static byte[] Packed(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }
}
