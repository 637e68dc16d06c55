using System.Globalization;
using DataMaintenance.Values;
using StackExchange.Redis;
using static DataMaintenance.Tests.Cache.CacheWorld;

namespace DataMaintenance.Tests.Cache;

public sealed class PublishedKeysEmbeddedTests(Embedded server) : PublishedKeysTests(server), IClassFixture<Embedded>;
public sealed class PublishedKeysServerTests(Server server) : PublishedKeysTests(server), IClassFixture<Server>;

/// <summary>Names, types, fields and times to live of every family, as other programs read them.</summary>
public abstract class PublishedKeysTests(IServerUnderTest server)
{
    [Fact]
    public async Task The_universe_is_a_set_of_the_symbols_as_spelled()
    {
        await using var world = await OpenAsync(server);
        var report = await world.Publisher.PublishAsync(Universe("BCPC", "BCpC", "BRK.A", "AAPL"), null, Ct);

        Assert.Equal((4, 4, 0), (report.Written, report.Expected, report.Removed));
        Assert.Equal(RedisType.Set, await world.Db.KeyTypeAsync("ticker:universe"));
        Assert.Equal(["AAPL", "BCPC", "BCpC", "BRK.A"], (await world.Db.SetMembersAsync("ticker:universe")).Select(m => m.ToString()).Order(StringComparer.Ordinal));
        Assert.Null(await world.Db.KeyTimeToLiveAsync("ticker:universe"));
        Assert.Equal(["maintenance:derived", "maintenance:fence", "ticker:universe"], (await world.AllKeysAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Metadata_is_JSON_without_nulls_under_both_names()
    {
        await using var world = await OpenAsync(server);
        await world.Publisher.PublishAsync(Of(Family.Metadata, [new MetadataValue(Apple)]), null, Ct);

        const string Expected =
            """{"symbol":"AAPL","name":"Apple Inc. & \"friends\"","exchange":"XNAS","type":"CS","market_cap":3540000000000.5,"float_shares":15000000000,"list_date":"1980-12-12","updated_at":"2025-01-30T08:30:01Z"}""";
        Assert.Equal(Expected, await world.Db.StringGetAsync("metadata:ticker:AAPL"));
        Assert.Equal(Expected, await world.Db.StringGetAsync("ticker:metadata:AAPL"));
        await LivesUntilFourDaysAfterTheNextRunAsync(world, "metadata:ticker:AAPL");
        await LivesUntilFourDaysAfterTheNextRunAsync(world, "ticker:metadata:AAPL");
    }

    [Fact]
    public async Task The_older_name_of_metadata_can_be_switched_off()
    {
        await using var world = await OpenAsync(server, o => o with { LegacyKeys = false });
        await world.Publisher.PublishAsync(Of(Family.Metadata, [new MetadataValue(Apple)]), null, Ct);
        Assert.True(await world.Db.KeyExistsAsync("metadata:ticker:AAPL"));
        Assert.False(await world.Db.KeyExistsAsync("ticker:metadata:AAPL"));
    }

    [Fact]
    public async Task Average_volumes_are_whole_shares_and_an_absent_one_is_left_out()
    {
        await using var world = await OpenAsync(server);
        await world.Publisher.PublishAsync(Of(Family.AverageVolume,
            [new AverageVolumeValue(S("AAPL"), 5.9999999, 10.5, 30), new AverageVolumeValue(S("NEW"), 7, null, null)]), null, Ct);

        Assert.Equal("""{"avg_volume_30d":30,"avg_volume_10d":10,"avg_volume_5d":6}""", await world.Db.StringGetAsync("ticker:avg_volume:AAPL"));
        Assert.Equal("""{"avg_volume_5d":7}""", await world.Db.StringGetAsync("ticker:avg_volume:NEW"));
        await LivesUntilFourDaysAfterTheNextRunAsync(world, "ticker:avg_volume:AAPL");
    }

    [Fact]
    public async Task Atr_is_a_hash_whose_numbers_read_back_to_the_same_double()
    {
        await using var world = await OpenAsync(server);
        await world.Publisher.PublishAsync(Of(Family.Atr, [new AtrValue(S("AAPL"), 1.0 / 3, 0.1 + 0.2, Session)]), null, Ct);

        var fields = (await world.Db.HashGetAllAsync("atr:data:AAPL")).ToDictionary(f => f.Name.ToString(), f => f.Value.ToString());
        Assert.Equal(["atr", "atr_percent", "date"], fields.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(1.0 / 3, double.Parse(fields["atr"], CultureInfo.InvariantCulture));
        Assert.Equal(0.1 + 0.2, double.Parse(fields["atr_percent"], CultureInfo.InvariantCulture));
        Assert.Equal("2025-01-30", fields["date"]);
        await LivesUntilFourDaysAfterTheNextRunAsync(world, "atr:data:AAPL");
    }

    [Fact]
    public async Task Rvol_is_a_hash_of_slots_in_whole_shares_without_zeros()
    {
        await using var world = await OpenAsync(server);
        var means = new double[192];
        (means[189], means[190], means[191]) = (0.4, 1.9999999, 28_420.8);
        await world.Publisher.PublishAsync(Of(Family.Rvol, [new RvolValue(S("AAPL"), means, 5)]), null, Ct);

        var fields = (await world.Db.HashGetAllAsync("rvol:hist:avg:AAPL")).ToDictionary(f => f.Name.ToString(), f => f.Value.ToString());
        Assert.Equal(new Dictionary<string, string> { ["190"] = "2", ["191"] = "28420" }, fields);
        await LivesUntilFourDaysAfterTheNextRunAsync(world, "rvol:hist:avg:AAPL");
    }

    [Fact]
    public async Task A_baseline_below_one_share_has_no_key_and_is_missed_by_nobody()
    {
        await using var world = await OpenAsync(server);
        var values = Of(Family.Rvol, [Rvol(S("AAPL"), 10), Rvol(S("TINY"), 0.001)]);
        var report = await world.Publisher.PublishAsync(values, null, Ct);
        Assert.Equal((1, 1), (report.Written, report.Expected));
        Assert.False(await world.Db.KeyExistsAsync("rvol:hist:avg:TINY"));
        Assert.Empty(await world.Reader.AbsentAsync(values, Ct));
        Assert.Empty(await world.Reader.CompareAsync(values, null, new Random(1), Ct));
    }

    [Fact]
    public async Task The_record_of_a_family_says_session_epoch_count_instant_and_fingerprint()
    {
        await using var world = await OpenAsync(server, epoch: 7);
        await world.Publisher.PublishAsync(Atr(("AAPL", 1), ("MSFT", 2)), null, Ct);

        Assert.Equal("""{"session":"2025-01-30","epoch":7,"count":2,"published_at":"2025-01-31T08:01:00Z","fingerprint":"0123456789abcdef"}""",
            await world.Db.HashGetAsync("maintenance:derived", "atr"));
        Assert.Null(await world.Db.KeyTimeToLiveAsync("maintenance:derived"));
        var state = await world.Reader.DerivedAsync(Family.Atr, Ct);
        Assert.Equal(new DataMaintenance.Cache.DerivedState(Session, 7, 2, Now, "0123456789abcdef"), state);
        Assert.Null(await world.Reader.DerivedAsync(Family.Rvol, Ct));
    }

    [Fact]
    public async Task Prefix_and_templates_make_every_name()
    {
        await using var world = await OpenAsync(server, o => o with { KeyPrefix = "shadow:", Keys = o.Keys with { Atr = "{symbol}/atr" } });
        await world.Publisher.PublishAsync(Atr(("BRK.A", 1)), null, Ct);
        await world.State.MarkExecutedAsync(Session, Ct);
        Assert.Equal(["shadow:BRK.A/atr", "shadow:maintenance:derived", "shadow:maintenance:executed:2025-01-30", "shadow:maintenance:fence"],
            (await world.AllKeysAsync()).Order(StringComparer.Ordinal));
    }

    private static async Task LivesUntilFourDaysAfterTheNextRunAsync(CacheWorld world, string key)
    {
        var ttl = await world.Db.KeyTimeToLiveAsync(key);
        Assert.NotNull(ttl);
        Assert.InRange(ttl.Value, NextRun.AddDays(4) - Now - TimeSpan.FromMinutes(5), NextRun.AddDays(4) - Now);
    }
}
