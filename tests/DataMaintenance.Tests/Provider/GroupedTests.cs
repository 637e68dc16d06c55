using DataMaintenance.Provider;
using Market;

namespace DataMaintenance.Tests.Provider;

public sealed class GroupedTests
{
    private static readonly DateOnly Day = Massive.Day;

    private static async Task<DailyReply> AskAsync(string body)
    {
        await using var server = await ScriptedServer.AlwaysAsync(body);
        await using var source = Massive.Source(server);
        return await source.DailyAsync(Day, TestContext.Current.CancellationToken);
    }

    private static async Task<ProviderException> FailAsync(string body) => await Assert.ThrowsAsync<ProviderException>(() => AskAsync(body));

    [Fact]
    public async Task Unadjusted_bars_without_over_the_counter_ones_are_asked()
    {
        await using var server = await ScriptedServer.AlwaysAsync(Massive.Bars());
        await using var source = Massive.Source(server);
        await source.DailyAsync(Day, TestContext.Current.CancellationToken);

        Assert.Equal("/v2/aggs/grouped/locale/us/market/stocks/2025-01-02?adjusted=false&include_otc=false", server.Requests[0].PathAndQuery);
    }

    [Theory]
    [InlineData("1.300741e+06", 1_300_741)]
    [InlineData("2.3501579e+07", 23_501_579)]
    [InlineData("642646396", 642_646_396)]
    [InlineData("38649398.679189", 38_649_398.679189)]
    [InlineData("25933.6", 25_933.6)]
    public async Task Volumes_come_with_exponents_and_fractions(string text, double shares)
    {
        var reply = await AskAsync(Massive.Bars(Massive.Grouped("AAPL", Day, v: text)));

        Assert.Equal(shares, Assert.Single(reply.Bars).Volume);
    }

    [Fact]
    public async Task A_row_is_read_field_by_field()
    {
        var reply = await AskAsync(Massive.Bars(Massive.Grouped("BRK.A", Day)));

        Assert.Equal(new DailyBar(new Symbol("BRK.A"), Day, 10, 11, 9.5, 10.5, 100, 10.25, 7), Assert.Single(reply.Bars));
        Assert.Equal((Day, "massive:grouped"), (reply.Date, reply.Source));
        Assert.Empty(reply.Rejected);
    }

    [Fact]
    public async Task Optional_fields_may_be_absent_or_null_and_unknown_ones_may_come()
    {
        var t = Massive.At(Day, 16);
        var reply = await AskAsync(Massive.Bars(
            $"\"T\":\"A\",\"v\":1,\"o\":1,\"c\":1,\"h\":1,\"l\":1,\"t\":{t},\"otc\":true,\"new\":{{\"deep\":[1,2]}}",
            $"\"T\":\"B\",\"v\":1,\"o\":1,\"c\":1,\"h\":1,\"l\":1,\"t\":{t},\"vw\":null,\"n\":null"));

        Assert.All(reply.Bars, bar => Assert.Equal((null, null), (bar.Vwap, bar.Trades)));
        Assert.Equal(2, reply.Bars.Count);
    }

    [Fact]
    public async Task Symbols_that_differ_in_case_only_are_two_and_come_in_byte_order()
    {
        var reply = await AskAsync(Massive.Bars(Massive.Grouped("BCpC", Day), Massive.Grouped("BCPC", Day), Massive.Grouped("A", Day)));

        Assert.Equal(["A", "BCPC", "BCpC"], reply.Bars.Select(bar => bar.Symbol.Text));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(13)]
    [InlineData(16)]
    public async Task The_stamp_may_be_midnight_or_the_close(int hour)
    {
        var reply = await AskAsync(Massive.Bars(Massive.Grouped("A", Day, hour: hour)));

        Assert.Single(reply.Bars);
    }

    [Fact]
    public async Task A_row_of_another_day_is_rejected_by_name()
    {
        var reply = await AskAsync(Massive.Bars(Massive.Grouped("A", Day), Massive.Grouped("B", Day.AddDays(1))));

        Assert.Equal("A", Assert.Single(reply.Bars).Symbol.Text);
        Assert.Equal(new RejectedRow("B", "daily.wrong_day", "2025-01-03 16:00:00 New York", "00:00 or the close of 2025-01-02 in New York"), Assert.Single(reply.Rejected));
    }

