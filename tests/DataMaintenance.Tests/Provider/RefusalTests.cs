using DataMaintenance.Provider;
using Market;

namespace DataMaintenance.Tests.Provider;

public sealed class RefusalTests
{
    private static async Task<ProviderException> FailAsync(Answer answer, Func<ProviderOptions, ProviderOptions>? change = null)
    {
        await using var server = await ScriptedServer.AlwaysAsync(answer);
        await using var source = Massive.Source(server, change);
        return await Assert.ThrowsAsync<ProviderException>(() => source.DailyAsync(Massive.Day, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(401, "API Key was not provided", ProviderFault.Unauthorized)]
    [InlineData(401, "Unknown API Key", ProviderFault.Unauthorized)]
    [InlineData(400, "Could not parse the time parameter: 'from'. Use YYYY-MM-DD or Unix MS Timestamps", ProviderFault.BadRequest)]
    [InlineData(429, "You've exceeded the requests", ProviderFault.Throttled)]
    [InlineData(500, "oh", ProviderFault.Unavailable)]
    [InlineData(504, "late", ProviderFault.Unavailable)]
    [InlineData(302, "elsewhere", ProviderFault.Nonsense)]
    public async Task The_providers_words_reach_the_reader(int status, string said, ProviderFault fault)
    {
        var error = await FailAsync(new Answer(Massive.Error(said), status));

        Assert.Equal(fault, error.Fault);
        Assert.Equal($"GET /v2/aggs/grouped/locale/us/market/stocks/2025-01-02: HTTP {status}: {said}", error.Message);
    }

    [Theory]
    [InlineData("You are not entitled to this data. Please upgrade your plan at https://massive.com/pricing", ProviderFault.NotEntitled)]
    [InlineData("Your plan doesn't include this data timeframe. Please upgrade your plan at https://polygon.io/pricing", ProviderFault.TooOld)]
    [InlineData("Attempted to request today's data before end of day. Please upgrade your plan at https://polygon.io/pricing", ProviderFault.NotYet)]
    public async Task A_403_has_three_meanings(string said, ProviderFault fault)
    {
        var error = await FailAsync(new Answer(Massive.Refused(said), 403));

        Assert.Equal(fault, error.Fault);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plain_text_404_is_told_as_it_came()
    {
        var error = await FailAsync(new Answer("404 page not found", 404));

        Assert.Equal((ProviderFault.NotFound, true), (error.Fault, error.Message.EndsWith("HTTP 404: 404 page not found", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(500)]
    [InlineData(200)]
    public async Task A_server_that_repeats_the_key_cannot_make_us_show_it(int status)
    {
        var error = await FailAsync(new Answer($$"""{"status":"{{Massive.Key}}","error":"key {{Massive.Key}}","message":"key {{Massive.Key}}"}""", status));

        Assert.DoesNotContain(Massive.Key, error.ToString(), StringComparison.Ordinal);
        Assert.Contains("***", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_listener_is_unavailable_and_shows_no_key()
    {
        var server = await ScriptedServer.AlwaysAsync("");
        await using var source = Massive.Source(server);
        await server.DisposeAsync();
        var error = await Assert.ThrowsAsync<ProviderException>(() => source.DailyAsync(Massive.Day, TestContext.Current.CancellationToken));

        Assert.Equal(ProviderFault.Unavailable, error.Fault);
        Assert.DoesNotContain(Massive.Key, error.ToString(), StringComparison.Ordinal);
        Assert.Equal(3, source.Usage.Calls[("grouped", "unreachable")]);
    }

    [Fact]
    public async Task A_refusal_of_everything_stops_at_once()
    {
        await using var server = await ScriptedServer.AlwaysAsync(new Answer(Massive.Error("Unknown API Key"), 401));
        await using var source = Massive.Source(server, options => options with { MaxConcurrency = 1 });
        var error = await Assert.ThrowsAsync<ProviderException>(() =>
            source.AllSlotsAsync([.. Enumerable.Range(0, 500).Select(i => $"S{i}")], SlotGrid.Extended, Massive.Day));

        Assert.Equal(ProviderFault.Unauthorized, error.Fault);
        Assert.InRange(server.Requests.Count, 1, 10);
    }
}
