using CsCheck;
using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Tests.Store;

public sealed class DuckDbBarTests() : BarPromises(new DuckDbTestStore());

public abstract class BarPromises(TestStore database) : StorePromises(database)
{
    [Fact]
    public async Task A_bar_comes_back_as_it_was_saved()
    {
        var bar = new DailyBar(new Symbol("AAPL"), Monday, 226.01, 227.34, 223.98, 226.51, 38649398.679189, 225.9123, 527_812);
        await SaveAsync(Monday, bar);
        Assert.Equal([bar], await BarsAsync(Monday));
    }

    [Fact]
    public async Task Saving_the_same_day_twice_changes_nothing()
    {
        DailyBar[] bars = [Bar("MSFT", Monday), Bar("AAPL", Monday, vwap: null, trades: null)];
        await SaveAsync(Monday, bars);
        var first = await Database.RowsAsync("SELECT * FROM market_data_daily_raw UNION ALL SELECT * FROM market_data_daily_raw ORDER BY date, symbol");
        var coverage = await Database.RowsAsync("SELECT * FROM coverage ORDER BY dataset, date, symbol");
        await SaveAsync(Monday, [.. bars.Reverse()]);
        Assert.Equal(first, await Database.RowsAsync("SELECT * FROM market_data_daily_raw UNION ALL SELECT * FROM market_data_daily_raw ORDER BY date, symbol"));
        Assert.Equal(coverage, await Database.RowsAsync("SELECT * FROM coverage ORDER BY dataset, date, symbol"));
    }

    [Fact]
    public async Task A_save_replaces_the_whole_day_and_no_other()
    {
        await SaveAsync(Monday, Bar("AAPL", Monday), Bar("GONE", Monday));
        await SaveAsync(Tuesday, Bar("AAPL", Tuesday));
        await SaveAsync(Monday, Bar("AAPL", Monday, close: 11));
        Assert.Equal([Bar("AAPL", Monday, close: 11)], await BarsAsync(Monday));
        Assert.Equal([Bar("AAPL", Tuesday)], await BarsAsync(Tuesday));
        Assert.Equal([new Symbol("AAPL")], (await Store.SymbolCoverageAsync(Dataset.Daily, Monday, Ct)).Keys);
    }

    [Fact]
    public async Task An_absent_vwap_keeps_the_one_known()
    {
        await SaveAsync(Monday, Bar("AAPL", Monday, vwap: 226.1), Bar("MSFT", Monday, vwap: null));
        await SaveAsync(Monday, Bar("AAPL", Monday, volume: 2_000, vwap: null), Bar("MSFT", Monday, vwap: null));
        Assert.Equal([Bar("AAPL", Monday, volume: 2_000, vwap: 226.1), Bar("MSFT", Monday, vwap: null)], await BarsAsync(Monday));
        await SaveAsync(Monday, Bar("AAPL", Monday, vwap: 226.2));
        Assert.Equal(226.2, (await BarsAsync(Monday)).Single().Vwap);
    }

    [Fact]
    public async Task Symbols_that_differ_in_case_are_two_and_come_in_ordinal_order()
    {
        await SaveAsync(Monday, Bar("BCpC", Monday, close: 25), Bar("a", Monday), Bar("BCPC", Monday, close: 160), Bar("Z", Monday), Bar("BRK.B", Monday), Bar("LONGER_THAN_16_BYTES", Monday));
        Assert.Equal(["BCPC", "BCpC", "BRK.B", "LONGER_THAN_16_BYTES", "Z", "a"], (await BarsAsync(Monday)).Select(b => b.Symbol.Text));
        var one = await Store.ReadDailyAsync(Monday, Monday, [new Symbol("BCpC")], Ct).SingleAsync(Ct);
        Assert.Equal(25, one.Close);
        Assert.Equal(1, (await Store.CountBySymbolAsync(Dataset.Daily, Monday, Ct))[new Symbol("BCPC")]);
    }

    [Fact]
    public async Task A_day_without_a_bar_is_known_to_be_empty_and_a_day_never_loaded_is_not()
    {
        await SaveAsync(Monday);
        var day = Assert.Single(await Store.DayCoverageAsync(Dataset.Daily, Monday, Tuesday, Ct));
        Assert.Equal(new Coverage(Dataset.Daily, Monday, null, 0, "test", Night, true), day);
        Assert.Empty(await Store.CountAsync(Dataset.Daily, Monday, Tuesday, Ct));
    }

    [Fact]
    public async Task Who_was_looked_for_and_has_no_bar_is_known_to_have_none_by_whom_and_since_when()
    {
        await Store.SaveDailyAsync(Monday, [Bar("AAPL", Monday)], [new Symbol("AAPL"), new Symbol("GONE")], "massive:grouped", Night, true, Ct);
        var symbols = await Store.SymbolCoverageAsync(Dataset.Daily, Monday, Ct);
        Assert.Equal(new Coverage(Dataset.Daily, Monday, new Symbol("GONE"), 0, "massive:grouped", Night, true), symbols[new Symbol("GONE")]);
        Assert.Equal(1, symbols[new Symbol("AAPL")].Rows);
        Assert.Equal(1, Assert.Single(await Store.DayCoverageAsync(Dataset.Daily, Monday, Monday, Ct)).Rows);
        // A later answer replaces it.
        await SaveAsync(Monday, Bar("AAPL", Monday), Bar("GONE", Monday));
        Assert.Equal(1, (await Store.SymbolCoverageAsync(Dataset.Daily, Monday, Ct))[new Symbol("GONE")].Rows);
    }

