using DataMaintenance.Provider;
using Market;

namespace DataMaintenance.Tests.Provider;

/// <summary>Bodies recorded from the provider itself.</summary>
public sealed class SampleTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static async Task<T> AskAsync<T>(Func<IMarketSource, Task<T>> ask, string sample, Func<string, string>? change = null)
    {
        var body = await File.ReadAllTextAsync(SharedFolder.Of("reference", "massive-samples", sample), Ct);
        await using var server = await ScriptedServer.AlwaysAsync(change is null ? body : change(body));
        await using var source = Massive.Source(server);
        return await ask(source);
    }

    private static string Unadjusted(string body) => body.Replace("\"adjusted\": true", "\"adjusted\": false", StringComparison.Ordinal);

    [Fact]
    public async Task Grouped_bars()
    {
        var date = new DateOnly(2020, 10, 14);
        var reply = await AskAsync(source => source.DailyAsync(date, Ct), "aggs_grouped_daily.json", Unadjusted);

        Assert.Equal(new DailyBar(new Symbol("GIK"), date, 9.99, 10.02, 9.9, 10.02, 895_345, 9.9979, 96), Assert.Single(reply.Bars));
    }

    [Fact]
    public async Task Adjusted_bars_are_refused()
    {
        var error = await Assert.ThrowsAsync<ProviderException>(() => AskAsync(source => source.DailyAsync(new DateOnly(2020, 10, 14), Ct), "aggs_grouped_daily.json"));

        Assert.Contains("adjusted: expected false", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_range()
    {
        var reply = await AskAsync(source => source.SlotsAsync("AAPL", SlotGrid.Extended, new DateOnly(2005, 4, 1)), "aggs_range_1day_AAPL.json", Unadjusted);

        Assert.Empty(Assert.Single(reply.Days).Slots);
        Assert.Equal(["slot.outside_grid", "slot.wrong_day"], reply.Rejected.Select(row => row.Rule));
    }

    [Fact]
    public async Task Tickers_with_and_without_a_further_page()
    {
        var last = await AskAsync(source => source.TickersAsync(active: true, Ct), "reference_tickers_page2.json");
        var refused = await Assert.ThrowsAsync<ProviderException>(() => AskAsync(source => source.TickersAsync(active: true, Ct), "reference_tickers_page1.json"));

        Assert.Equal(("AAA", null), (last[0].Symbol.Text, last[0].Cik));
        Assert.Contains("got https://api.massive.com; not followed", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Details()
    {
        var details = await AskAsync(source => source.DetailsAsync(new Symbol("AAPL"), Ct), "reference_ticker_details_AAPL.json");

        Assert.Equal(("Apple Inc.", "XNAS", "3571", 2_488_795_282_370, 16_319_440_000, new DateOnly(1980, 12, 12), 154_000),
            (details!.Name, details.Exchange, details.SicCode, details.MarketCap, details.SharesOutstanding, details.ListDate, details.TotalEmployees));
    }

    [Fact]
    public async Task Splits()
    {
        var splits = await AskAsync(source => source.SplitsAsync(Ct), "reference_splits_v3.json");

        Assert.Contains(new ListedSplit(new Split(new Symbol("GOOGL"), new DateOnly(2022, 7, 18), 1, 20), null), splits);
    }

    [Fact]
    public async Task Special_days()
    {
        var days = await AskAsync(source => source.UpcomingHolidaysAsync(Ct), "marketstatus_upcoming.json");

        Assert.Equal(days.Select(day => day.Date).Distinct().Order(), days.Select(day => day.Date));
        Assert.Contains(new SpecialDay(new DateOnly(2022, 11, 25), "Thanksgiving", new TimeOnly(13, 0)), days);
        Assert.Contains(new SpecialDay(new DateOnly(2022, 7, 4), "Independence Day", null), days);
    }

    [Fact]
    public async Task The_markets_state()
    {
        var said = await AskAsync(source => source.ProbeAsync(new(2025, 1, 3), Ct), "marketstatus_now.json");

        Assert.Contains("market extended-hours, server time 2022-04-28T16:48:08-04:00", said.Select(line => line.Said));
    }
}
