using DataMaintenance.Store;
using Market;
using Npgsql;

namespace DataMaintenance.Tests.Store;

/// <summary>A database of the Python service, brought into ours.</summary>
public sealed class PostgresLegacyTests : IAsyncLifetime
{
    private static readonly DateOnly Friday = new(2025, 1, 24), Monday = new(2025, 1, 27);
    private static readonly DateTimeOffset Night = new(2025, 1, 29, 8, 0, 0, TimeSpan.Zero);

    private readonly PostgresTestStore database = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Theirs => database.Options.Schema;

    private StoreOptions Ours => database.Options with { Schema = $"{Theirs}_ours" };

    public async ValueTask InitializeAsync()
    {
        await database.CreateEmptyAsync();
        await database.ExecuteAsync(LegacyTables.Schema);
        await database.ExecuteAsync(LegacyTables.Rows);
    }

    public async ValueTask DisposeAsync()
    {
        await database.ExecuteAsync($"DROP SCHEMA IF EXISTS {Ours.Schema} CASCADE");
        await database.DisposeAsync();
    }

    [Fact]
    public async Task Their_rows_become_ours_provisionally()
    {
        var result = await MigrateAsync();
        Assert.Equal((2, 5L), (result.Daily.Brought, result.Daily.Rows));
        Assert.Equal(
            ["2025-01-24|AAPL|229.5|229|201.25|1000|230.1|77|legacy", "2025-01-24|BRK.B|465.31|460|400|10|null|null|legacy",
             "2025-01-27|AAPL|229.5|229|201.25|1000|230.1|77|legacy", "2025-01-27|aapl|229.5|229|201.25|1000|230.1|77|legacy", "2025-01-27|MSFT|442.2|440|430|20|null|null|legacy"],
            await OursAsync("SELECT date, symbol, high, open, low, volume, vwap, trades_count, source FROM market_data_daily_raw ORDER BY date, lower(symbol), symbol"));
        Assert.Equal(
            ["AAPL|0|04:00|100|100|3|229.51|legacy", "AAPL|66|09:30|50|150|null|null|legacy", "AAPL|191|19:55|1|151|1|null|legacy"],
            await OursAsync("SELECT symbol, slot_number, slot_time, volume, volume_accumulated, trades_count, avg_price, source FROM volume_slots_raw WHERE date = '2025-01-27' ORDER BY symbol, slot_number"));
        Assert.Equal(
            ["daily|2025-01-24|2|false", "daily|2025-01-27|3|false", "slots|2025-01-27|3|false"],
            await OursAsync("SELECT dataset, date, rows, CASE WHEN final THEN 'true' ELSE 'false' END FROM coverage WHERE symbol = '*' ORDER BY dataset, date"));
        Assert.Equal(
            ["AAPL|true|CS|2024-12-31|2025-01-27|null", "GONE|false|ETF|2024-12-31|2024-12-31|2025-01-02"],
            await OursAsync("SELECT symbol, is_active::text, type, first_seen, last_seen, delisted_on FROM ticker_universe ORDER BY symbol"));
        Assert.Equal(
            ["AAPL|Apple Inc.|XNAS|3450000000000|15000000000|0000320193|1980-12-12|null"],
            await OursAsync("SELECT symbol, name, exchange, market_cap, float_shares, cik, list_date, updated_at FROM ticker_metadata WHERE symbol = 'AAPL'"));
    }

    [Fact]
    public async Task What_cannot_be_true_is_left_out_and_named()
    {
        var left = (await MigrateAsync()).LeftOut.Select(e => $"{e.What} {e.Rows}: {e.Why}: {e.Examples[0]}").ToArray();
        Assert.Equal(
        [
            "bars 1: bar.high_below_low, expected high at least low: UPDN 2025-01-27 (high 9)",
            "bars 1: the exchange was closed: 2025-01-25",
            "slots 1: no volume_accumulated: NULS 2025-01-27 (slot 1)",
            "slots 1: slot_time is not the New York time of slot_number, which counts five-minute slots from 04:00: UTCS 2025-01-27 (slot 0 at 09:00)",
            "slots 1: slots are numbered from 09:30, here from 04:00; Slots:Session=Regular takes them: REGS 2025-01-27 (slot 0 at 09:30)",
            "slots 2: volume_accumulated falls within the day: FALL 2025-01-27 (4 after 5 at slot 2)",
        ], left);
    }

