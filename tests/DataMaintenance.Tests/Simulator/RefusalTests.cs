using System.Net.Http.Headers;
using System.Text.Json;
using Simulator;
using Simulator.Rest;

namespace DataMaintenance.Tests.SimulatedProvider;

public sealed class RefusalTests
{
    [Fact]
    public async Task A_key_is_needed_in_either_form_and_must_be_known()
    {
        await using var provided = await Provided.StartAsync(new SimulatorOptions { Symbols = 50, Keys = ["any"] });
        Assert.Equal(200, (await provided.TextAsync("/v1/marketstatus/now")).Status);
        provided.Http.DefaultRequestHeaders.Authorization = null;
        await Refused(provided, "/v1/marketstatus/now", 401, "ERROR", "error", "API Key was not provided");
        await Refused(provided, "/v1/marketstatus/now?apiKey=other", 401, "ERROR", "error", "Unknown API Key");
        Assert.Equal(200, (await provided.TextAsync("/v1/marketstatus/now?apiKey=any")).Status);
        provided.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "other");
        await Refused(provided, "/v1/marketstatus/now", 401, "ERROR", "error", "Unknown API Key");
    }

    [Fact]
    public async Task What_does_not_exist_is_said_in_the_words_of_its_route()
    {
        await using var provided = await Provided.StartAsync(new SimulatorOptions { Symbols = 50 });
        await Refused(provided, "/v3/reference/tickers/NOSUCH", 404, "NOT_FOUND", "message", "Ticker not found.");
        await Refused(provided, "/v3/reference/tickers/aapl", 404, "NOT_FOUND", "message", "Ticker not found.");
        await Refused(provided, "/v1/open-close/AAPL/2026-11-21", 404, "NOT_FOUND", "message", "Data not found.");
        Assert.Equal((404, "404 page not found\n"), await provided.TextAsync("/v9/nothing"));
    }

    [Theory]
    [InlineData("/v2/aggs/ticker/NOSUCH/range/5/minute/2026-11-20/2026-11-20")]
    [InlineData("/v2/aggs/ticker/AAPL/range/5/minute/2026-11-21/2026-11-22")]
    [InlineData("/v2/aggs/grouped/locale/us/market/stocks/2026-11-22")]
    [InlineData("/v2/aggs/grouped/locale/us/market/stocks/2026-11-26")]
    [InlineData("/v2/aggs/grouped/locale/us/market/stocks/2026-12-01")]
    public async Task Nothing_traded_is_an_answer_without_results(string path)
    {
        await using var provided = await Provided.StartAsync(new SimulatorOptions { Symbols = 50 });
        var reply = await provided.GetAsync(path);
        Assert.False(reply.TryGetProperty("results", out _));
        Assert.Equal((0, 0, "OK"), (reply.GetProperty("resultsCount").GetInt32(), reply.GetProperty("queryCount").GetInt32(), reply.GetProperty("status").GetString()));
    }

    [Theory]
    [InlineData("2026-13-01/2026-11-20", "Could not parse the time parameter: 'from'. Use YYYY-MM-DD or Unix MS Timestamps")]
    [InlineData("2026-11-20/tomorrow", "Could not parse the time parameter: 'to'. Use YYYY-MM-DD or Unix MS Timestamps")]
    [InlineData("2026-11-20/2026-11-19", "The parameter 'to' cannot be a time that occurs before 'from'")]
    public async Task A_bad_time_is_refused(string times, string text)
    {
        await using var provided = await Provided.StartAsync(new SimulatorOptions { Symbols = 50 });
        await Refused(provided, "/v2/aggs/ticker/AAPL/range/1/day/" + times, 400, "ERROR", "error", text);
    }

    [Fact]
    public async Task The_free_plan_has_five_calls_a_minute()
    {
        await using var provided = await Provided.StartAsync(new SimulatorOptions { Symbols = 50, Plan = Plan.Basic });
        for (var i = 0; i < 5; i++) Assert.Equal(200, (await provided.TextAsync("/v1/marketstatus/now")).Status);
        var (status, body) = await provided.TextAsync("/v1/marketstatus/now");
        Assert.Equal(429, status);
        Assert.Contains("exceeded the maximum requests per minute", body, StringComparison.Ordinal);
        provided.Host.Clock.Set(Provided.FridayNight.AddSeconds(61));
        Assert.Equal(200, (await provided.TextAsync("/v1/marketstatus/now")).Status);
    }

    [Fact]
    public async Task Forbidden_has_three_meanings_told_apart_by_the_text()
    {
        await using var provided = await Provided.StartAsync(new SimulatorOptions { Symbols = 50, Plan = Plan.Basic });
        await Refused(provided, "/v2/snapshot/locale/us/markets/stocks/tickers", 403, "NOT_AUTHORIZED", "message", "You are not entitled to this data. Please upgrade your plan at https://massive.com/pricing");
        await Refused(provided, Provided.Grouped(new DateOnly(2020, 1, 2)), 403, "NOT_AUTHORIZED", "message", "Your plan doesn't include this data timeframe. Please upgrade your plan at https://polygon.io/pricing");
        await Refused(provided, Provided.Grouped(Provided.Friday), 403, "NOT_AUTHORIZED", "message", "Attempted to request today's data before end of day. Please upgrade your plan at https://polygon.io/pricing");
    }

    [Fact]
    public async Task Paid_plans_that_are_late_say_delayed()
    {
        await using var provided = await Provided.StartAsync(new SimulatorOptions { Symbols = 50, Plan = Plan.Starter });
        Assert.Equal("DELAYED", (await provided.GetAsync(Provided.Range("AAPL", "1/day", Provided.Friday, Provided.Friday))).GetProperty("status").GetString());
        Assert.Equal(403, (await provided.TextAsync(Provided.Grouped(new DateOnly(2021, 11, 1)))).Status);
    }

    private static async Task Refused(Provided provided, string path, int status, string word, string field, string text)
    {
        var (code, body) = await provided.TextAsync(path);
        Assert.Equal(status, code);
        var json = JsonDocument.Parse(body).RootElement;
        Assert.Equal((word, text), (json.GetProperty("status").GetString(), json.GetProperty(field).GetString()));
        Assert.Matches("^[0-9a-f]{32}$", json.GetProperty("request_id").GetString());
    }
}
