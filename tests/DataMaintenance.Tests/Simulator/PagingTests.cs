using System.Text.Json;
using Simulator;

namespace DataMaintenance.Tests.SimulatedProvider;

public sealed class PagingTests
{
    [Theory]
    [InlineData("")]
    [InlineData("&order=desc")]
    [InlineData("&sort=name")]
    [InlineData("&active=false")]
    [InlineData("&type=ETF&exchange=ARCX")]
    [InlineData("&ticker.gte=M&ticker.lt=T")]
    public async Task Ticker_pages_of_any_order_hold_every_row_once(string more)
    {
        await using var provided = await Provided.StartAsync(new SimulatorOptions { Symbols = 2_000 });
        var whole = await provided.AllAsync("/v3/reference/tickers?limit=1000" + more);
        var paged = await provided.AllAsync("/v3/reference/tickers?limit=37" + more);
        Assert.NotEmpty(whole);
        Assert.Equal(whole.Select(Text), paged.Select(Text));
        Assert.Equal(whole.Count, whole.Select(Text).Distinct().Count());
    }

    [Fact]
    public async Task The_list_is_of_the_date_and_its_default_page_is_a_hundred()
    {
        await using var provided = await Provided.StartAsync(new SimulatorOptions { Symbols = 400 });
        var then = await provided.AllAsync("/v3/reference/tickers?date=2020-01-02&limit=1000");
        var expected = provided.Host.Market.ListedOn(new DateOnly(2020, 1, 2)).Select(security => security.Ticker).Order(StringComparer.Ordinal);
        Assert.Equal(expected, then.Select(row => row.GetProperty("ticker").GetString()!));
        Assert.Equal(100, (await provided.GetAsync("/v3/reference/tickers")).GetProperty("results").GetArrayLength());
    }

    [Theory]
    [InlineData("1/minute", "asc", 100)]
    [InlineData("5/minute", "asc", 333)]
    [InlineData("5/minute", "desc", 333)]
    [InlineData("1/hour", "asc", 250)]
    [InlineData("1/hour", "desc", 10)]
    [InlineData("1/day", "asc", 3)]
    [InlineData("1/day", "desc", 3)]
    public async Task Bars_cut_by_a_limit_on_base_bars_continue_on_the_next_page(string windows, string sort, int limit)
    {
        await using var provided = await Provided.StartAsync();
        var path = $"/v2/aggs/ticker/INTC/range/{windows}/2026-11-12/2026-11-20?sort={sort}";
        var whole = await provided.AllAsync($"{path}&limit=50000");
        var paged = await provided.AllAsync($"{path}&limit={limit}");
        if (windows == "1/hour" && limit < 60)
            Assert.Equal(whole.Select(Start), paged.Select(Start));
        else
            Assert.Equal(whole.Select(Text), paged.Select(Text));
        Assert.Equal(sort == "asc" ? whole.Select(Start).Order() : whole.Select(Start).OrderDescending(), whole.Select(Start));
    }

    [Fact]
    public async Task Adjusted_is_not_in_the_cursor_so_it_must_be_sent_again()
    {
        await using var provided = await Provided.StartAsync();
        var first = await provided.GetAsync("/v2/aggs/ticker/AAPL/range/1/minute/2026-11-20/2026-11-20?adjusted=false&limit=100");
        var next = first.GetProperty("next_url").GetString()!;
        Assert.False(first.GetProperty("adjusted").GetBoolean());
        Assert.DoesNotContain("any", next, StringComparison.Ordinal);
        Assert.True((await provided.GetAsync(next)).GetProperty("adjusted").GetBoolean());
        Assert.False((await provided.GetAsync(next + "&adjusted=false")).GetProperty("adjusted").GetBoolean());
    }

    [Fact]
    public async Task Both_split_listings_page_to_the_same_table()
    {
        await using var provided = await Provided.StartAsync(new SimulatorOptions { Symbols = 2_000 });
        var old = await provided.AllAsync("/v3/reference/splits?limit=100");
        var modern = await provided.AllAsync("/stocks/v1/splits?limit=77");
        Assert.True(old.Count > 100);
        Assert.Equal(old.Select(row => row.GetProperty("id").GetString()), modern.Select(row => row.GetProperty("id").GetString()));
        Assert.Equal(10, (await provided.GetAsync("/v3/reference/splits")).GetProperty("results").GetArrayLength());
        Assert.Equal(400, (await provided.TextAsync("/v3/reference/splits?limit=1001")).Status);
    }

    private static string Text(JsonElement row) => row.GetRawText();

    private static long Start(JsonElement row) => row.GetProperty("t").GetInt64();
}
