using System.Text.Json;
using Market;
using Simulator;

namespace DataMaintenance.Tests.SimulatedProvider;

/// <summary>Replies that look whole and hold wrong rows.</summary>
public sealed class RowFaultTests
{
    private static readonly string Grouped = Provided.Grouped(Provided.Friday);
    private static readonly string Minutes = Provided.Range("AAPL", "1/minute", Provided.Friday, Provided.Friday);

    [Fact]
    public async Task A_ticker_or_a_minute_occurs_twice()
    {
        await using var provided = await Provided.StartAsync();
        await provided.SetAsync("""{"kind":"duplicates"}""");
        var tickers = (await Rows(provided, Grouped)).Select(row => row.GetProperty("T").GetString()).ToList();
        Assert.True(tickers.Distinct().Count() < tickers.Count);
        var starts = (await Rows(provided, Minutes)).Select(Start).ToList();
        Assert.True(starts.Distinct().Count() < starts.Count);
        var listed = (await Rows(provided, "/v3/reference/tickers?limit=1000")).Select(row => row.GetProperty("ticker").GetString()).ToList();
        Assert.True(listed.Distinct().Count() < listed.Count);
    }

    [Fact]
    public async Task Rows_come_in_no_order_and_are_all_there()
    {
        await using var provided = await Provided.StartAsync();
        var sound = await Rows(provided, Minutes);
        await provided.SetAsync("""{"kind":"unordered"}""");
        var shuffled = await Rows(provided, Minutes);
        Assert.NotEqual(sound.Select(Start), shuffled.Select(Start));
        Assert.Equal(sound.Select(Start), shuffled.Select(Start).Order());
    }

    [Theory]
    [InlineData("missing-rows", .70, .95)]
    [InlineData("half-missing", .45, .55)]
    [InlineData("missing-day", 0, 0)]
    public async Task Rows_are_absent(string kind, double least, double most)
    {
        await using var provided = await Provided.StartAsync();
        foreach (var path in (string[])[Grouped, Minutes])
        {
            var sound = await Rows(provided, path);
            await provided.SetAsync($$"""{"kind":"{{kind}}","count":1}""");
            Assert.InRange((await Rows(provided, path)).Count / (double)sound.Count, least, most);
        }
    }

    [Fact]
    public async Task One_day_is_absent_from_a_longer_range()
    {
        await using var provided = await Provided.StartAsync();
        await provided.SetAsync("""{"kind":"missing-day","date":"2026-11-19"}""");
        var days = (await Rows(provided, Provided.Range("AAPL", "1/day", new(2026, 11, 18), Provided.Friday))).Select(Day);
        Assert.Equal([new DateOnly(2026, 11, 18), Provided.Friday], days);
        Assert.Empty(await Rows(provided, Provided.Grouped(new DateOnly(2026, 11, 19))));
        Assert.NotEmpty(await Rows(provided, Grouped));
    }

    [Fact]
    public async Task Volumes_are_doubled()
    {
        await using var provided = await Provided.StartAsync();
        var sound = (await Rows(provided, Minutes)).Sum(row => row.GetProperty("v").GetDecimal());
        await provided.SetAsync("""{"kind":"doubled-volume"}""");
        Assert.Equal(2 * sound, (await Rows(provided, Minutes)).Sum(row => row.GetProperty("v").GetDecimal()));
    }

    [Fact]
    public async Task A_corrupt_reply_holds_a_binary_ticker_and_an_impossible_price()
    {
        await using var provided = await Provided.StartAsync();
        await provided.SetAsync("""{"kind":"corrupt"}""");
        var corrupt = (await Rows(provided, Grouped)).Single(row => !Symbol.IsValid(row.GetProperty("T").GetString()));
        Assert.Equal(1e11, corrupt.GetProperty("h").GetDouble());
    }

    [Fact]
    public async Task Rows_carry_the_stamp_of_another_day()
    {
        await using var provided = await Provided.StartAsync();
        await provided.SetAsync("""{"kind":"wrong-day"}""");
        Assert.All(await Rows(provided, Grouped), row => Assert.Equal(Provided.Friday.AddDays(1), Day(row)));
        Assert.All(await Rows(provided, Minutes), row => Assert.Equal(Provided.Friday.AddDays(1), Day(row)));
    }

