using System.Text.Json;
using DataMaintenance.Tests.Provider;

namespace DataMaintenance.Tests.SimulatedProvider;

/// <summary>Recorded replies and simulated ones have the same keys with the same kinds of values.</summary>
public sealed class SampleShapeTests
{
    [Theory]
    [InlineData("aggs_grouped_daily.json", "/v2/aggs/grouped/locale/us/market/stocks/2026-11-20")]
    [InlineData("aggs_prev_AAPL.json", "/v2/aggs/ticker/AAPL/prev")]
    [InlineData("aggs_range_1day_AAPL.json", "/v2/aggs/ticker/AAPL/range/1/day/2026-11-19/2026-11-20")]
    [InlineData("marketstatus_now.json", "/v1/marketstatus/now")]
    [InlineData("marketstatus_upcoming.json", "/v1/marketstatus/upcoming")]
    [InlineData("open_close_AAPL.json", "/v1/open-close/AAPL/2026-11-20")]
    [InlineData("reference_tickers_page1.json", "/v3/reference/tickers?limit=2")]
    [InlineData("reference_tickers_page2.json", "/v3/reference/tickers?ticker=AAPL")]
    [InlineData("reference_ticker_details_AAPL.json", "/v3/reference/tickers/AAPL")]
    [InlineData("reference_ticker_types.json", "/v3/reference/tickers/types")]
    [InlineData("reference_splits_v3.json", "/v3/reference/splits?limit=1000")]
    [InlineData("reference_dividends_v3.json", "/v3/reference/dividends?limit=1000")]
    [InlineData("ticker_events_META.json", "/vX/reference/tickers/META/events")]
    [InlineData("snapshot_all_tickers.json", "/v2/snapshot/locale/us/markets/stocks/tickers")]
    public async Task A_reply_has_the_keys_and_kinds_of_the_recorded_one(string sample, string path)
    {
        var recorded = JsonDocument.Parse(await File.ReadAllBytesAsync(SharedFolder.Of("reference", "massive-samples", sample), TestContext.Current.CancellationToken)).RootElement;
        await using var provided = await Provided.StartAsync(new() { Symbols = 400 });
        provided.Host.Clock.Set(new DateTimeOffset(2026, 11, 20, 22, 0, 0, TimeSpan.Zero));
        var (ours, theirs) = (Shape(await provided.GetAsync(path)), Shape(recorded));
        // Quotes and fair values belong to plans that are not simulated; a null condition list is one the provider has sent too.
        theirs.RemoveWhere(key => key.Contains("lastQuote", StringComparison.Ordinal) || key.Contains("fmv", StringComparison.Ordinal) || key.Contains("lastTrade.c", StringComparison.Ordinal));
        // The paging of a recording depends on the page.
        theirs.Remove(".next_url:String");
        Assert.Empty(theirs.Except(ours));
    }

    private static HashSet<string> Shape(JsonElement root)
    {
        var shape = new HashSet<string>(StringComparer.Ordinal);
        Walk(root, "");
        return shape;

        void Walk(JsonElement element, string path)
        {
            shape.Add($"{path}:{(element.ValueKind is JsonValueKind.True or JsonValueKind.False ? "Boolean" : element.ValueKind.ToString())}");
            if (element.ValueKind == JsonValueKind.Object)
                foreach (var property in element.EnumerateObject()) Walk(property.Value, path + "." + property.Name);
            else if (element.ValueKind == JsonValueKind.Array)
                foreach (var item in element.EnumerateArray()) Walk(item, path + "[]");
        }
    }
}
