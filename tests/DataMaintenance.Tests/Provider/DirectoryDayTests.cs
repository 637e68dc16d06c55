using System.Text;
using DataMaintenance.Provider;
using Market;
using static DataMaintenance.Tests.Provider.FlatFolder;

namespace DataMaintenance.Tests.Provider;

public sealed class DirectoryDayTests : IDisposable
{
    private static readonly DateOnly Date = Massive.Day;

    private readonly FlatFolder folder = new();

    public void Dispose() => folder.Dispose();

    private async Task<DailyReply> AskAsync()
    {
        await using var source = folder.Source();
        return await source.DailyAsync(Date, TestContext.Current.CancellationToken);
    }

    private async Task<ProviderException> FailAsync() => await Assert.ThrowsAsync<ProviderException>(AskAsync);

    [Fact]
    public async Task Rows_are_read_with_the_close_before_high_and_low_and_without_vwap()
    {
        folder.With(Day, Date, Header, Row("AAPL", Date, volume: "17798.430378", prices: "156.500000,158.000000,159.000000,155.000000"));
        var reply = await AskAsync();

        Assert.Equal(new DailyBar(new Symbol("AAPL"), Date, 156.5, 159, 155, 158, 17_798.430378, null, 7), Assert.Single(reply.Bars));
        Assert.Equal("directory:day", reply.Source);
    }

    [Fact]
    public async Task Names_that_other_readers_take_for_values_are_tickers()
    {
        string[] names = ["E", "INF", "NA", "NAN", "NULL", "ON", "TRUE", "null"];
        folder.With(Day, Date, [Header, .. names.Select(name => Row(name, Date))]);

        Assert.Equal(names, (await AskAsync()).Bars.Select(bar => bar.Symbol.Text));
    }

    [Fact]
    public async Task A_file_that_is_not_packed_and_has_other_line_ends_is_read_too()
    {
        folder.WithBytes(Day, Date, Encoding.UTF8.GetBytes($"{Header}\r\n{Row("A", Date)}\r\n{Row("B", Date)}"), ".csv");

        Assert.Equal(2, (await AskAsync()).Bars.Count);
    }

    [Theory]
    [InlineData("ticker,volume,open,high,low,close,window_start,transactions")]
    [InlineData("")]
    [InlineData("<html>")]
    public async Task Another_header_is_told_beside_the_expected_one(string header)
    {
        folder.With(Day, Date, header, Row("A", Date));
        var error = await FailAsync();

        Assert.Equal(ProviderFault.Nonsense, error.Fault);
        Assert.Equal($"us_stocks_sip/day_aggs_v1/2025/01/2025-01-02.csv.gz: expected the header '{Header}', got '{header}'.", error.Message);
    }