    [Fact]
    public async Task An_odd_value_of_a_row_becomes_absent_is_counted_and_named()
    {
        await database.ExecuteAsync("""
            UPDATE tickers_unified SET list_date = 'infinity', market_cap = -4, is_active = NULL, last_seen = 'infinity' WHERE symbol = 'AAPL';
            ALTER TABLE tickers_unified ADD COLUMN total_employees bigint; UPDATE tickers_unified SET total_employees = -1;
            UPDATE market_data_daily SET vwap = 99999999 WHERE symbol = 'MSFT';
            UPDATE volume_slots SET avg_price = 'NaN' WHERE symbol = 'AAPL' AND slot_number = 0
            """);
        var odd = (await MigrateAsync()).Values.Select(e => $"{e.What} {e.Rows}: {e.Why}: {e.Examples[0]}").ToArray();
        Assert.Equal(
        [
            "market_data_daily.vwap 1: below half the low or above twice the high; absent here: MSFT 2025-01-27 (99999999)",
            "market_data_daily.vwap 3: outside low and high, where trades before and after the session may put it; kept: AAPL 2025-01-24 (230.1)",
            "tickers_unified.is_active 1: neither true nor false; inactive here until the provider lists it: AAPL",
            "tickers_unified.last_seen 1: no instant; absent here: AAPL (infinity)",
            "tickers_unified.list_date 1: no day a listing can have; absent here: AAPL (infinity)",
            "tickers_unified.market_cap 1: expected above 0; absent here: AAPL (-4)",
            "tickers_unified.total_employees 2: expected 0 or more; absent here: AAPL (-1)",
            "volume_slots.avg_price 1: expected above 0; absent here: AAPL 2025-01-27 (NaN)",
        ], odd);
        Assert.Equal(["null|null|null"], await OursAsync("SELECT market_cap, list_date, total_employees FROM ticker_metadata WHERE symbol = 'AAPL'"));
        Assert.Equal(["false|2024-12-31"], await OursAsync("SELECT is_active::text, last_seen FROM ticker_universe WHERE symbol = 'AAPL'"));
        Assert.Equal(["null"], await OursAsync("SELECT vwap FROM market_data_daily_raw WHERE symbol = 'MSFT'"));
    }

    [Fact]
    public async Task The_range_told_is_of_the_days_taken()
    {
        await database.ExecuteAsync("""
            INSERT INTO market_data_daily SELECT day, 'AAPL', 229, 229.5, 201.25, 229.5, 1000, 229, 77 FROM unnest('{1970-01-02,2099-01-05,infinity}'::date[]) AS day
            """);
        var result = await MigrateAsync();
        Assert.Equal((new DateOnly(2025, 1, 24), Monday), (result.Daily.Oldest, result.Daily.Newest));
        Assert.Equal(2, result.LeftOut.Single(e => e.Why == "outside the calendar").Rows);
    }

    [Fact]
    public async Task A_second_time_changes_no_byte_and_theirs_is_never_touched()
    {
        var before = await DumpAsync(Theirs, "market_data_daily", "volume_slots", "tickers_unified");
        await MigrateAsync();
        string[] tables = ["market_data_daily_raw", "volume_slots_raw", "ticker_universe", "ticker_metadata", "coverage", "volume_slots_staging"];
        var first = await DumpAsync(Ours.Schema, tables);
        var again = await MigrateAsync();
        Assert.Equal((0, 2, 0, 1), (again.Daily.Brought, again.Daily.Unchanged, again.Slots.Brought, again.Slots.Unchanged));
        Assert.Equal(first, await DumpAsync(Ours.Schema, tables));
        Assert.Equal(before, await DumpAsync(Theirs, "market_data_daily", "volume_slots", "tickers_unified"));
    }

