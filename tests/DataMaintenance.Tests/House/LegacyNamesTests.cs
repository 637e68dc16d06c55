using System.Data.Common;
using DataMaintenance.Cache;
using DataMaintenance.Schedule;
using DataMaintenance.Store;

namespace DataMaintenance.Tests.House;

public sealed class LegacyNamesTests : IDisposable
{
    private readonly Given given = new();

    public void Dispose() => given.Dispose();

    [Fact]
    public void The_older_variables_select_and_describe_their_servers()
    {
        given.Variable("POLYGON_API_KEY", "k1").Variable("REDIS_HOST", "redis").Variable("REDIS_PASSWORD", "a,b=c").Variable("TIMEZONE", "America/New_York")
            .Variable("MAINTENANCE_SCHEDULE", "MARKET_CLOSE").Variable("TIMESCALE_HOST", "db").Variable("TIMESCALE_PASSWORD", "p;w'x").Variable("TIMESCALE_DB", "market").Variable("TIMESCALE_USER", "");
        var settings = given.Load();
        Assert.Equal("k1", settings.Provider.ApiKey);
        Assert.Equal((RedisKind.Server, "redis:6379", "a,b=c"), (settings.Redis.Kind, settings.Redis.ConnectionString, settings.Redis.Password));
        Assert.Equal((StoreKind.Postgres, MaintenanceSchedule.MarketClose), (settings.Store.Kind, settings.Plans.Schedule));
        var connection = new DbConnectionStringBuilder { ConnectionString = settings.Store.ConnectionString };
        Assert.Equal(("db", "5432", "market", "p;w'x"), (connection["Host"], connection["Port"], connection["Database"], connection["Password"]));
        Assert.False(connection.ContainsKey("Username"));
    }

    [Fact]
    public void A_setting_by_its_own_name_wins_over_the_older_variables()
    {
        given.Variable("MASSIVE_API_KEY", "old").Variable("Provider__ApiKey", "new")
            .Variable("REDIS_HOST", "old").Variable("REDIS_PASSWORD", "old password").Variable("Redis__ConnectionString", "new:1");
        var settings = given.Load();
        Assert.Equal("new", settings.Provider.ApiKey);
        Assert.Equal(("new:1", null), (settings.Redis.ConnectionString, settings.Redis.Password));
    }

    [Fact]
    public void A_kind_given_in_a_file_is_not_overturned_by_a_server_that_happens_to_be_named()
    {
        given.File("appsettings.json", """{ "Redis": { "Kind": "Embedded" } }""").Variable("REDIS_HOST", "redis");
        Assert.Equal(RedisKind.Embedded, given.Load().Redis.Kind);
    }

    [Fact]
    public void Values_that_make_no_sense_are_mistakes()
    {
        given.Variable("TIMEZONE", "Europe/London").Variable("MAINTENANCE_SCHEDULE", "NIGHT").Variable("REDIS_PORT", "tcp://10.0.0.1:6379");
        Assert.Equal(
        [
            "TIMEZONE: expected America/New_York, the zone of the exchange, got 'Europe/London'",
            "MAINTENANCE_SCHEDULE: expected PRE_MARKET or MARKET_CLOSE, got 'NIGHT'",
            "REDIS_PORT: expected a port from 1 to 65535, got 'tcp://10.0.0.1:6379'",
        ], given.Mistakes());
    }

    [Fact]
    public void An_empty_variable_counts_as_absent() =>
        Assert.Equal(RedisKind.Embedded, given.Variable("REDIS_HOST", "").Variable("POLYGON_API_KEY", " ").Load().Redis.Kind);
}