    [Theory]
    [InlineData("A,100,10,10.5,11,9.5,173581")]
    [InlineData("A,100,10,10.5,11,9.5,1735794000000000000,7,9")]
    [InlineData("A,1o0,10,10.5,11,9.5,1735794000000000000,7")]
    [InlineData("A,100,10,10.5,11,,1735794000000000000,7")]
    [InlineData("A,100,10,10.5,11,9.5,1735794000000000000.5,7")]
    [InlineData(",100,10,10.5,11,9.5,1735794000000000000,7")]
    [InlineData("\"A\",100,10,10.5,11,9.5,1735794000000000000,7")]
    [InlineData("nothing")]
    [InlineData("")]
    public async Task A_torn_row_names_file_and_line(string row)
    {
        folder.With(Day, Date, Header, Row("A", Date), row, Row("B", Date));
        var error = await FailAsync();

        Assert.Equal(ProviderFault.Nonsense, error.Fault);
        Assert.StartsWith("us_stocks_sip/day_aggs_v1/2025/01/2025-01-02.csv.gz: line 3: expected ticker,", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Also where it is cut between two rows, and within the checksum: what was unpacked until then looks whole.</summary>
    [Fact]
    public async Task A_cut_archive_names_the_file_wherever_it_is_cut()
    {
        var whole = Packed(Header + "\n" + string.Join('\n', Enumerable.Range(0, 2_000).Select(i => Row($"S{i}", Date))) + "\n");
        for (var length = 0; length < whole.Length; length += length > whole.Length - 40 ? 1 : 997)
        {
            folder.WithBytes(Day, Date, whole[..length]);
            var error = await FailAsync();

            Assert.Equal(ProviderFault.Nonsense, error.Fault);
            Assert.StartsWith("us_stocks_sip/day_aggs_v1/2025/01/2025-01-02.csv.gz: expected ", error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Sizes around the buffers of the unpacking, where a member's end and the next one's beginning lie apart.</summary>
    [Fact]
    public async Task A_whole_archive_is_read_whatever_its_size_and_in_several_members()
    {
        var random = new Random(7);
        for (var rows = 1; rows < 4_000; rows += 13)
        {
            string[] lines = [.. Enumerable.Range(0, rows).Select(i => Row($"S{i}", Date, volume: $"{random.Next()}"))];
            var first = Packed(Header + "\n" + string.Join('\n', lines[..(rows / 2)]) + (rows / 2 > 0 ? "\n" : ""));
            folder.WithBytes(Day, Date, [.. first, .. Packed(string.Join('\n', lines[(rows / 2)..]) + (rows % 2 == 0 ? "\n" : ""))]);

            Assert.Equal(rows, (await AskAsync()).Bars.Count);
        }
    }

    [Fact]
    public async Task A_damaged_archive_names_the_file()
    {
        var whole = Packed(Header + "\n" + string.Join('\n', Enumerable.Range(0, 30_000).Select(i => Row($"S{i}", Date))) + "\n");
        whole[^6] ^= 0x55;
        folder.WithBytes(Day, Date, whole);

        Assert.Contains("2025-01-02.csv.gz: expected an intact file", (await FailAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_archive_names_the_file()
    {
        folder.WithBytes(Day, Date, "plain text"u8.ToArray());

        Assert.Contains("2025-01-02.csv.gz: expected an intact file", (await FailAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_file_is_no_empty_day()
    {
        folder.WithBytes(Day, Date, []);

        Assert.Contains("expected the header", (await FailAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_files_name_says_the_day_and_stray_rows_are_rejected()
    {
        folder.With(Day, Date, Header, Row("A", Date), Row("B", Date.AddDays(1)));
        var reply = await AskAsync();

        Assert.Equal("A", Assert.Single(reply.Bars).Symbol.Text);
        Assert.Equal(("B", "daily.wrong_day"), (Assert.Single(reply.Rejected).Symbol, reply.Rejected[0].Rule));
    }

    [Fact]
    public async Task A_file_that_is_wholly_of_another_day_is_one_error()
    {
        folder.With(Day, Date, Header, Row("A", Date.AddDays(1)), Row("B", Date.AddDays(1)));

        Assert.Contains("all 2 rows are of 2025-01-03, expected 2025-01-02", (await FailAsync()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, ProviderFault.NotYet)]
    [InlineData(1, ProviderFault.NotFound)]
    public async Task A_missing_file_is_named_from_the_folder_on(int otherFile, ProviderFault fault)
    {
        folder.With(Day, Date.AddDays(otherFile), Header);
        var error = await FailAsync();

        Assert.Equal(fault, error.Fault);
        Assert.StartsWith("us_stocks_sip/day_aggs_v1/2025/01/2025-01-02.csv.gz: no such file", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(folder.Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_that_lie_across_blocks_are_read_whole()
    {
        var rows = Enumerable.Range(0, 40_000).Select(i => Row($"S{i:00000}", Date, volume: $"{i}.{i % 1_000_000:000000}")).ToArray();
        folder.With(Day, Date, [Header, .. rows]);
        var bars = (await AskAsync()).Bars;

        Assert.Equal(40_000, bars.Count);
        Assert.All(bars, (bar, i) => Assert.Equal(($"S{i:00000}", i + (i / 1_000_000.0)), (bar.Symbol.Text, bar.Volume)));
    }

    [Fact]
    public async Task A_recorded_day_of_the_whole_market_is_read_to_the_last_row()
    {
        await using var source = ProviderSetup.Create(new ProviderOptions { Kind = ProviderKind.Directory, Path = SharedFolder.Of("data", "flatfiles") }, TimeProvider.System);
        var reply = await source.DailyAsync(new DateOnly(2016, 6, 30), TestContext.Current.CancellationToken);

        Assert.InRange(reply.Bars.Count, 5_000, 6_101);
        Assert.Empty(reply.Rejected);
        Assert.Contains(reply.Bars, bar => bar.Symbol.Text == "TRUE");
    }
}