    [Fact]
    public async Task Cut_off_after_any_day_the_same_call_ends_in_the_same_rows()
    {
        await MigrateAsync();
        var whole = await FactsAsync();
        for (var days = 1; days <= 3; days++)
        {
            await database.ExecuteAsync($"DROP SCHEMA {Ours.Schema} CASCADE");
            using var cut = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => MigrateAsync(days, cut));
            Assert.NotEqual(whole, await FactsAsync());
            await MigrateAsync();
            Assert.Equal(whole, await FactsAsync());
        }
    }

    [Fact]
    public async Task Replies_staged_by_a_cut_off_call_are_published_with_the_rest()
    {
        await using (var store = await OpenAsync())
            await store.StageSlotsAsync([new(new("AAPL"), Monday, [new(5, 7, 7, 1, 230)])], "massive:range5m", Night, true, Ct);
        await MigrateAsync();
        Assert.Equal(["AAPL|5|7"], await OursAsync("SELECT symbol, slot_number, volume FROM volume_slots_raw"));
    }

    [Fact]
    public async Task A_day_from_the_provider_stays_as_it_is()
    {
        await using (var store = await OpenAsync())
            await store.SaveDailyAsync(Monday, [new(new("AAPL"), Monday, 1, 2, 1, 2, 3, null, null)], "massive:grouped", Night, true, Ct);
        var result = await MigrateAsync();
        Assert.Equal((1, 1), (result.Daily.Brought, result.Daily.Held));
        Assert.Equal(["AAPL|massive:grouped"], await OursAsync("SELECT symbol, source FROM market_data_daily_raw WHERE date = '2025-01-27'"));
    }

    [Fact]
    public async Task A_role_that_may_only_read_theirs_is_enough_and_a_dry_run_writes_nothing()
    {
        Assert.SkipWhen(database.Server.IsForeign, "roles of that server are not ours to make");
        var reader = $"reader_{Guid.NewGuid():n}";
        await database.ExecuteAsync($"CREATE ROLE {reader} LOGIN; GRANT SELECT ON market_data_daily, volume_slots, tickers_unified TO {reader}");
        var options = database.Options with { ConnectionString = new NpgsqlConnectionStringBuilder(database.Options.ConnectionString) { Username = reader }.ToString() };
        await using (var theirs = await LegacyDatabase.OpenAsync(options, Theirs, Ct))
        {
            var dry = await new LegacyMigration(theirs, null, SlotGrid.Extended, TradingCalendar.Nyse, TimeProvider.System, new Told(_ => { })).RunAsync(Ct);
            Assert.Equal((2, 1, 2), (dry.Daily.Brought, dry.Slots.Brought, dry.Universe.Brought));
            Assert.Empty(await database.RowsAsync($"SELECT nspname::text FROM pg_namespace WHERE nspname = '{Ours.Schema}'"));
            Assert.Equal(2, (await MigrateAsync(theirs)).Daily.Brought);
        }

        await database.ExecuteAsync($"DROP OWNED BY {reader}; DROP ROLE {reader}");
    }

    [Fact]
    public async Task Opened_on_their_schema_the_store_says_what_it_found_and_what_to_do()
    {
        var refused = await Assert.ThrowsAsync<StoreException>(() => database.OpenAsync());
        Assert.Contains($"{Theirs}.market_data_daily about 7 rows of 2025-01-24 to 2025-01-27", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"migrate --from-legacy --legacy-schema {Theirs}", refused.Message, StringComparison.Ordinal);
        var nothing = await Assert.ThrowsAsync<StoreException>(() => LegacyDatabase.OpenAsync(database.Options, "pg_catalog", Ct));
        Assert.Contains($"schema {Theirs} does", nothing.Message, StringComparison.Ordinal);
    }

    private Task<IStore> OpenAsync() => StoreSetup.OpenAsync(Ours, TimeProvider.System, "test", Ct);

    private async Task<LegacyResult> MigrateAsync(int cutAfter = int.MaxValue, CancellationTokenSource? cut = null)
    {
        await using var theirs = await LegacyDatabase.OpenAsync(database.Options, Theirs, Ct);
        return await MigrateAsync(theirs, cutAfter, cut);
    }

    private async Task<LegacyResult> MigrateAsync(LegacyDatabase theirs, int cutAfter = int.MaxValue, CancellationTokenSource? cut = null)
    {
        await using var store = await OpenAsync();
        var told = 0;
        var progress = new Told(_ =>
        {
            if (++told == cutAfter) cut!.Cancel();
        });
        return await new LegacyMigration(theirs, store, SlotGrid.Extended, TradingCalendar.Nyse, TimeProvider.System, progress).RunAsync(cut?.Token ?? Ct);
    }

    private Task<List<string>> OursAsync(string sql) => database.RowsAsync($"SET search_path = {Ours.Schema}; {sql}");

    private async Task<List<string>> FactsAsync() =>
    [
        .. await OursAsync("SELECT * FROM market_data_daily_raw ORDER BY date, symbol"), .. await OursAsync("SELECT * FROM volume_slots_raw ORDER BY date, symbol, slot_number"),
        .. await OursAsync("SELECT dataset, date, symbol, rows, source, final::text FROM coverage ORDER BY 1, 2, 3"), .. await OursAsync("SELECT * FROM ticker_metadata ORDER BY 1"),
    ];

    private async Task<List<string>> DumpAsync(string schema, params string[] tables)
    {
        var rows = new List<string>();
        foreach (var table in tables) rows.AddRange(await database.RowsAsync($"SELECT '{table}', xmin::text, t::text FROM {schema}.{table} AS t ORDER BY t::text"));
        return rows;
    }

    private sealed class Told(Action<string> tell) : IProgress<string>
    {
        public void Report(string value) => tell(value);
    }
}
