using DataMaintenance.Provider;
using Market;

namespace DataMaintenance.Tests.Provider;

public sealed class PagingTests
{
    private static string Page(string ticker, string? next) =>
        $$"""{"results":[{"ticker":"{{ticker}}"}],"status":"OK","count":1{{(next is null ? "" : $",\"next_url\":\"{next}\"")}}}""";

    [Fact]
    public async Task Pages_are_followed_with_the_key_in_the_header_only()
    {
        ScriptedServer? server = null;
        server = await ScriptedServer.StartAsync((asked, _) =>
            Page(asked.Contains("cursor=two", StringComparison.Ordinal) ? "B" : "A",
                asked.Contains("cursor=", StringComparison.Ordinal) ? null : $"{server!.Url}v3/reference/tickers?cursor=two"));
        await using (server)
        {
            await using var source = Massive.Source(server);
            var tickers = await source.TickersAsync(active: true, TestContext.Current.CancellationToken);

            Assert.Equal(["A", "B"], tickers.Select(ticker => ticker.Symbol.Text));
            Assert.All(server.Requests, request => Assert.Equal("Bearer " + Massive.Key, request.Authorization));
            Assert.DoesNotContain(server.Requests, request => request.PathAndQuery.Contains(Massive.Key, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("http://evil.example/v3/reference/tickers?cursor=x")]
    [InlineData("http://127.0.0.1:1/v3/reference/tickers?cursor=x")]
    [InlineData("https://127.0.0.1/v3/reference/tickers?cursor=x")]
    [InlineData("http://user@127.0.0.1/v3")]
    [InlineData("/v3/reference/tickers?cursor=x")]
    [InlineData("no address")]
    public async Task Another_host_is_refused_and_never_asked(string next)
    {
        await using var server = await ScriptedServer.AlwaysAsync(Page("A", next));
        await using var source = Massive.Source(server);
        var error = await Assert.ThrowsAsync<ProviderException>(() => source.TickersAsync(active: true, TestContext.Current.CancellationToken));

        Assert.Equal(ProviderFault.Nonsense, error.Fault);
        Assert.Contains("next_url", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public void The_providers_old_and_new_host_are_one_service_and_the_key_stays_at_the_one_of_the_settings()
    {
        var trail = new DataMaintenance.Provider.Massive.PageTrail(new("tickers", "/v3/reference/tickers"), new ProviderOptions());

        Assert.True(trail.MoveNext("https://api.polygon.io/v3/reference/tickers?cursor=x"));
        Assert.Equal("/v3/reference/tickers?cursor=x", trail.Current.PathAndQuery);
        Assert.Throws<ProviderException>(() => trail.MoveNext("http://api.polygon.io/v3/reference/tickers?cursor=y"));
        Assert.Throws<ProviderException>(() => trail.MoveNext("https://api.polygon.io.evil.example/v3?cursor=y"));
    }

    [Fact]
    public async Task Two_cursors_that_lead_to_each_other_stop()
    {
        ScriptedServer? server = null;
        server = await ScriptedServer.StartAsync((asked, _) =>
            Page("A", $"{server!.Url}v3/reference/tickers?cursor={(asked.EndsWith("cursor=a", StringComparison.Ordinal) ? "b" : "a")}"));
        await using (server)
        {
            await using var source = Massive.Source(server);
            var error = await Assert.ThrowsAsync<ProviderException>(() => source.TickersAsync(active: true, TestContext.Current.CancellationToken));

            Assert.Contains("leads back to a page already read", error.Message, StringComparison.Ordinal);
            Assert.Equal(3, server.Requests.Count);
        }
    }

    [Fact]
    public async Task Pages_without_end_stop_at_the_bound()
    {
        ScriptedServer? server = null;
        var page = 0;
        server = await ScriptedServer.StartAsync((_, _) => Page("A", $"{server!.Url}v3/reference/tickers?cursor={++page}"));
        await using (server)
        {
            await using var source = Massive.Source(server, options => options with { MaxPages = 5 });
            var error = await Assert.ThrowsAsync<ProviderException>(() => source.TickersAsync(active: true, TestContext.Current.CancellationToken));

            Assert.Contains("at most 5 pages", error.Message, StringComparison.Ordinal);
            Assert.Equal(5, server.Requests.Count);
        }
    }

    [Fact]
    public async Task Bars_of_all_pages_are_joined_and_unadjusted_ones_asked_again_on_each()
    {
        ScriptedServer? server = null;
        server = await ScriptedServer.StartAsync((asked, count) =>
        {
            if (asked.Contains("cursor=", StringComparison.Ordinal))
                return count == 0 ? new Answer(Massive.Bars(Massive.Bar(Massive.At(Massive.Day, 10, 5))), CutAfter: 150) : Massive.Bars(Massive.Bar(Massive.At(Massive.Day, 10, 5)));
            return Massive.Bars(Massive.Bar(Massive.At(Massive.Day, 10))).Replace("\"status\"", $"\"next_url\":\"{server!.Url}v2/aggs/next?cursor=x\",\"status\"", StringComparison.Ordinal);
        });
        await using (server)
        {
            await using var source = Massive.Source(server);
            var reply = await source.SlotsAsync("AAPL", SlotGrid.Extended, Massive.Day);

            Assert.Equal([72, 73], reply.Days[0].Slots.Select(slot => (int)slot.Number));
            Assert.Empty(reply.Rejected);
            Assert.Equal("/v2/aggs/next?cursor=x&adjusted=false", server.Requests[^1].PathAndQuery);
        }
    }
}
