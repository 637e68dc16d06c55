using System.Globalization;
using System.IO.Compression;
using System.Text;
using Market;
using Simulator.Faults;
using Simulator.Rest;
using Simulator.World;

namespace Simulator.Files;

/// <summary>
/// Writes days as the provider's flat files: <c>us_stocks_sip/{day_aggs_v1,minute_aggs_v1}/YYYY/MM/YYYY-MM-DD.csv.gz</c>, the rows of a
/// ticker together, tickers in byte order; unadjusted, whole days. Beside that folder <c>splits.csv</c> and <c>tickers.csv</c>.
/// The numbers are those of the REST replies. <see cref="WriteDay"/> and <see cref="WriteMinutes"/> take any stream, so files can be served too.
/// </summary>
public sealed class FlatFileWriter(SimulatedMarket market)
{
    private const int FlushBytes = 1 << 20;

    /// <summary>What is wrong with the rows.</summary>
    internal IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>What is told, and when it is written, Unix milliseconds; whole days in any case.</summary>
    internal (Tape Tape, long At) Told { get; init; } = (new Tape(market), long.MaxValue);

    private static readonly byte[] Header = "ticker,volume,open,close,high,low,window_start,transactions\n"u8.ToArray();

    /// <summary>Writes both files of every session among the dates, and the two tables. A date without a session has no file, as at the provider.</summary>
    /// <param name="folder">Made if absent; gets <c>us_stocks_sip</c>. Files that exist are replaced.</param>
    /// <returns>The paths written.</returns>
    public async Task<IReadOnlyList<string>> WriteAsync(string folder, IEnumerable<DateOnly> dates, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(dates);
        var written = new List<string>();
        var newest = DateOnly.MinValue;
        foreach (var date in dates)
        {
            ct.ThrowIfCancellationRequested();
            if (market.FindDay(date) is not { } day) continue;
            written.Add(WriteFile(folder, KeyOf("day_aggs_v1", date), stream => WriteDay(day, stream)));
            written.Add(WriteFile(folder, KeyOf("minute_aggs_v1", date), stream => WriteMinutes(day, stream)));
            if (date > newest) newest = date;
        }
        written.Add(await WriteSplitsAsync(folder, newest, ct));
        written.Add(await WriteTickersAsync(folder, newest, ct));
        return written;
    }

    /// <summary>The object's key in the provider's bucket.</summary>
    /// <param name="set"><c>day_aggs_v1</c> or <c>minute_aggs_v1</c>.</param>
    public static string KeyOf(string set, DateOnly date) =>
        string.Create(CultureInfo.InvariantCulture, $"us_stocks_sip/{set}/{date:yyyy}/{date:MM}/{date:yyyy-MM-dd}.csv.gz");

    /// <summary>Plain CSV, not compressed.</summary>
    public void WriteDay(TradingDay day, Stream stream) => Write(day, stream, (security, text) =>
    {
        if (Told.Tape.Daily(security, day, Told.At) is { } bar) Lines(text, security, [bar], day.Fractional);
    });

    /// <summary>Plain CSV, not compressed.</summary>
    public void WriteMinutes(TradingDay day, Stream stream) => Write(day, stream, (security, text) =>
    {
        Lines(text, security, Told.Tape.Minutes(security, day, Told.At), day.Fractional);
    });

    private void Write(TradingDay day, Stream stream, Action<Security, JsonBuffer> lines)
    {
        ArgumentNullException.ThrowIfNull(day);
        ArgumentNullException.ThrowIfNull(stream);
        using var text = new JsonBuffer(FlushBytes + 200_000);
        text.Write(Header);
        foreach (var security in market.ListedOn(day.Date).OrderBy(security => security.Ticker, StringComparer.Ordinal))
        {
            lines(security, text);
            if (text.Written.Length < FlushBytes) continue;
            stream.Write(text.Written.Span);
            text.Truncate(0);
        }
        stream.Write(text.Written.Span);
    }

    private void Lines(JsonBuffer text, Security security, ReadOnlySpan<Bar> bars, bool places)
    {
        if (Faults.Count > 0)
        {
            List<Row> rows = [];
            foreach (ref readonly var bar in bars) rows.Add(new(null, bar));
            RowFaults.ApplyToFile(Faults, rows);
            bars = rows.Select(static row => row.Bar).ToArray();
        }
        foreach (ref readonly var bar in bars) Line(text, security, bar, places);
    }

    // Six decimals everywhere since the tape carries fractions, as few as needed before.
    private static void Line(JsonBuffer text, Security security, in Bar bar, bool places)
    {
        text.Write(security.Utf8);
        text.Write(","u8);
        if (places) text.WriteFixed(bar.Volume / Bar.VolumeScale, (int)(bar.Volume % Bar.VolumeScale), 6);
        else text.Write(bar.Volume / Bar.VolumeScale);
        Price(text, bar.Open, places);
        Price(text, bar.Close, places);
        Price(text, bar.High, places);
        Price(text, bar.Low, places);
        text.Write(","u8);
        text.Write(bar.Start * 1_000_000);
        text.Write(","u8);
        text.Write(bar.Trades);
        text.Write("\n"u8);
    }

    private static void Price(JsonBuffer text, long price, bool places)
    {
        text.Write(","u8);
        if (places) text.WriteFixed(price / Bar.PriceScale, (int)(price % Bar.PriceScale) * 100, 6);
        else text.WritePrice(price);
    }

    private static string WriteFile(string folder, string key, Action<Stream> write)
    {
        var path = Path.Combine(folder, key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = File.Create(path);
        using var packed = new GZipStream(file, CompressionLevel.Fastest);
        write(packed);
        return path;
    }

    private async Task<string> WriteSplitsAsync(string folder, DateOnly asOf, CancellationToken ct)
    {
        var text = new StringBuilder("symbol,execution_date,split_from,split_to\n");
        foreach (Split split in market.Splits)
            if (split.ExecutionDate <= asOf)
                text.Append(CultureInfo.InvariantCulture, $"{split.Symbol},{split.ExecutionDate:yyyy-MM-dd},{split.From},{split.To}\n");
        return await WriteTextAsync(folder, "splits.csv", text, ct);
    }

    private async Task<string> WriteTickersAsync(string folder, DateOnly asOf, CancellationToken ct)
    {
        var text = new StringBuilder("symbol,name,type,exchange,sic_code,sic_description,market_cap,shares_outstanding,list_date,cik\n");
        foreach (var security in market.ListedOn(asOf).OrderBy(security => security.Ticker, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture,
                $"{security.Ticker},\"{security.Name}\",{security.Type},{security.Exchange},{security.Industry?.SicCode},\"{security.Industry?.Description}\",{security.MarketCap(asOf)},{security.SharesOutstanding(asOf)},{security.FirstListed:yyyy-MM-dd},{security.Cik}\n");
        return await WriteTextAsync(folder, "tickers.csv", text, ct);
    }

    private static async Task<string> WriteTextAsync(string folder, string name, StringBuilder text, CancellationToken ct)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name);
        await File.WriteAllTextAsync(path, text.ToString(), ct);
        return path;
    }
}
