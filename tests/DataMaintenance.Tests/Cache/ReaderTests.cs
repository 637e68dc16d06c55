using DataMaintenance.Values;
using StackExchange.Redis;
using static DataMaintenance.Tests.Cache.CacheWorld;

namespace DataMaintenance.Tests.Cache;

public sealed class ReaderEmbeddedTests(Embedded server) : ReaderTests(server), IClassFixture<Embedded>;
public sealed class ReaderServerTests(Server server) : ReaderTests(server), IClassFixture<Server>;

/// <summary>What reading back finds.</summary>
public abstract class ReaderTests(IServerUnderTest server)
{
    [Fact]
    public async Task Everything_just_published_compares_equal()
    {
        await using var world = await OpenAsync(server);
        foreach (var values in Families())
        {
            await world.Publisher.PublishAsync(values, null, Ct);
            Assert.Empty(await world.Reader.CompareAsync(values, null, new Random(1), Ct));
            Assert.Empty(await world.Reader.AbsentAsync(values, Ct));
        }
    }

    [Fact]
    public async Task Each_way_a_hash_can_be_wrong_is_found()
    {
        await using var world = await OpenAsync(server);
        var values = Of(Family.Rvol, new[] { "A", "B", "C", "D", "E", "F" }.Select(s => Rvol(S(s), 10)));
        await world.Publisher.PublishAsync(values, null, Ct);
        await world.Db.HashSetAsync("rvol:hist:avg:A", "100", "1");
        await world.Db.HashDeleteAsync("rvol:hist:avg:B", "100");
        await world.Db.HashSetAsync("rvol:hist:avg:C", "0", "0");
        await world.Db.KeyDeleteAsync("rvol:hist:avg:D");
        await world.Db.KeyDeleteAsync("rvol:hist:avg:E");
        await world.Db.StringSetAsync("rvol:hist:avg:E", "text");

        var differences = await world.Reader.CompareAsync(values, null, new Random(1), Ct);
        Assert.Equal(["A", "B", "C", "D", "E"], differences.Select(d => d.Symbol.Text));
        Assert.Null(differences[3].Found);
        Assert.All(differences, d => Assert.StartsWith("60=10 61=20", d.Expected, StringComparison.Ordinal));
        Assert.Equal(["D"], (await world.Reader.AbsentAsync(values, Ct)).Select(s => s.Text));
    }

    [Fact]
    public async Task A_document_that_differs_under_one_of_its_names_is_found()
    {
        await using var world = await OpenAsync(server);
        var values = Of(Family.Metadata, [new MetadataValue(Apple)]);
        await world.Publisher.PublishAsync(values, null, Ct);
        await world.Db.StringSetAsync("ticker:metadata:AAPL", "{}");
        var difference = Assert.Single(await world.Reader.CompareAsync(values, null, new Random(1), Ct));
        Assert.Equal(("ticker:metadata:AAPL", "{}"), (difference.Key, difference.Found));
        await world.Db.KeyDeleteAsync("ticker:metadata:AAPL");
        Assert.Equal(["AAPL"], (await world.Reader.AbsentAsync(values, Ct)).Select(s => s.Text));
    }

    [Fact]
    public async Task Members_missing_from_the_universe_and_members_too_many_are_found()
    {
        await using var world = await OpenAsync(server);
        var values = Universe("AAPL", "MSFT");
        await world.Publisher.PublishAsync(values, null, Ct);
        await world.Db.SetRemoveAsync("ticker:universe", "MSFT");
        await world.Db.SetAddAsync("ticker:universe", "GHOST");
        Assert.Equal(["MSFT", "GHOST"], (await world.Reader.CompareAsync(values, 1, new Random(1), Ct)).Select(d => d.Symbol.Text));
        Assert.Equal(["MSFT"], (await world.Reader.AbsentAsync(values, Ct)).Select(s => s.Text));
    }

    [Fact]
    public async Task A_sample_looks_at_as_many_symbols_as_asked()
    {
        await using var world = await OpenAsync(server);
        var values = Of(Family.Rvol, Symbols(1_000).Select(s => Rvol(s, 1)));
        Assert.Equal(200, (await world.Reader.CompareAsync(values, 200, new Random(1), Ct)).Select(d => d.Symbol).Distinct().Count());
        Assert.Equal(1_000, (await world.Reader.CompareAsync(values, 5_000, new Random(1), Ct)).Count);
        Assert.Equal(1_000, (await world.Reader.AbsentAsync(values, Ct)).Count);
    }

    [Fact]
    public async Task The_snapshot_is_read_as_JSON_and_as_a_hash_by_symbol_or_ticker()
    {
        await using var world = await OpenAsync(server);
        Assert.Empty(await world.Reader.SnapshotSymbolsAsync(Ct));
        await world.Db.StringSetAsync("snapshot:enriched:latest", """{"count":3,"tickers":[{"ticker":"AAPL","price":1},{"symbol":"BCpC"},{"price":2}]}""");
        Assert.Equal(["AAPL", "BCpC"], (await world.Reader.SnapshotSymbolsAsync(Ct)).Select(s => s.Text).Order(StringComparer.Ordinal));
        await world.Db.KeyDeleteAsync("snapshot:enriched:latest");
        await world.Db.HashSetAsync("snapshot:enriched:latest", [new("MSFT", "{}"), new("BRK.A", "{}")]);
        Assert.Equal(["BRK.A", "MSFT"], (await world.Reader.SnapshotSymbolsAsync(Ct)).Select(s => s.Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_snapshot_that_makes_no_sense_is_an_error_and_not_an_empty_market()
    {
        await using var world = await OpenAsync(server);
        foreach (var text in new[] { "not json", """{"count":1}""", "7" })
        {
            await world.Db.StringSetAsync("snapshot:enriched:latest", text);
            var error = await Assert.ThrowsAsync<FormatException>(() => world.Reader.SnapshotSymbolsAsync(Ct));
            Assert.Contains("snapshot:enriched:latest", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_service_in_the_shadow_reads_the_snapshot_of_the_one_it_shadows()
    {
        await using var world = await OpenAsync(server, o => o with { KeyPrefix = "shadow:" });
        await world.Db.StringSetAsync("snapshot:enriched:latest", """{"tickers":[{"ticker":"AAPL"}]}""");
        Assert.Equal(["AAPL"], (await world.Reader.SnapshotSymbolsAsync(Ct)).Select(s => s.Text));
    }

    [Fact]
    public async Task The_scanners_lists_are_read_together()
    {
        await using var world = await OpenAsync(server);
        await world.Db.StringSetAsync("scanner:category:winners", """[{"symbol":"AAPL"},{"ticker":"MSFT"}]""");
        await world.Db.StringSetAsync("scanner:category:reversals", """[{"symbol":"AAPL"},{"symbol":"NVDA"}]""");
        Assert.Equal(["AAPL", "MSFT", "NVDA"], (await world.Reader.ScannerSymbolsAsync(Ct)).Select(s => s.Text).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<FamilyValues> Families() =>
    [
        Universe("AAPL", "BCPC", "BCpC"), Atr(("AAPL", 1.0 / 3), ("MSFT", 2)), Of(Family.Metadata, [new MetadataValue(Apple)]),
        Of(Family.AverageVolume, [new AverageVolumeValue(S("AAPL"), 1.5, 2.5, null)]), Of(Family.Rvol, Symbols(1_100).Select(s => Rvol(s, 1.7))),
    ];
}
