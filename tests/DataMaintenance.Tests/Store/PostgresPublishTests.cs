using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Tests.Store;

public sealed class PostgresPublishTests() : StorePromises(new PostgresTestStore())
{
    private const string SlotPartitions = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'volume_slots_raw'::regclass ORDER BY 1";
    private const string StagingTables = "SELECT relname::text FROM pg_class WHERE relname LIKE 'volume_slots_staging_2%' AND relnamespace = current_schema()::regnamespace";

    [Fact]
    public async Task A_session_becomes_a_partition_and_dropping_old_ones_leaves_the_rest()
    {
        SkipWithTimescale();
        await StageAsync(Day("AAPL", Monday, Slot(1, 10, 10)), Day("AAPL", Tuesday, Slot(1, 10, 10)));
        await PublishAsync(Monday);
        await PublishAsync(Tuesday);
        Assert.Equal(["volume_slots_raw_20250127", "volume_slots_raw_20250128"], await Database.RowsAsync(SlotPartitions));
        Assert.Equal(1, await Store.DropSlotsBeforeAsync(Tuesday, Ct));
        Assert.Equal(["volume_slots_raw_20250128"], await Database.RowsAsync(SlotPartitions));
        Assert.Empty(await Database.RowsAsync(StagingTables));
    }

    [Fact]
    public async Task A_session_is_replaced_beside_a_long_reader_whom_it_does_not_wait_for()
    {
        await StageAsync(Day("AAPL", Monday, Slot(1, 10, 10)), Day("MSFT", Monday, Slot(1, 5, 5)));
        await PublishAsync(Monday);
        await using var reader = await Database.ConnectAsync();
        await reader.ExecuteAsync("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM volume_slots", [], Ct);
        await StageAsync(Day("AAPL", Monday, Slot(1, 99, 99)));
        Assert.Equal(2, await PublishAsync(Monday));
        Assert.Equal(10, await reader.ScalarAsync<double>("SELECT volume FROM volume_slots WHERE symbol = 'AAPL'", [], Ct));
        await reader.ExecuteAsync("COMMIT", [], Ct);
        Assert.Equal(["AAPL 1 99 99 3 10.25", "MSFT 1 5 5 3 10.25"], await SlotLinesAsync(Monday));
        Assert.Empty(await Database.RowsAsync(StagingTables));
    }

    [Fact]
    public async Task Old_slots_that_a_reader_holds_stay_and_it_is_said_why()
    {
        SkipWithTimescale();
        await StageAsync(Day("AAPL", Monday, Slot(1, 10, 10)));
        await PublishAsync(Monday);
        await using (var reader = await Database.ConnectAsync())
        {
            await reader.ExecuteAsync("BEGIN; SELECT count(*) FROM volume_slots", [], Ct);
            var refused = await Assert.ThrowsAsync<StoreException>(() => Store.DropSlotsBeforeAsync(Tuesday, Ct));
            Assert.Contains("are in use by a reader", refused.Message, StringComparison.Ordinal);
            Assert.Single(await SlotsAsync(Monday));
        }

        Assert.Equal(1, await Store.DropSlotsBeforeAsync(Tuesday, Ct));
    }

    [Fact]
    public async Task A_few_symbols_of_a_large_session_are_replaced_in_place()
    {
        await StageAsync([.. Enumerable.Range(0, 50).Select(i => Day($"S{i:00}", Monday, Slot(1, 10, 10)))]);
        await PublishAsync(Monday);
        var before = await Database.RowsAsync("SELECT DISTINCT tableoid FROM volume_slots_raw");
        await StageAsync(Day("S07", Monday, Slot(2, 20, 20)), Day("S08", Monday));
        Assert.Equal(49, await PublishAsync(Monday));
        Assert.Equal(before, await Database.RowsAsync("SELECT DISTINCT tableoid FROM volume_slots_raw"));
        Assert.Contains("S07 2 20 20 3 10.25", await SlotLinesAsync(Monday));
        Assert.Empty(await Database.RowsAsync(StagingTables));
    }

