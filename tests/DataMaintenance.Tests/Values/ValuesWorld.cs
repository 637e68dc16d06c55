using DataMaintenance.Store;
using DataMaintenance.Tests.Store;
using DataMaintenance.Values;
using Market;
using Market.Tests.Oracles;

namespace DataMaintenance.Tests.Values;

/// <summary>A real store of one test, filled by hand or from the recorded files, and the values computed from it.</summary>
public sealed class ValuesWorld : IAsyncDisposable
{
    private static readonly DateTimeOffset Fetched = new(2025, 2, 1, 8, 0, 0, TimeSpan.Zero);

    public DuckDbTestStore Database { get; } = new();
    public IStore Store => Database.Store;

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<ValuesWorld> OpenAsync()
    {
        var world = new ValuesWorld();
        await world.Database.OpenAsync();
        return world;
    }

    /// <summary>A world with one of the recorded sets in it, days or minutes. Skips the test where the recordings are absent.</summary>
    public static async Task<ValuesWorld> OfAsync(string set)
    {
        var row = SharedData.Rows("sets.csv").Single(r => r["set"] == set);
        var tickers = row["ticker_list"].Split(' ');
        Func<string, bool> member = tickers is [_, "tickers"] ? _ => true : tickers.Contains;
        var world = await OpenAsync();
        foreach (var (date, rows) in SharedData.FlatFiles(set.EndsWith("-min", StringComparison.Ordinal) ? "minute_aggs_v1" : "day_aggs_v1", row.Date("first_day"), row.Date("last_day")))
        {
            var ofSet = rows.Where(r => member(r["ticker"]));
            if (set.EndsWith("-day", StringComparison.Ordinal)) await world.DailyAsync(date, [.. ofSet.Select(r => Bar(date, r)).OrderBy(b => b.Symbol)]);
            else await world.SlotsAsync(date, [.. Slots(date, ofSet)]);
        }

        return world;
    }

    public Task DailyAsync(DateOnly date, params DailyBar[] bars) => Store.SaveDailyAsync(date, bars, "test", Fetched, true, Ct);

    public async Task SlotsAsync(DateOnly date, params SlotDay[] days)
    {
        await Store.StageSlotsAsync(days, "test", Fetched, true, Ct);
        await Store.PublishSlotsAsync(date, "test", Fetched, true, Ct);
    }

    public Task SplitsAsync(params Split[] splits) => SplitsAsync([.. splits.Select(s => new StoredSplit(s, null, Fetched, Fetched, false, false))]);

    public Task SplitsAsync(params StoredSplit[] splits) => Store.SaveSplitsAsync(splits, Ct);

    public DerivedValues Values(ValuesOptions? options = null) => new(Store, TradingCalendar.Nyse, options ?? new());

    public async Task<Dictionary<string, T>> ComputeAsync<T>(Family family, DateOnly asOf, ValuesOptions? options = null, DateOnly? adjustAsOf = null)
        where T : IDerivedValue =>
        (await Values(options).ComputeAsync(family, asOf, null, Ct, adjustAsOf)).Items.Cast<T>().ToDictionary(v => v.Symbol.Text);

    public static DailyBar Bar(string symbol, DateOnly date, double high, double low, double close, double volume = 1_000) =>
        new(new(symbol), date, close, high, low, close, volume, null, null);

    /// <summary>Slots from (number, volume) pairs, ascending.</summary>
    public static SlotDay Day(string symbol, DateOnly date, params (int Number, double Volume)[] slots)
    {
        var accumulated = 0.0;
        return new(new(symbol), date, [.. slots.Select(s => new Slot((short)s.Number, s.Volume, accumulated += s.Volume, null, null))]);
    }

    public static void AssertClose(double expected, double actual, string what) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-6 * Math.Max(1, Math.Abs(expected)), $"{what}: expected {expected:R}, got {actual:R}");

    public ValueTask DisposeAsync() => Database.DisposeAsync();

    private static DailyBar Bar(DateOnly date, Row r) =>
        new(new(r["ticker"]), date, r.Number("open"), r.Number("high"), r.Number("low"), r.Number("close"), r.Number("volume"), null, null);

    private static IEnumerable<SlotDay> Slots(DateOnly date, IEnumerable<Row> rows)
    {
        var builder = new SlotBuilder(SlotGrid.Extended);
        var day = new NewYorkDay(date);
        foreach (var ticker in rows.GroupBy(r => r["ticker"]).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            foreach (var r in ticker) builder.Add(day.SlotOf(long.Parse(r["window_start"]) / 1_000_000, SlotGrid.Extended), r.Number("volume"), r.Number("close"), null);
            yield return new(new(ticker.Key), date, builder.Build());
        }
    }
}
