using System.Globalization;
using System.Text;
using static CorruptionBench.Kinds.Volumes;

namespace CorruptionBench.Kinds;

/// <summary>Files whose form is wrong.</summary>
internal static class Formats
{
    private const string OtherHeader = "ticker,volume,open,high,low,close,window_start,transactions";

    public static IReadOnlyList<FileCorruption> All { get; } =
    [
        Bytes("day file of no bytes", Needs.Days, Strength.Once, (b, _) => []),
        Bytes("minute file of no bytes", Needs.Minutes, Strength.Once, (b, _) => []),
        Bytes("packed day file cut off", Needs.Days, Strength.Parts(.0001, .01, .5), Cut),
        Bytes("packed minute file cut off", Needs.Minutes, Strength.Parts(.0001, .01, .5), Cut),
        Bytes("a byte of the packed minute file changed", Needs.Minutes, Strength.Once, Flipped),
        Bytes("a byte of the packed day file changed", Needs.Days, Strength.Once, Flipped),
        Bytes("plain text under the name of a packed day file", Needs.Days, Strength.Once, (b, _) => Encoding.UTF8.GetBytes(SessionFiles.Header + "\nA,1,1,1,1,1,1,1\n")),
        Bytes("an error page instead of the minute file", Needs.Minutes, Strength.Once, (b, _) => "<html><body><h1>503 Service Unavailable</h1></body></html>"u8.ToArray()),
        Texts("an error page packed as the day file", Needs.Days, (t, _) => "<html><body><h1>503 Service Unavailable</h1></body></html>\n"),
        Texts("text of the day file ends inside a row", Needs.Days, (t, _) => t[..^25]),
        Texts("text of the minute file ends inside a row", Needs.Minutes, (t, _) => t[..^25]),
        Texts("text of the minute file ends inside a volume", Needs.Minutes, (t, _) => t[..(t.TrimEnd().LastIndexOf('\n') + 1)] + t[(t.TrimEnd().LastIndexOf('\n') + 1)..].Split(',')[0] + ",1"),
        Texts("day file without its header", Needs.Days, (t, _) => t[(t.IndexOf('\n', StringComparison.Ordinal) + 1)..]),
        Texts("minute file without its header", Needs.Minutes, (t, _) => t[(t.IndexOf('\n', StringComparison.Ordinal) + 1)..]),
        Texts("header of the day file in another order, columns as before", Needs.Days, (t, _) => OtherHeader + t[t.IndexOf('\n', StringComparison.Ordinal)..]),
        Texts("header and columns of the day file in another order", Needs.Days, (t, f) => OtherHeader + "\n" + string.Concat(f.Days.Select(r => string.Join(',', r.Ticker, r.Volume, r.Open, r.High, r.Low, r.Close, r.Start, r.Trades) + "\n"))),
        Texts("a column more in the day file", Needs.Days, (t, _) => t.Replace("\n", ",0\n", StringComparison.Ordinal).Replace("transactions,0", "transactions,vwap", StringComparison.Ordinal)),
        Texts("a column less in the day file", Needs.Days, (t, _) => string.Join('\n', t.Split('\n').Select(l => l.Length == 0 ? l : l[..l.LastIndexOf(',')]))),
        Texts("semicolons instead of commas in the day file", Needs.Days, (t, _) => t.Replace(',', ';')),
        Texts("decimal commas in the day file", Needs.Days, (t, _) => t.Replace('.', ',')),
        Texts("lines of the day file end in CR LF", Needs.Days, (t, _) => t.Replace("\n", "\r\n", StringComparison.Ordinal)),
        Texts("a byte order mark before the day file", Needs.Days, (t, _) => "\uFEFF" + t),
        Texts("the header once more in the middle of the minute file", Needs.Minutes, (t, _) => t.Insert(t.IndexOf('\n', t.Length / 2) + 1, SessionFiles.Header + "\n")),
        Days("volume of the day with an exponent", (f, r) => r.Volume = Row.Number(r.Volume).ToString("0.####################e+0", CultureInfo.InvariantCulture)),
        Minutes("volume of minutes with an exponent", (f, r) => r.Volume = Row.Number(r.Volume).ToString("0.####################e+0", CultureInfo.InvariantCulture)),
        Days("prices of the day are NaN", (f, r) => r.Open = r.Close = r.High = r.Low = "NaN"),
        Days("fields of the day are blank", (f, r) => r.Open = r.High = ""),
        Minutes("volume of minutes is blank", (f, r) => r.Volume = ""),
        Days("numbers of the day beyond any price", (f, r) => r.High = r.Close = "100000000000"),
        Days("volume of the day beyond 64 bits", (f, r) => r.Volume = "99999999999999999999999"),
    ];

    private static FileCorruption Bytes(string name, Needs where, IReadOnlyList<Strength> strengths, Func<byte[], Strength, byte[]> change) => new(name, where, strengths, (f, s, c) =>
    {
        c.Of(s);
        if (where == Needs.Days) f.DayBytes = b => change(b, s);
        else f.MinuteBytes = b => change(b, s);
    });

    private static FileCorruption Texts(string name, Needs where, Func<string, SessionFiles, string> change) => new(name, where, Strength.Once, (f, s, c) =>
    {
        c.Of(s);
        if (where == Needs.Days) f.DayText = t => change(t, f);
        else f.MinuteText = t => change(t, f);
    });

    /// <summary>Loses that part of the bytes at the end, at least one.</summary>
    private static byte[] Cut(byte[] bytes, Strength strength) => bytes[..^Math.Max(1, (int)(bytes.Length * strength.Factor))];

    private static byte[] Flipped(byte[] bytes, Strength strength)
    {
        bytes[bytes.Length / 2] ^= 0x10;
        return bytes;
    }
}
