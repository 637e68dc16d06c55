using System.Text.Json;
using Simulator;
using Simulator.Faults;

namespace DataMaintenance.Tests.SimulatedProvider;

/// <summary>What a plain client sees when the socket, the status or the pages go wrong.</summary>
public sealed class WireFaultTests
{
    private static readonly string Path = Provided.Grouped(Provided.Friday);

    [Fact]
    public async Task A_cut_body_ends_in_the_middle_and_a_reset_brings_no_answer()
    {
        await using var provided = await Provided.StartAsync();
        await provided.SetAsync("""{"kind":"cut","count":1}""");
        var cut = await Assert.ThrowsAnyAsync<HttpRequestException>(() => provided.TextAsync(Path));
        Assert.Contains("prematurely", cut.ToString(), StringComparison.Ordinal);
        // Without a count: HttpClient itself asks again when a connection it used before ends without a byte.
        await provided.SetAsync("""{"kind":"reset"}""");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => provided.TextAsync(Path));
        using var cleared = await provided.Http.DeleteAsync(new Uri("/_control/faults", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(200, (await provided.TextAsync(Path)).Status);
    }

    [Fact]
    public async Task A_stalled_reply_sends_its_head_and_then_nothing()
    {
        await using var provided = await Provided.StartAsync();
        await provided.SetAsync("""{"kind":"stall","count":1}""");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var reply = await provided.Http.GetAsync(new Uri(Path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, patience.Token);
        Assert.Equal(200, (int)reply.StatusCode);
        var rest = reply.Content.ReadAsByteArrayAsync(patience.Token);
        patience.CancelAfter(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rest);
    }

    [Fact]
    public async Task Empty_truncated_and_absurd_replies_are_all_200()
    {
        await using var provided = await Provided.StartAsync();
        await provided.SetAsync("""{"kind":"empty","count":1}""");
        Assert.Equal((200, ""), await provided.TextAsync(Path));
        await provided.SetAsync("""{"kind":"truncated","count":1}""");
        var (status, half) = await provided.TextAsync(Path);
        Assert.Equal(200, status);
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(half));
        await provided.SetAsync("""{"kind":"absurd","count":1}""");
        Assert.Equal(JsonValueKind.Object, (await provided.GetAsync(Path)).GetProperty("results").ValueKind);
    }

    [Theory]
    [InlineData("429", 429)]
    [InlineData("500", 500)]
    [InlineData("502", 502)]
    [InlineData("504", 504)]
    [InlineData("403", 403)]
    public async Task A_status_strikes_as_often_as_asked_and_only_its_route(string kind, int expected)
    {
        await using var provided = await Provided.StartAsync();
        await provided.SetAsync($$"""{"kind":"{{kind}}","count":2,"route":"grouped"}""");
        Assert.Equal(200, (await provided.TextAsync("/v1/marketstatus/now")).Status);
        Assert.Equal([expected, expected, 200], [(await provided.TextAsync(Path)).Status, (await provided.TextAsync(Path)).Status, (await provided.TextAsync(Path)).Status]);
    }

    [Fact]
    public async Task Too_many_may_say_when_to_come_back()
    {
        await using var provided = await Provided.StartAsync();
        await provided.SetAsync("""{"kind":"429","count":1,"retry_after":7}""");
        using (var told = await provided.AskAsync(Path)) Assert.Equal(TimeSpan.FromSeconds(7), told.Headers.RetryAfter!.Delta);
        await provided.SetAsync("""{"kind":"429","count":1}""");
        using var untold = await provided.AskAsync(Path);
        Assert.Null(untold.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_window_of_calls_is_full_until_it_ends()
    {
        await using var provided = await Provided.StartAsync();
        await provided.SetAsync("""{"kind":"throttle","count":2,"window":10}""");
        var statuses = new List<int>();
        for (var i = 0; i < 4; i++) statuses.Add((await provided.TextAsync("/v1/marketstatus/now")).Status);
        provided.Host.Clock.Set(Provided.FridayNight.AddSeconds(10));
        statuses.Add((await provided.TextAsync("/v1/marketstatus/now")).Status);
        Assert.Equal([200, 200, 429, 429, 200], statuses);
    }

    [Fact]
    public async Task A_poisoned_symbol_always_fails_and_the_others_do_not()
    {
        await using var provided = await Provided.StartAsync(new SimulatorOptions { Symbols = 50, Faults = [Fault.Parse("poison=BCpC")] });
        for (var i = 0; i < 3; i++) Assert.Equal(500, (await provided.TextAsync(Provided.Range("BCpC", "5/minute", Provided.Friday, Provided.Friday))).Status);
        Assert.Equal(200, (await provided.TextAsync(Provided.Range("BCPC", "5/minute", Provided.Friday, Provided.Friday))).Status);
    }

    [Fact]
    public async Task Pages_can_loop_or_lead_to_a_foreign_host()
    {
        await using var provided = await Provided.StartAsync();
        await provided.SetAsync("""{"kind":"loop","route":"tickers"}""");
        var first = (await provided.GetAsync("/v3/reference/tickers?limit=10")).GetProperty("next_url").GetString()!;
        Assert.Equal(400, (await provided.TextAsync("/v3/reference/tickers?cursor=%21")).Status);
        var second = (await provided.GetAsync(first)).GetProperty("next_url").GetString()!;
        Assert.Equal(second, (await provided.GetAsync(second)).GetProperty("next_url").GetString());
        using var cleared = await provided.Http.DeleteAsync(new Uri("/_control/faults", UriKind.Relative), TestContext.Current.CancellationToken);
        await provided.SetAsync("""{"kind":"foreign"}""");
        var foreign = (await provided.GetAsync("/v3/reference/tickers?limit=10")).GetProperty("next_url").GetString()!;
        Assert.NotEqual(provided.Host.BaseUrl.Host, new Uri(foreign).Host);
        Assert.EndsWith(".example.net", new Uri(foreign).Host, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_seed_strikes_the_same_requests_in_any_order()
    {
        string[] tickers = ["AAPL", "MSFT", "NVDA", "TSLA", "SPY", "QQQ", "AMZN", "META", "GOOGL", "GOOG", "AMD", "INTC"];
        async Task<List<int>> Run(IEnumerable<string> order)
        {
            await using var provided = await Provided.StartAsync(new SimulatorOptions { Symbols = 50, Faults = [Fault.Parse("500=0.5@range")] });
            var statuses = new Dictionary<string, int>();
            foreach (var ticker in order) statuses[ticker] = (await provided.TextAsync(Provided.Range(ticker, "1/day", Provided.Friday, Provided.Friday))).Status;
            return [.. tickers.Select(ticker => statuses[ticker])];
        }
        var run = await Run(tickers);
        Assert.Equal(run, await Run(tickers.Reverse()));
        Assert.Contains(200, run);
        Assert.Contains(500, run);
    }

    [Fact]
    public async Task Requests_are_counted_by_route_and_outcome_and_range_by_symbol()
    {
        await using var provided = await Provided.StartAsync();
        await provided.SetAsync("""{"kind":"500","count":1,"symbol":"AAPL"}""");
        var path = Provided.Range("AAPL", "5/minute", Provided.Friday, Provided.Friday);
        await provided.TextAsync(path);
        await provided.TextAsync(path);
        await provided.TextAsync(Path);
        var counts = (await provided.GetAsync("/_control/requests")).GetProperty("requests").EnumerateArray()
            .Select(row => (row.GetProperty("route").GetString(), row.GetProperty("status").GetString(), row.GetProperty("count").GetInt32()));
        Assert.Equal([("grouped", "200", 1), ("range", "200", 1), ("range", "500", 1)], counts);
        var symbol = (await provided.GetAsync("/_control/requests?by=symbol")).GetProperty("symbols")[0];
        Assert.Equal(("AAPL", 2, 1), (symbol.GetProperty("symbol").GetString(), symbol.GetProperty("asked").GetInt32(), symbol.GetProperty("answered").GetInt32()));
    }

    [Theory]
    [InlineData("boom=1")]
    [InlineData("429=2")]
    [InlineData("429=x")]
    [InlineData("poison")]
    [InlineData("cut=1@nowhere")]
    public void A_fault_that_makes_no_sense_is_refused(string text) => Assert.Throws<FormatException>(() => Fault.Parse(text));
}
