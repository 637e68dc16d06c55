using System.Globalization;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Tests.Store;

public sealed class DuckDbViewTests() : ViewPromises(new DuckDbTestStore());

public abstract class ViewPromises(TestStore database) : StorePromises(database)
{
    private static StoredSplit Split(string symbol, DateOnly executed, double from, double to) => new(new Split(new Symbol(symbol), executed, from, to), null, Night, Night, false, false);

    [Fact]
    public async Task Views_show_facts_as_fetched_until_the_day_to_adjust_to_is_known()
    {
        await SaveAsync(Monday, Bar("AAPL", Monday, close: 100));
        await Store.SaveSplitsAsync([Split("AAPL", Tuesday, 1, 4)], Ct);
        Assert.Null(await Store.AdjustmentDayAsync(Ct));
        Assert.Equal(["100|1000"], await Database.RowsAsync("SELECT close, volume FROM market_data_daily"));
        await Store.SetAdjustmentDayAsync(Monday, Ct);
        Assert.Equal(["100|1000"], await Database.RowsAsync("SELECT close, volume FROM market_data_daily"));
        await Store.SetAdjustmentDayAsync(Tuesday, Ct);
        Assert.Equal(Tuesday, await Store.AdjustmentDayAsync(Ct));
        Assert.Equal(["25|4000|2.375|7|100"], await Database.RowsAsync("SELECT d.close, d.volume, d.vwap, d.trades_count, r.close FROM market_data_daily d, market_data_daily_raw r"));
    }

    [Fact]
    public async Task Splits_multiply_and_a_bar_of_the_execution_date_is_on_the_new_basis()
    {
        for (var day = Monday; day < Monday.AddDays(4); day = day.AddDays(1)) await SaveAsync(day, Bar("AAPL", day, close: 120, vwap: null), Bar("MSFT", day, close: 7));
        await Store.SaveSplitsAsync([Split("AAPL", Monday.AddDays(1), 1, 4), Split("AAPL", Monday.AddDays(3), 3, 1), Split("AAPL", Monday.AddDays(4), 1, 9)], Ct);
        await Store.SetAdjustmentDayAsync(Monday.AddDays(3), Ct);
        Assert.Equal(["90|null", "360|null", "360|null", "120|null"], await Database.RowsAsync("SELECT close, vwap FROM market_data_daily WHERE symbol = 'AAPL' ORDER BY date"));
        Assert.Equal(["7", "7", "7", "7"], await Database.RowsAsync("SELECT close FROM market_data_daily WHERE symbol = 'MSFT'"));
    }

    [Fact]
    public async Task A_split_withdrawn_or_in_quarantine_adjusts_nothing()
    {
        await SaveAsync(Monday, Bar("AAPL", Monday, close: 100), Bar("MSFT", Monday, close: 100));
        await Store.SaveSplitsAsync([Split("AAPL", Tuesday, 1, 4) with { Withdrawn = true }, Split("MSFT", Tuesday, 1, 4) with { Quarantined = true }], Ct);
        await Store.SetAdjustmentDayAsync(Tuesday, Ct);
        Assert.Equal(["100", "100"], await Database.RowsAsync("SELECT close FROM market_data_daily"));
    }

    [Fact]
    public async Task Splits_of_one_bearer_of_a_ticker_leave_the_bars_of_another_alone()
    {
        for (var day = Monday; day < Monday.AddDays(6); day = day.AddDays(1)) await SaveAsync(day, Bar("AAPL", day, close: 120, vwap: null), Bar("MSFT", day, close: 7));
        await Store.SaveSplitsAsync([Split("AAPL", Monday.AddDays(1), 1, 4), Split("AAPL", Monday.AddDays(2), 1, 2), Split("AAPL", Monday.AddDays(3), 1, 3), Split("AAPL", Monday.AddDays(5), 2, 1)], Ct);
        await Store.SetAdjustmentDayAsync(Monday.AddDays(6), Ct);
        await Store.SaveBoundariesAsync([new(new(new("AAPL"), Monday.AddDays(3)), "test", Night), new(new(new("MSFT"), Monday.AddDays(3)), "test", Night)], Ct);
        Assert.Equal(["15", "60", "120", "240", "240", "120"], await Database.RowsAsync("SELECT close FROM market_data_daily WHERE symbol = 'AAPL' ORDER BY date"));
        Assert.Equal(6, (await Database.RowsAsync("SELECT close FROM market_data_daily WHERE symbol = 'MSFT' AND close = 7")).Count);
    }

    [Fact]
    public async Task Slots_are_adjusted_alike()
    {
        await StageAsync(Day("AAPL", Monday, Slot(66, 100, 100, 3, 40), Slot(67, 1.5, 101.5, null, null)));
        await PublishAsync(Monday);
        await Store.SaveSplitsAsync([Split("AAPL", Tuesday, 1, 4)], Ct);
        await Store.SetAdjustmentDayAsync(Tuesday, Ct);
        Assert.Equal(["66|09:30|400|400|3|10", "67|09:35|6|406|null|null"], await Database.RowsAsync(
            "SELECT slot_number, slot_time, volume, volume_accumulated, trades_count, avg_price FROM volume_slots ORDER BY slot_number"));
    }

    [Fact]
    public async Task A_views_columns_are_those_of_its_table()
    {
        foreach (var view in new[] { "market_data_daily", "volume_slots" })
        {
            var columns = $"SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = '{view}' ORDER BY column_name";
            Assert.Equal(await Database.RowsAsync(columns.Replace($"'{view}'", $"'{view}_raw'", StringComparison.Ordinal)), await Database.RowsAsync(columns));
        }
    }

    [Theory]
    [InlineData("AAPL", "2014-06-09", 7)]
    [InlineData("NVDA", "2024-06-10", 10)]
    public async Task The_view_gives_the_recorded_adjusted_series(string symbol, string executed, double to)
    {
        var execution = DateOnly.ParseExact(executed, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        var rows = Recorded($"oracles/splits/{symbol}-{executed}.csv");
        foreach (var row in rows)
        {
            var date = DateOnly.ParseExact(row["date"], "yyyy-MM-dd", CultureInfo.InvariantCulture);
            await SaveAsync(date, new DailyBar(new Symbol(symbol), date, Number(row["open"]), Number(row["high"]), Number(row["low"]), Number(row["close"]), Number(row["volume"]), null, null));
        }

        await Store.SaveSplitsAsync([Split(symbol, execution, 1, to)], Ct);
        await Store.SetAdjustmentDayAsync(execution.AddDays(60), Ct);
        var adjusted = await Database.RowsAsync("SELECT open, high, low, close, volume FROM market_data_daily ORDER BY date");
        Assert.Equal(rows.Count, adjusted.Count);
        foreach (var (row, values) in rows.Zip(adjusted))
        {
            foreach (var (column, value) in new[] { "open", "high", "low", "close", "volume" }.Zip(values.Split('|')))
                Assert.Equal(1, Number(value) / Number(row[$"adj_{column}"]), 2e-6);
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static List<Dictionary<string, string>> Recorded(string path)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "DataMaintenance.slnx"))) root = root.Parent;
        var file = root is null ? "" : Path.Combine(root.FullName, "..", "shared", "data", path);
        Assert.SkipUnless(File.Exists(file), "The recorded data are not installed (shared/data beside the repository).");
        var lines = File.ReadAllLines(file);
        var header = lines[0].Split(',');
        return [.. lines.Skip(1).Select(line => header.Zip(line.Split(',')).ToDictionary(c => c.First, c => c.Second))];
    }
}