    [Fact]
    public async Task The_newest_day_is_published_late()
    {
        await using var provided = await Provided.StartAsync();
        await provided.SetAsync("""{"kind":"late"}""");
        Assert.Empty(await Rows(provided, Grouped));
        Assert.NotEmpty(await Rows(provided, Provided.Grouped(Provided.Friday.AddDays(-1))));
        provided.Host.Clock.Set(TradingCalendar.At(Provided.Friday.AddDays(1), new TimeOnly(11, 0)));
        Assert.NotEmpty(await Rows(provided, Grouped));
    }

    [Fact]
    public async Task Daily_figures_move_until_the_next_morning()
    {
        await using var provided = await Provided.StartAsync();
        var settled = Volumes(await Rows(provided, Grouped));
        await provided.SetAsync("""{"kind":"unsettled"}""");
        var moving = Volumes(await Rows(provided, Grouped));
        Assert.All(moving, volume => Assert.True(volume.Value >= settled[volume.Key]));
        Assert.NotEqual(settled, moving);
        provided.Host.Clock.Set(TradingCalendar.At(Provided.Friday.AddDays(1), new TimeOnly(10, 0)));
        Assert.Equal(settled, Volumes(await Rows(provided, Grouped)));
    }

    [Fact]
    public async Task A_half_day_lacks_its_after_hours()
    {
        await using var provided = await Provided.StartAsync();
        provided.Host.Clock.Set(Provided.FridayNight.AddDays(10));
        var path = Provided.Range("AAPL", "1/minute", new(2026, 11, 27), new(2026, 11, 27));
        var one = TradingCalendar.At(new DateOnly(2026, 11, 27), new TimeOnly(13, 0)).ToUnixTimeMilliseconds();
        Assert.Contains(await Rows(provided, path), row => Start(row) > one);
        await provided.SetAsync("""{"kind":"no-after-hours"}""");
        Assert.DoesNotContain(await Rows(provided, path), row => Start(row) >= one && Start(row) < one + (3 * 3_600_000));
    }

    [Fact]
    public async Task Splits_can_be_late_tickers_unknown_and_valid_dates_refused()
    {
        var split = new Split(new Symbol("MSFT"), Provided.Friday, 1, 4);
        await using var provided = await Provided.StartAsync(new SimulatorOptions { Symbols = 300, Splits = [split] });
        await provided.SetAsync("""{"kind":"late-splits"}""");
        Assert.DoesNotContain(await Rows(provided, "/v3/reference/splits?ticker=MSFT"), row => row.GetProperty("execution_date").GetString() == "2026-11-20");
        var known = (await Rows(provided, "/v3/reference/tickers?limit=1000")).Count;
        await provided.SetAsync("""{"kind":"unknown-tickers"}""");
        Assert.InRange((await Rows(provided, "/v3/reference/tickers?limit=1000")).Count, known * .9, known - 1);
        await provided.SetAsync("""{"kind":"to-before-from"}""");
        Assert.Equal(400, (await provided.TextAsync(Minutes)).Status);
    }

    [Fact]
    public async Task A_snapshot_says_zero_for_unset()
    {
        await using var provided = await Provided.StartAsync(new SimulatorOptions { Symbols = 10 });
        await provided.SetAsync("""{"kind":"snapshot-zeros"}""");
        var ticker = (await provided.GetAsync("/v2/snapshot/locale/us/markets/stocks/tickers/AAPL")).GetProperty("ticker");
        Assert.Equal(0, ticker.GetProperty("updated").GetInt64());
        Assert.Equal(0, ticker.GetProperty("day").GetProperty("c").GetDouble());
        Assert.False(ticker.TryGetProperty("lastTrade", out _));
    }

    private static async Task<List<JsonElement>> Rows(Provided provided, string path) =>
        (await provided.GetAsync(path)).TryGetProperty("results", out var results) ? [.. results.EnumerateArray()] : [];

    private static Dictionary<string, decimal> Volumes(List<JsonElement> rows) => rows.ToDictionary(row => row.GetProperty("T").GetString()!, row => row.GetProperty("v").GetDecimal());

    private static long Start(JsonElement row) => row.GetProperty("t").GetInt64();

    private static DateOnly Day(JsonElement row) => TradingCalendar.NewYorkDate(DateTimeOffset.FromUnixTimeMilliseconds(Start(row)));
}