    [Fact]
    public async Task Coverage_counts_the_day_and_each_symbol()
    {
        await Store.SaveDailyAsync(Monday, [Bar("AAPL", Monday), Bar("MSFT", Monday)], "massive:grouped", Night, false, Ct);
        Assert.Equal([new Coverage(Dataset.Daily, Monday, null, 2, "massive:grouped", Night, false)], await Store.DayCoverageAsync(Dataset.Daily, Monday, Monday, Ct));
        var symbols = await Store.SymbolCoverageAsync(Dataset.Daily, Monday, Ct);
        Assert.Equal(2, symbols.Count);
        Assert.Equal(new Coverage(Dataset.Daily, Monday, new Symbol("MSFT"), 1, "massive:grouped", Night, false), symbols[new Symbol("MSFT")]);
    }

    [Fact]
    public async Task A_row_deleted_behind_the_stores_back_is_missing_in_the_count_but_not_in_coverage()
    {
        await SaveAsync(Monday, Bar("AAPL", Monday), Bar("MSFT", Monday));
        await Database.ExecuteAsync("DELETE FROM market_data_daily_raw WHERE symbol = 'MSFT'");
        Assert.Equal(1, (await Store.CountAsync(Dataset.Daily, Monday, Monday, Ct))[Monday]);
        Assert.Equal(2, Assert.Single(await Store.DayCoverageAsync(Dataset.Daily, Monday, Monday, Ct)).Rows);
    }

    [Fact]
    public async Task A_range_comes_by_date_and_symbol_whatever_the_order_of_saving()
    {
        await SaveAsync(Tuesday, Bar("MSFT", Tuesday), Bar("AAPL", Tuesday));
        await SaveAsync(Monday, Bar("MSFT", Monday), Bar("AAPL", Monday));
        var bars = await Store.ReadDailyAsync(Monday, Tuesday, null, Ct).ToListAsync(Ct);
        Assert.Equal([Bar("AAPL", Monday), Bar("MSFT", Monday), Bar("AAPL", Tuesday), Bar("MSFT", Tuesday)], bars);
    }

    [Fact]
    public async Task The_newest_bars_of_a_symbol_reach_as_far_back_as_it_takes()
    {
        var days = Enumerable.Range(0, 60).Select(i => new DateOnly(2024, 6, 3).AddDays(i)).ToArray();
        foreach (var day in days) await SaveAsync(day, day.DayNumber % 20 == 0 ? [Bar("THIN", day), Bar("BUSY", day)] : [Bar("BUSY", day)]);
        var bars = await Store.ReadNewestDailyAsync([new Symbol("THIN"), new Symbol("BUSY"), new Symbol("NONE")], days[^2], 3, Ct).ToListAsync(Ct);
        var thin = days.Where(d => d.DayNumber % 20 == 0 && d <= days[^2]).TakeLast(3).Select(d => Bar("THIN", d));
        Assert.Equal([.. days[^4..^1].Select(d => Bar("BUSY", d)), .. thin], bars);
    }

    [Fact]
    public async Task A_bar_of_another_date_or_a_symbol_twice_is_refused_and_nothing_changes()
    {
        await SaveAsync(Monday, Bar("AAPL", Monday));
        var twice = await Assert.ThrowsAsync<ArgumentException>(() => SaveAsync(Monday, Bar("MSFT", Monday), Bar("MSFT", Monday)));
        Assert.Contains("MSFT twice", twice.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => SaveAsync(Monday, Bar("MSFT", Tuesday)));
        Assert.Equal([Bar("AAPL", Monday)], await BarsAsync(Monday));
    }

    [Fact]
    public async Task A_reader_sees_a_whole_day_or_the_other_never_a_mixture()
    {
        var symbols = Enumerable.Range(0, 3_000).Select(i => $"S{i:0000}").ToArray();
        Task WriteAsync(double close) => SaveAsync(Monday, [.. symbols.Select(s => Bar(s, Monday, close))]);
        await WriteAsync(1);
        var writer = Task.Run(async () =>
        {
            for (var close = 2; close <= 12; close++) await WriteAsync(close);
        }, Ct);
        var reads = 0;
        for (; !writer.IsCompleted || reads < 3; reads++)
        {
            var bars = await BarsAsync(Monday);
            Assert.Equal(symbols.Length, bars.Count);
            Assert.Single(bars.Select(b => b.Close).Distinct());
        }

        await writer;
        Assert.Equal(12, (await BarsAsync(Monday))[0].Close);
    }

    [Fact]
    public async Task Any_sequence_of_saves_ends_in_the_last_save_of_each_day()
    {
        var save = Gen.Select(Gen.Int[0, 2], Gen.Select(Gen.Int[0, 5], Gen.Double[0.01, 1_000]).Array[0, 6]);
        await save.Array[1, 6].SampleAsync(async saves =>
        {
            var last = new Dictionary<DateOnly, DailyBar[]>();
            foreach (var (offset, rows) in saves)
            {
                var date = Monday.AddDays(offset);
                last[date] = [.. rows.DistinctBy(r => r.Item1).Select(r => Bar($"S{r.Item1}", date, r.Item2)).OrderBy(b => b.Symbol)];
                await SaveAsync(date, last[date]);
            }

            foreach (var (date, bars) in last)
            {
                Assert.Equal(bars, await BarsAsync(date));
                Assert.Equal(bars.Length, Assert.Single(await Store.DayCoverageAsync(Dataset.Daily, date, date, Ct)).Rows);
            }
        }, iter: 12, threads: 1);
    }
}
