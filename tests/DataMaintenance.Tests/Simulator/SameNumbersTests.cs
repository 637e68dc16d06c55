using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Simulator.Files;
using Simulator.World;

namespace DataMaintenance.Tests.SimulatedProvider;

/// <summary>Range, grouped and files tell one story, to the last digit.</summary>
public sealed class SameNumbersTests
{
    private static readonly string[] Asked = ["AAPL", "BRK.A", "BCpC", "BCPC", "TRUE", "SPY"];

    [Theory]
    [InlineData("2026-11-20")]
    [InlineData("2025-11-28")]
    public async Task Minutes_five_minutes_grouped_and_files_agree(string text)
    {
        var date = DateOnly.Parse(text, CultureInfo.InvariantCulture);
        await using var provided = await Provided.StartAsync();
        var folder = Directory.CreateTempSubdirectory("simulated-files");
        try
        {
            await new FlatFileWriter(provided.Host.Market).WriteAsync(folder.FullName, [date], TestContext.Current.CancellationToken);
            var minuteLines = Lines(folder.FullName, "minute_aggs_v1", date).ToLookup(line => line[0]);
            var dayLines = Lines(folder.FullName, "day_aggs_v1", date).ToDictionary(line => line[0]);
            var grouped = (await provided.GetAsync(Provided.Grouped(date))).GetProperty("results").EnumerateArray().ToDictionary(row => row.GetProperty("T").GetString()!);
            Assert.Equal(dayLines.Keys.Order(StringComparer.Ordinal), grouped.Keys.Order(StringComparer.Ordinal));
            foreach (var ticker in Asked)
            {
                var minutes = await provided.AllAsync(Provided.Range(ticker, "1/minute", date, date));
                Assert.Equal(minuteLines[ticker].Select(Numbers), minutes.Select(Numbers));
                Assert.Equal(minuteLines[ticker].Select(line => long.Parse(line[6], CultureInfo.InvariantCulture) / 1_000_000), minutes.Select(row => row.GetProperty("t").GetInt64()));
                Assert.Equal(Numbers(dayLines[ticker]), Numbers(grouped[ticker]));

                var fives = await provided.AllAsync(Provided.Range(ticker, "5/minute", date, date));
                var joined = minutes.GroupBy(row => row.GetProperty("t").GetInt64() / 300_000 * 300_000)
                    .Select(slot => (slot.Key, slot.Sum(Volume), slot.Max(row => Number(row, "h")), slot.Min(row => Number(row, "l")), Number(slot.Last(), "c")));
                Assert.Equal(joined, fives.Select(row => (row.GetProperty("t").GetInt64(), Volume(row), Number(row, "h"), Number(row, "l"), Number(row, "c"))));
                Assert.True(Volume(grouped[ticker]) >= minutes.Sum(Volume));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Files_have_the_header_keys_order_and_tables_of_the_provider()
    {
        var market = new SimulatedMarket(symbols: 300);
        var folder = Directory.CreateTempSubdirectory("simulated-files");
        try
        {
            var written = await new FlatFileWriter(market).WriteAsync(folder.FullName, [new(2026, 11, 20), new(2026, 11, 21)], TestContext.Current.CancellationToken);
            Assert.Equal(
                ["us_stocks_sip/day_aggs_v1/2026/11/2026-11-20.csv.gz", "us_stocks_sip/minute_aggs_v1/2026/11/2026-11-20.csv.gz", "splits.csv", "tickers.csv"],
                written.Select(path => Path.GetRelativePath(folder.FullName, path).Replace('\\', '/')));
            var lines = Lines(folder.FullName, "minute_aggs_v1", new DateOnly(2026, 11, 20)).ToList();
            var tickers = lines.Select(line => line[0]).Distinct().ToList();
            Assert.Equal(tickers.Order(StringComparer.Ordinal), tickers);
            Assert.All(lines.Zip(lines.Skip(1)), pair => Assert.True(pair.First[0] != pair.Second[0] || string.CompareOrdinal(pair.First[6], pair.Second[6]) < 0));
            Assert.Matches(@"^\d+\.\d{6}$", lines[0][1]);
            Assert.Equal("symbol,execution_date,split_from,split_to", File.ReadLines(written[2]).First());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<string[]> Lines(string folder, string set, DateOnly date)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(folder, FlatFileWriter.KeyOf(set, date))), CompressionMode.Decompress));
        Assert.Equal("ticker,volume,open,close,high,low,window_start,transactions", reader.ReadLine());
        while (reader.ReadLine() is { } line) yield return line.Split(',');
    }

    private static (decimal, decimal, decimal, decimal, decimal) Numbers(string[] line) => (Of(line[1]), Of(line[2]), Of(line[3]), Of(line[4]), Of(line[5]));

    private static (decimal, decimal, decimal, decimal, decimal) Numbers(JsonElement row) =>
        (Volume(row), Number(row, "o"), Number(row, "c"), Number(row, "h"), Number(row, "l"));

    private static decimal Volume(JsonElement row) => Number(row, "v");

    private static decimal Number(JsonElement row, string name) => row.GetProperty(name).GetDecimal();

    private static decimal Of(string text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
