using DataMaintenance.Provider;
using Market;
using static DataMaintenance.Tests.Provider.FlatFolder;

namespace DataMaintenance.Tests.Provider;

public sealed class DirectoryReferenceTests : IDisposable
{
    private readonly FlatFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_universe_is_the_symbols_of_the_newest_files_and_of_the_list()
    {
        for (var i = 0; i < 7; i++) folder.With(Day, Massive.Day.AddDays(i), Header, Row($"D{i}", Massive.Day.AddDays(i)), Row("NULL", Massive.Day.AddDays(i)));
        folder.WithText("tickers.csv", "symbol,name,type\nLISTED,\"Listed, Inc.\",CS\nD6,Six,\n");
        await using var source = folder.Source();
        var tickers = await source.TickersAsync(active: true, Ct);

        Assert.Equal(["D2", "D3", "D4", "D5", "D6", "LISTED", "NULL"], tickers.Select(ticker => ticker.Symbol.Text));
        Assert.Equal(("Listed, Inc.", "CS"), (tickers[5].Name, tickers[5].Type));
        Assert.Equal(("Six", null), (tickers[4].Name, tickers[4].Type));
        Assert.Empty(await source.TickersAsync(active: false, Ct));
    }

    [Fact]
    public async Task Without_days_the_minutes_make_the_universe()
    {
        folder.With(Minute, Massive.Day, Header, Row("M", Massive.Day, 10), Row("M", Massive.Day, 10, 1), Row("N", Massive.Day, 10));
        await using var source = folder.Source();

        Assert.Equal(["M", "N"], (await source.TickersAsync(active: true, Ct)).Select(ticker => ticker.Symbol.Text));
    }

    [Fact]
    public async Task Details_come_from_the_list_or_not_at_all()
    {
        folder.WithText("tickers.csv", "cik,symbol,market_cap,shares_outstanding,list_date,sic_code,note\n0000000001,A,2.5e9,1000000,1999-12-31,0100,x\n");
        await using var source = folder.Source();

        Assert.Equal(
            new TickerDetails(new Symbol("A")) { Cik = "0000000001", MarketCap = 2.5e9, SharesOutstanding = 1_000_000, ListDate = new DateOnly(1999, 12, 31), SicCode = "0100" },
            await source.DetailsAsync(new Symbol("A"), Ct));
        Assert.Null(await source.DetailsAsync(new Symbol("a"), Ct));
    }

    [Fact]
    public async Task Splits_come_from_their_file_and_its_absence_means_none()
    {
        await using var source = folder.Source();
        Assert.Empty(await source.SplitsAsync(Ct));

        folder.WithText("splits.csv", "symbol,execution_date,split_from,split_to\nAAPL,2014-06-09,1,7\nNPWZ,2018-11-08,2e+06,1\nAAPL,2014-06-09,1,7\n");
        Assert.Equal(
            [new Split(new Symbol("AAPL"), new DateOnly(2014, 6, 9), 1, 7), new Split(new Symbol("NPWZ"), new DateOnly(2018, 11, 8), 2_000_000, 1)],
            (await source.SplitsAsync(Ct)).Select(listed => listed.Split));
    }

    [Theory]
    [InlineData("symbol,execution_date,split_from\nA,2014-06-09,1\n", "expected the columns symbol,execution_date,split_from,split_to")]
    [InlineData("symbol,execution_date,split_from,split_to\nA,2014-06-09,1,0\n", "line 2, split_to: expected a number above 0, got '0'")]
    [InlineData("symbol,execution_date,split_from,split_to\nA,2014-06-09,1,2\nA,09/06/2014,1,7\n", "line 3, execution_date: expected a date")]
    [InlineData("symbol,execution_date,split_from,split_to\nA B,2014-06-09,1,7\n", "line 2, symbol: expected a symbol, got 'A B'")]
    [InlineData("symbol,execution_date,split_from,split_to\nA,2014-06-09,1\n", "a row is torn")]
    public async Task A_mistake_in_the_splits_is_named(string text, string said)
    {
        folder.WithText("splits.csv", text);
        await using var source = folder.Source();
        var error = await Assert.ThrowsAsync<ProviderException>(() => source.SplitsAsync(Ct));

        Assert.StartsWith("splits.csv: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Splits_that_the_settings_name_must_be_there()
    {
        folder.WithText("mine.csv", "symbol,execution_date,split_from,split_to\n");
        var path = Path.Combine(folder.Path, "mine.csv");
        await using var source = folder.Source(options => options with { SplitsPath = path });
        File.Delete(path);
        var error = await Assert.ThrowsAsync<ProviderException>(() => source.SplitsAsync(Ct));

        Assert.Equal("mine.csv: no such file, but Provider:SplitsPath names it.", error.Message);
        Assert.Throws<ArgumentException>(() => folder.Source(options => options with { SplitsPath = path }));
    }

    [Fact]
    public async Task A_probe_says_what_is_there()
    {
        folder.With(Day, Massive.Day, Header).WithText("splits.csv", "nonsense\n");
        await using var source = folder.Source();
        var said = await source.ProbeAsync(new(2025, 1, 3), Ct);

        Assert.Equal([true, false, false, true], said.Select(one => one.Granted));
        Assert.Equal("1 files, 2025-01-02 to 2025-01-02", said[0].Said);
    }
}
