using DataMaintenance.Provider;
using Market;

namespace DataMaintenance.Tests.Provider;

public sealed class ReferenceTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string List(params string[] rows) => $$"""{"results":[{{string.Join(',', rows)}}],"status":"OK","request_id":1,"count":{{rows.Length}}}""";

    [Fact]
    public async Task A_ticker_occurs_once_by_its_newest_row()
    {
        await using var server = await ScriptedServer.AlwaysAsync(List(
            """{"ticker":"B","name":"old","last_updated_utc":"2022-04-27T00:00:00Z"}""",
            """{"ticker":"B","name":"new","last_updated_utc":"2023-04-27T00:00:00Z","cik":"0000000001","type":"CS","primary_exchange":"XNYS","composite_figi":"F","active":true}""",
            """{"ticker":"B","name":"undated"}""",
            """{"ticker":"A"}""",
            """{"ticker":"Bp"}"""));
        await using var source = Massive.Source(server);
        var tickers = await source.TickersAsync(active: true, Ct);

        Assert.Equal(["A", "B", "Bp"], tickers.Select(ticker => ticker.Symbol.Text));
        Assert.Equal(new Ticker(new Symbol("B"), "new", "CS", "XNYS", "0000000001", "F", true, null), tickers[1]);
        Assert.Equal("/v3/reference/tickers?market=stocks&active=true&order=asc&sort=ticker&limit=1000", server.Requests[0].PathAndQuery);
    }

    [Fact]
    public async Task Delisted_ones_are_a_list_of_their_own()
    {
        await using var server = await ScriptedServer.AlwaysAsync(List("""{"ticker":"OLD","active":false,"delisted_utc":"2021-07-06T00:00:00Z"}"""));
        await using var source = Massive.Source(server);
        var ticker = Assert.Single(await source.TickersAsync(active: false, Ct));

        Assert.Equal((false, new DateOnly(2021, 7, 6)), (ticker.Active, ticker.DelistedOn));
        Assert.Contains("active=false", server.Requests[0].PathAndQuery, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Splits_have_exponents_and_fractions_and_may_lie_ahead()
    {
        await using var server = await ScriptedServer.AlwaysAsync(List(
            """{"id":"E1","ticker":"NPWZ","execution_date":"2018-11-08","split_from":2e+06,"split_to":1,"adjustment_type":"reverse_split"}""",
            """{"id":"E2","ticker":"AAPL","execution_date":"2030-06-09","split_from":1,"split_to":1.05}""",
            """{"id":"E2","ticker":"AAPL","execution_date":"2030-06-09","split_from":1,"split_to":1.05}"""));
        await using var source = Massive.Source(server);

        Assert.Equal(
            [
                new ListedSplit(new Split(new Symbol("NPWZ"), new DateOnly(2018, 11, 8), 2_000_000, 1), "E1"),
                new ListedSplit(new Split(new Symbol("AAPL"), new DateOnly(2030, 6, 9), 1, 1.05), "E2"),
            ],
            await source.SplitsAsync(Ct));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    public async Task Splits_come_from_the_older_endpoint_when_the_plan_lacks_the_newer_one(int status)
    {
        await using var server = await ScriptedServer.StartAsync((asked, _) => asked.StartsWith("/v3/", StringComparison.Ordinal)
            ? List("""{"ticker":"A","execution_date":"2025-01-02","split_from":1,"split_to":4}""")
            : new Answer(Massive.Refused("no"), status));
        await using var source = Massive.Source(server);

        Assert.Equal(new Split(new Symbol("A"), Massive.Day, 1, 4), Assert.Single(await source.SplitsAsync(Ct)).Split);
        Assert.Equal(["/stocks/v1/splits?sort=execution_date.asc&limit=5000", "/v3/reference/splits?sort=execution_date&order=asc&limit=1000"],
            server.Requests.Select(request => request.PathAndQuery));
    }

    [Theory]
    [InlineData("""{"ticker":"A","execution_date":"2025-02-30","split_from":1,"split_to":4}""", "results[0].execution_date (A): expected a date such as 2025-01-02, got a string")]
    [InlineData("""{"ticker":"A","execution_date":"2025-01-02","split_to":4}""", "results[0].split_from (A): missing")]
    [InlineData("""{"ticker":"A","execution_date":"2025-01-02","split_from":"1","split_to":4}""", "results[0].split_from (A): expected a number, got a string")]
    public async Task A_split_that_makes_no_sense_is_named(string row, string said)
    {
        await using var server = await ScriptedServer.AlwaysAsync(List(row));
        await using var source = Massive.Source(server);
        var error = await Assert.ThrowsAsync<ProviderException>(() => source.SplitsAsync(Ct));

        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_without_results_that_does_not_say_it_is_empty_is_an_error()
    {
        await using var server = await ScriptedServer.AlwaysAsync("""{"status":"OK"}""");
        await using var source = Massive.Source(server);

        await Assert.ThrowsAsync<ProviderException>(() => source.SplitsAsync(Ct));
        await Assert.ThrowsAsync<ProviderException>(() => source.TickersAsync(active: true, Ct));
        await Assert.ThrowsAsync<ProviderException>(() => source.FloatsAsync(Ct));
    }

    [Fact]
    public async Task Details_of_an_exchange_traded_fund_lack_what_it_has_not()
    {
        await using var server = await ScriptedServer.AlwaysAsync("""{"results":{"ticker":"SPY","name":"Fund","type":"ETF","active":true,"list_date":"1993-01-22","description":""},"status":"OK"}""");
        await using var source = Massive.Source(server);
        var details = await source.DetailsAsync(new Symbol("SPY"), Ct);

        Assert.Equal(new TickerDetails(new Symbol("SPY")) { Name = "Fund", Type = "ETF", ListDate = new DateOnly(1993, 1, 22) }, details);
    }

    [Fact]
    public async Task An_unknown_security_has_no_details_but_a_missing_endpoint_is_an_error()
    {
        await using var server = await ScriptedServer.StartAsync((asked, _) => asked.EndsWith("/GONE", StringComparison.Ordinal)
            ? new Answer("""{"status":"NOT_FOUND","message":"Ticker not found."}""", 404)
            : new Answer("404 page not found", 404));
        await using var source = Massive.Source(server);

        Assert.Null(await source.DetailsAsync(new Symbol("GONE"), Ct));
        await Assert.ThrowsAsync<ProviderException>(() => source.DetailsAsync(new Symbol("A"), Ct));
    }

    [Theory]
    [InlineData("""{"results":{"ticker":"a"},"status":"OK"}""", "results.ticker: expected A, got a")]
    [InlineData("""{"results":{"name":"x"},"status":"OK"}""", "results.ticker: missing")]
    [InlineData("""{"results":[],"status":"OK"}""", "results: expected an object, got an array")]
    [InlineData("""{"status":"OK"}""", "results: missing")]
    [InlineData("""{"results":{"ticker":"A","market_cap":"big"},"status":"OK"}""", "results.market_cap: expected a number, got a string")]
    [InlineData("""{"results":{"ticker":"A","market_cap":-1},"status":"OK"}""", "results.market_cap: expected an amount of at least 0")]
    public async Task Details_that_make_no_sense_are_named(string body, string said)
    {
        await using var server = await ScriptedServer.AlwaysAsync(body);
        await using var source = Massive.Source(server);
        var error = await Assert.ThrowsAsync<ProviderException>(() => source.DetailsAsync(new Symbol("A"), Ct));

        Assert.Equal(ProviderFault.Nonsense, error.Fault);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_float_is_the_one_that_took_effect_last()
    {
        await using var server = await ScriptedServer.AlwaysAsync(List(
            """{"ticker":"A","free_float":7,"free_float_percent":6.6,"effective_date":"2025-09-04"}""",
            """{"ticker":"A","free_float":5,"effective_date":"2024-09-04"}""",
            """{"ticker":"B","free_float":1.5e+09}"""));
        await using var source = Massive.Source(server);
        var floats = await source.FloatsAsync(Ct);

        Assert.Equal((7, 1_500_000_000), (floats[new Symbol("A")], floats[new Symbol("B")]));
    }

    [Fact]
    public async Task Special_days_come_once_and_early_closes_in_New_York_time()
    {
        await using var server = await ScriptedServer.AlwaysAsync("""
            [{"exchange":"NASDAQ","name":"Thanksgiving","date":"2022-11-25","status":"early-close","open":"2022-11-25T14:30:00.000Z","close":"2022-11-25T17:00:00.000Z"},
             {"exchange":"NYSE","name":"Thanksgiving","date":"2022-11-25","status":"early-close","open":"2022-11-25T14:30:00.000Z","close":"2022-11-25T18:00:00.000Z"},
             {"exchange":"OTC","name":"Memorial Day","date":"2022-05-30","status":"closed"}]
            """);
        await using var source = Massive.Source(server);

        Assert.Equal(
            [new SpecialDay(new DateOnly(2022, 5, 30), "Memorial Day", null), new SpecialDay(new DateOnly(2022, 11, 25), "Thanksgiving", new TimeOnly(13, 0))],
            await source.UpcomingHolidaysAsync(Ct));
    }

    [Fact]
    public async Task A_probe_says_in_words_what_the_plan_grants_and_never_throws()
    {
        await using var server = await ScriptedServer.StartAsync((asked, _) => asked switch
        {
            "/v1/marketstatus/now" => """{"market":"open","serverTime":"2025-01-02T10:00:00-05:00"}""",
            _ when asked.Contains("/float", StringComparison.Ordinal) => new Answer(Massive.Refused("You are not entitled to this data."), 403),
            _ when asked.Contains("/range/", StringComparison.Ordinal) => Massive.Bars(),
            _ => new Answer(Massive.Error("oh"), 500),
        });
        await using var source = Massive.Source(server);
        var said = await source.ProbeAsync(new(2025, 1, 3), Ct);

        Assert.Equal(["grouped bars", "five-minute bars", "tickers", "details", "splits", "float", "market status", "flat files"], said.Select(one => one.What));
        Assert.Equal(["five-minute bars", "market status", "flat files"], said.Where(one => one.Granted).Select(one => one.What));
        Assert.Contains("NotEntitled", said[5].Said, StringComparison.Ordinal);
        Assert.Equal("market open, server time 2025-01-02T10:00:00-05:00", said[6].Said);
        Assert.StartsWith("not in use", said[7].Said, StringComparison.Ordinal);
    }
}