    [Fact]
    public async Task A_reply_that_is_wholly_of_another_day_is_one_error()
    {
        var error = await FailAsync(Massive.Bars(Massive.Grouped("A", Day.AddDays(1)), Massive.Grouped("B", Day.AddDays(1))));

        Assert.Equal(ProviderFault.Nonsense, error.Fault);
        Assert.Contains("all 2 rows are of 2025-01-03, expected 2025-01-02", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Identical_rows_are_one_and_of_different_ones_the_larger_volume_stays()
    {
        var reply = await AskAsync(Massive.Bars(
            Massive.Grouped("A", Day), Massive.Grouped("A", Day),
            Massive.Grouped("B", Day, v: "5"), Massive.Grouped("B", Day, v: "9"), Massive.Grouped("B", Day, v: "7")));

        Assert.Equal([100, 9], reply.Bars.Select(bar => bar.Volume));
        Assert.Equal(["daily.duplicate", "daily.duplicate"], reply.Rejected.Select(row => row.Rule));
        Assert.All(reply.Rejected, row => Assert.Equal("B", row.Symbol));
    }

    [Theory]
    [InlineData("\"o\":0,\"c\":1,\"h\":1,\"l\":1", "1", "daily.price")]
    [InlineData("\"o\":1,\"c\":-1,\"h\":1,\"l\":1", "1", "daily.price")]
    [InlineData("\"o\":1,\"c\":1,\"h\":1e11,\"l\":1", "1", "daily.price")]
    [InlineData("\"o\":1,\"c\":1,\"h\":1e999,\"l\":1", "1", "daily.price")]
    [InlineData("\"o\":1,\"c\":1,\"h\":1,\"l\":1", "-5", "daily.volume")]
    [InlineData("\"o\":1,\"c\":1,\"h\":1,\"l\":1", "1e999", "daily.volume")]
    public async Task Impossible_numbers_are_rejected_and_cost_no_other_row(string prices, string volume, string rule)
    {
        var reply = await AskAsync(Massive.Bars(Massive.Grouped("GOOD", Day), Massive.Grouped("BAD", Day, volume, prices)));

        Assert.Equal("GOOD", Assert.Single(reply.Bars).Symbol.Text);
        Assert.Equal(("BAD", rule), (Assert.Single(reply.Rejected).Symbol, reply.Rejected[0].Rule));
    }

    [Fact]
    public async Task A_binary_ticker_is_rejected_in_printable_form()
    {
        var reply = await AskAsync(Massive.Bars(Massive.Grouped("A", Day), Massive.Grouped("\\u0001\\u00ffX", Day)));

        Assert.Single(reply.Bars);
        Assert.Equal(("daily.symbol", "???X"), (Assert.Single(reply.Rejected).Rule, reply.Rejected[0].Symbol));
    }

    [Theory]
    [InlineData("""{"resultsCount":0,"queryCount":0,"adjusted":false,"status":"OK","count":0}""")]
    [InlineData("""{"resultsCount":0,"results":[],"status":"DELAYED"}""")]
    [InlineData("""{"resultsCount":0,"results":null,"status":"OK"}""")]
    public async Task Nothing_is_a_reply_when_the_provider_says_nothing(string body) => Assert.Empty((await AskAsync(body)).Bars);

    [Theory]
    [InlineData("{}", "status: missing")]
    [InlineData("""{"status":"OK"}""", "results: missing, and neither resultsCount nor count says that there are none")]
    [InlineData("""{"status":"OK","resultsCount":3}""", "results: missing")]
    [InlineData("""{"status":"OK","resultsCount":3,"results":[]}""", "announces 3 rows, but 0 came")]
    [InlineData("""{"status":"OK","resultsCount":0,"adjusted":true,"results":[]}""", "adjusted: expected false")]
    [InlineData("""{"status":"OK","results":{}}""", "results: expected an array, got an object")]
    [InlineData("""{"status":"OK","results":[7]}""", "results[0]: expected an object, got the number 7")]
    [InlineData("[]", "the reply: expected an object, got an array")]
    [InlineData("<html>", "expected JSON")]
    [InlineData("""{"status":"OK","resultsCount":0}x""", "expected JSON")]
    [InlineData("""{"status":"BROKEN","message":"of sorts"}""", "status BROKEN: of sorts")]
    public async Task A_reply_that_makes_no_sense_is_an_error_and_never_an_empty_day(string body, string said)
    {
        var error = await FailAsync(body);

        Assert.Equal(ProviderFault.Nonsense, error.Fault);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("GET /v2/aggs/grouped/locale/us/market/stocks/2025-01-02: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"T\":\"AAPL\",\"v\":1,\"o\":1,\"h\":1,\"l\":1,\"c\":\"1\",\"t\":1", "results[1].c (AAPL): expected a number, got a string")]
    [InlineData("\"T\":\"AAPL\",\"v\":1,\"o\":1,\"h\":null,\"l\":1,\"c\":1,\"t\":1", "results[1].h (AAPL): expected a number, got null")]
    [InlineData("\"T\":\"AAPL\",\"v\":1,\"o\":1,\"h\":1,\"l\":1,\"c\":1,\"t\":1.5", "results[1].t (AAPL): expected a whole number, got the number 1.5")]
    [InlineData("\"T\":\"AAPL\",\"v\":1,\"o\":1,\"h\":1,\"l\":1,\"t\":1", "results[1].c (AAPL): missing")]
    [InlineData("\"T\":7,\"v\":1,\"o\":1,\"h\":1,\"l\":1,\"c\":1,\"t\":1", "results[1].T: expected a text, got the number 7")]
    [InlineData("\"v\":1,\"o\":1,\"h\":1,\"l\":1,\"c\":1,\"t\":1", "results[1].T: missing")]
    public async Task A_field_that_makes_no_sense_is_named_with_its_row_and_symbol(string row, string said)
    {
        var error = await FailAsync(Massive.Bars(Massive.Grouped("A", Day), row));

        Assert.Equal(ProviderFault.Nonsense, error.Fault);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_that_comes_as_200_is_a_refusal()
    {
        var error = await FailAsync(Massive.Refused("You are not entitled to this data."));

        Assert.Equal(ProviderFault.NotEntitled, error.Fault);
        Assert.Contains("You are not entitled", error.Message, StringComparison.Ordinal);
    }
}
