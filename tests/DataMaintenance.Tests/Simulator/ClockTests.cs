using System.Net.Http.Json;
using System.Text.Json;
using Market;
using Simulator;

namespace DataMaintenance.Tests.SimulatedProvider;

public sealed class ClockTests
{
    private static readonly DateOnly Thursday = new(2026, 11, 19);

    [Fact]
    public async Task Setting_the_clock_takes_away_what_has_not_happened()
    {
        await using var provided = await Provided.StartAsync();
        var whole = await provided.AllAsync(Provided.Range("AAPL", "1/minute", Provided.Friday, Provided.Friday));
        await SetClock(provided, "2026-11-20T15:30:00Z");
        var partial = await provided.AllAsync(Provided.Range("AAPL", "1/minute", Provided.Friday, Provided.Friday));
        var end = TradingCalendar.At(Provided.Friday, new TimeOnly(10, 30)).ToUnixTimeMilliseconds();
        Assert.Equal(whole.Where(row => row.GetProperty("t").GetInt64() < end).Select(row => row.GetRawText()), partial.Select(row => row.GetRawText()));
        Assert.True(Apple(await provided.GetAsync(Provided.Grouped(Provided.Friday))).GetProperty("v").GetDecimal() > 0);
        await SetClock(provided, "2026-11-20T08:00:00Z");
        Assert.False((await provided.GetAsync(Provided.Grouped(Provided.Friday))).TryGetProperty("results", out _));
    }

    [Fact]
    public async Task Days_start_at_midnight_in_range_and_end_at_four_in_grouped_through_daylight_saving()
    {
        await using var provided = await Provided.StartAsync();
        var (friday, monday) = (new DateOnly(2026, 3, 6), new DateOnly(2026, 3, 9));
        var range = await provided.AllAsync(Provided.Range("AAPL", "1/day", friday, monday));
        Assert.Equal([At(friday, 0), At(monday, 0)], range.Select(row => row.GetProperty("t").GetInt64()));
        Assert.Equal(24 * 3 - 1, (At(monday, 0) - At(friday, 0)) / 3_600_000);
        foreach (var date in (DateOnly[])[friday, monday])
            Assert.Equal(At(date, 16), Apple(await provided.GetAsync(Provided.Grouped(date))).GetProperty("t").GetInt64());
    }

    [Fact]
    public async Task A_snapshot_lives_through_its_day()
    {
        await using var provided = await Provided.StartAsync(new SimulatorOptions { Symbols = 10 });
        var close = Apple(await provided.GetAsync(Provided.Grouped(Thursday))).GetProperty("c").GetDecimal();
        await SetClock(provided, "2026-11-20T08:45:00Z");
        var reset = await Snapshot(provided);
        Assert.Equal((0m, 0m, 0m, close), (Of(reset, "day", "c"), Of(reset, "min", "c"), reset.GetProperty("todaysChange").GetDecimal(), Of(reset, "prevDay", "c")));
        await SetClock(provided, "2026-11-20T10:00:00Z");
        var early = await Snapshot(provided);
        Assert.Equal(0m, Of(early, "day", "v"));
        Assert.Equal(Of(early, "min", "c") - close, early.GetProperty("todaysChange").GetDecimal());
        await SetClock(provided, "2026-11-20T15:00:00Z");
        var open = await Snapshot(provided);
        Assert.True(Of(open, "day", "v") > 0 && Of(open, "day", "v") % 1 == 0 && open.GetProperty("updated").GetInt64() > 1_700_000_000_000_000_000);
        Assert.Equal(JsonValueKind.String, open.GetProperty("day").GetProperty("dv").ValueKind);
    }

    [Fact]
    public async Task Adjusted_history_changes_on_the_day_of_the_split_and_the_split_is_announced_before()
    {
        var split = new Split(new Symbol("MSFT"), Provided.Friday, 1, 4);
        await using var provided = await Provided.StartAsync(new SimulatorOptions { Symbols = 10, Splits = [split] });
        await SetClock(provided, "2026-11-19T23:00:00Z");
        var before = (await provided.AllAsync("/v2/aggs/ticker/MSFT/range/1/day/2026-11-18/2026-11-18"))[0];
        Assert.Contains(await provided.AllAsync("/v3/reference/splits?ticker=MSFT"), row => row.GetProperty("execution_date").GetString() == "2026-11-20");
        await SetClock(provided, "2026-11-20T13:00:00Z");
        var after = (await provided.AllAsync("/v2/aggs/ticker/MSFT/range/1/day/2026-11-18/2026-11-18"))[0];
        Assert.Equal(before.GetProperty("c").GetDouble() / 4, after.GetProperty("c").GetDouble(), 4);
        Assert.Equal(before.GetProperty("v").GetDouble() * 4, after.GetProperty("v").GetDouble(), 3);
    }

    [Fact]
    public async Task The_market_says_where_its_day_stands()
    {
        await using var provided = await Provided.StartAsync(new SimulatorOptions { Symbols = 10 });
        foreach (var (instant, word, early, after) in new[]
        {
            ("2026-11-20T09:30:00Z", "extended-hours", true, false), ("2026-11-20T15:30:00Z", "open", false, false),
            ("2026-11-20T22:30:00Z", "extended-hours", false, true), ("2026-11-22T15:30:00Z", "closed", false, false),
        })
        {
            await SetClock(provided, instant);
            var now = await provided.GetAsync("/v1/marketstatus/now");
            Assert.Equal((word, early, after), (now.GetProperty("market").GetString(), now.GetProperty("earlyHours").GetBoolean(), now.GetProperty("afterHours").GetBoolean()));
            Assert.EndsWith("-05:00", now.GetProperty("serverTime").GetString(), StringComparison.Ordinal);
        }
        var upcoming = (await provided.GetAsync("/v1/marketstatus/upcoming")).EnumerateArray().Where(row => row.GetProperty("exchange").GetString() == "NYSE").ToList();
        Assert.Equal(["2026-11-26", "2026-11-27", "2026-12-24", "2026-12-25"], upcoming.Select(row => row.GetProperty("date").GetString()));
        Assert.Equal("2026-11-27T18:00:00.000Z", upcoming[1].GetProperty("close").GetString());
    }

    private static async Task SetClock(Provided provided, string now)
    {
        using var reply = await provided.Http.PostAsJsonAsync("/_control/clock", new { now }, TestContext.Current.CancellationToken);
        Assert.True(reply.IsSuccessStatusCode);
    }

    private static async Task<JsonElement> Snapshot(Provided provided) =>
        (await provided.GetAsync("/v2/snapshot/locale/us/markets/stocks/tickers/AAPL")).GetProperty("ticker");

    private static decimal Of(JsonElement snapshot, string part, string field) => snapshot.GetProperty(part).GetProperty(field).GetDecimal();

    private static JsonElement Apple(JsonElement grouped) => grouped.GetProperty("results").EnumerateArray().Single(row => row.GetProperty("T").GetString() == "AAPL");

    private static long At(DateOnly date, int hour) => TradingCalendar.At(date, new TimeOnly(hour, 0)).ToUnixTimeMilliseconds();
}