    [Fact]
    public async Task Bars_of_any_month_find_a_partition()
    {
        DateOnly[] dates = [new(2024, 12, 31), new(2025, 1, 2), new(2003, 9, 10), new(2024, 12, 30)];
        await Task.WhenAll(dates.Select(date => SaveAsync(date, Bar("AAPL", date))));
        Assert.Equal(dates.Order(), await Store.ReadDailyAsync(dates.Min(), dates.Max(), null, Ct).Select(bar => bar.Date).ToListAsync(Ct));
    }

    [Fact]
    public async Task The_views_show_what_the_rules_of_adjustment_say()
    {
        Split[] splits = [new(new("AAPL"), Tuesday, 1, 7), new(new("AAPL"), new(2025, 2, 3), 1, 4), new(new("AAPL"), new(2025, 2, 3), 3, 2), new(new("AAPL"), new(2025, 6, 2), 1, 10)];
        await Store.SaveSplitsAsync([.. splits.Select(split => new StoredSplit(split, null, Night, Night, false, false)), new(new(new("AAPL"), Tuesday, 1, 100), null, Night, Night, true, false)], Ct);
        await SaveAsync(Monday, Bar("AAPL", Monday), Bar("MSFT", Monday));
        await SaveAsync(Tuesday, Bar("AAPL", Tuesday, 2.5));
        await StageAsync(Day("AAPL", Monday, Slot(1, 10, 10)), Day("AAPL", Tuesday, Slot(1, 30, 30)));
        await PublishAsync(Monday);
        await PublishAsync(Tuesday);
        Assert.Equal(["10|1000", "10|1000", "2.5|1000"], await Database.RowsAsync("SELECT close, volume FROM market_data_daily ORDER BY date, symbol"));

        var day = new DateOnly(2025, 2, 3);
        await Store.SetAdjustmentDayAsync(day, Ct);
        var rules = Adjustment.Of(splits, day);
        var expected = new[] { rules.Apply(Bar("AAPL", Monday)), Bar("MSFT", Monday), rules.Apply(Bar("AAPL", Tuesday, 2.5)) };
        Assert.Equal(
            expected.Select(bar => FormattableString.Invariant($"{bar.Symbol}|{bar.Open}|{bar.High}|{bar.Low}|{bar.Close}|{bar.Volume}|{bar.Vwap}")),
            await Database.RowsAsync("SELECT symbol, open, high, low, close, volume, vwap FROM market_data_daily ORDER BY date, symbol"));
        Assert.Equal(
            [FormattableString.Invariant($"{rules.VolumeFactor(Monday) * 10}"), FormattableString.Invariant($"{rules.VolumeFactor(Tuesday) * 30}")],
            await Database.RowsAsync("SELECT volume_accumulated FROM volume_slots ORDER BY date"));
    }

    [Fact]
    public async Task Raw_tables_are_hypertables_where_the_extension_is()
    {
        var tables = await Database.RowsAsync("SELECT relname::text || ' ' || relkind::text FROM pg_class WHERE oid IN ('volume_slots_raw'::regclass, 'market_data_daily_raw'::regclass) ORDER BY 1");
        if (Store.Description.Contains("hypertables", StringComparison.Ordinal))
        {
            Assert.Equal(["market_data_daily_raw", "volume_slots_raw"], await Database.RowsAsync(
                "SELECT hypertable_name::text FROM timescaledb_information.hypertables WHERE hypertable_schema = current_schema() ORDER BY 1"));
            Assert.Empty(await Database.RowsAsync("SELECT job_id FROM timescaledb_information.jobs WHERE hypertable_schema = current_schema()"));
        }
        else
        {
            Assert.Equal(["market_data_daily_raw p", "volume_slots_raw p"], tables);
        }
    }

    private void SkipWithTimescale() => Assert.SkipWhen(Store.Description.Contains("hypertables", StringComparison.Ordinal), "hypertables have chunks instead");
}
