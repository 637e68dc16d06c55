using DataMaintenance.Store;

namespace DataMaintenance.Tests.Store;

public sealed class PostgresSchemaTests : IAsyncLifetime
{
    private readonly PostgresTestStore database = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await database.CreateEmptyAsync();

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task Tables_of_another_service_are_named_and_left_alone()
    {
        await database.ExecuteAsync(
            """
            CREATE TABLE market_data_daily (trading_date date NOT NULL, symbol varchar(10) NOT NULL, close numeric(12,4), PRIMARY KEY (trading_date, symbol));
            INSERT INTO market_data_daily VALUES ('2025-01-27', 'AAPL', 229.86)
            """);
        var refused = await Assert.ThrowsAsync<StoreException>(() => database.OpenAsync());
        Assert.Contains("market_data_daily", refused.Message, StringComparison.Ordinal);
        Assert.Contains("trading_date, symbol, close", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Store:Schema", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["2025-01-27|AAPL|229.8600"], await database.RowsAsync("SELECT * FROM market_data_daily"));
        Assert.Equal(["market_data_daily"], await database.RowsAsync("SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()"));
    }

    [Fact]
    public async Task A_schema_beside_theirs_is_made_and_used()
    {
        await database.ExecuteAsync("CREATE TABLE volume_slots (date date, symbol varchar(10))");
        var schema = $"{database.Options.Schema}_Ours \"2\"";
        await using (var store = await StoreSetup.OpenAsync(database.Options with { Schema = schema }, TimeProvider.System, "test", Ct))
        {
            await store.SaveUniverseAsync([new(new("AAPL"), true, "CS", "XNAS", new(2025, 1, 27), new(2025, 1, 27), null)], Ct);
        }

        Assert.Equal(["AAPL"], await database.RowsAsync($"SELECT symbol FROM \"{schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\".ticker_universe"));
        await database.ExecuteAsync($"DROP SCHEMA \"{schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\" CASCADE");
    }

    [Fact]
    public async Task A_newer_schema_is_refused_and_a_changed_step_too()
    {
        await database.OpenAsync();
        await database.CloseAsync();
        await database.ExecuteAsync("INSERT INTO schema_migration VALUES (9999, '9999_future', 'x', now())");
        var newer = await Assert.ThrowsAsync<StoreException>(() => database.OpenAsync());
        Assert.Contains("written by a newer version: it has migration 9999_future", newer.Message, StringComparison.Ordinal);

        await database.ExecuteAsync("DELETE FROM schema_migration WHERE version = 9999; UPDATE schema_migration SET checksum = 'something else' WHERE version = 1");
        var changed = await Assert.ThrowsAsync<StoreException>(() => database.OpenAsync());
        Assert.Contains("0001_tables was applied with checksum something", changed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instances_that_start_together_migrate_once()
    {
        var starts = await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
        {
            try
            {
                await using var store = await StoreSetup.OpenAsync(database.Options, TimeProvider.System, $"instance {i}", Ct);
                return store.Epoch;
            }
            catch (StoreOwnedException)
            {
                return 0;
            }
        }));
        Assert.Equal(starts.Where(epoch => epoch > 0).Distinct().Count(), starts.Count(epoch => epoch > 0));
        Assert.Contains(1, starts);
        Assert.Equal([$"{Migration.Of("Postgres").Count}"], await database.RowsAsync("SELECT count(*) FROM schema_migration"));
    }

    [Fact]
    public async Task The_description_says_what_and_where_and_no_password()
    {
        await using var store = await StoreSetup.OpenAsync(database.Options with { Password = "s3cret" }, TimeProvider.System, "test", Ct);
        Assert.Matches($"^PostgreSQL 1[5-9].*, (native partitions|TimescaleDB .* hypertables), .*, schema {database.Options.Schema}$", store.Description);
        Assert.DoesNotContain("s3cret", store.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=maintenance;Password=s3cret;Timeout=2", "PostgreSQL at 127.0.0.1:1/maintenance, schema public does not answer")]
    [InlineData("Host=127.0.0.1;Pasword=s3cret", "Store:ConnectionString cannot be read")]
    [InlineData("s3cret", "Store:ConnectionString cannot be read")]
    public async Task A_server_that_cannot_be_reached_is_told_without_the_password(string connectionString, string said)
    {
        var refused = await Assert.ThrowsAnyAsync<StoreException>(() =>
            StoreSetup.OpenAsync(new() { Kind = StoreKind.Postgres, ConnectionString = connectionString }, TimeProvider.System, "test", Ct));
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", refused.ToString(), StringComparison.Ordinal);
    }
}
