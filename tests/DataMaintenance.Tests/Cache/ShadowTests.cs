using DataMaintenance.Api;
using DataMaintenance.Cache;
using DataMaintenance.Pipeline;
using DataMaintenance.Values;
using StackExchange.Redis;
using static DataMaintenance.Tests.Cache.CacheWorld;

namespace DataMaintenance.Tests.Cache;

/// <summary>Our keys under a prefix, compared with those of the service in whose shadow we run.</summary>
public sealed class ShadowTests(Server server) : IClassFixture<Server>
{
    [Fact]
    public async Task Rounding_and_the_order_of_fields_are_no_difference()
    {
        await using var world = await ShadowAsync();
        await world.Publisher.PublishAsync(Atr(("AAPL", 3.14159265), ("brk.b", 2)), null, Ct);
        await world.Db.HashSetAsync("atr:data:AAPL", [new("date", "2025-01-30"), new("atr_percent", "6.2832"), new("atr", "3.1416")]);
        await world.Db.HashSetAsync("atr:data:brk.b", [new("atr", "2.0"), new("atr_percent", "4"), new("date", "2025-01-30")]);
        await world.Db.StringSetAsync("atr:data:other:thing", "not a symbol's");
        await PublishRvolAsync(world, "101", zero: true);
        await world.Publisher.PublishAsync(Of(Family.AverageVolume, [new AverageVolumeValue(S("AAPL"), 10.9, 20, null)]), null, Ct);
        await world.Db.StringSetAsync("ticker:avg_volume:AAPL", """{"avg_volume_10d": 20, "avg_volume_5d": 11, "avg_volume_30d": null}""");
        await world.Publisher.PublishAsync(Universe("AAPL", "MSFT"), null, Ct);
        await world.Db.SetAddAsync("ticker:universe", ["MSFT", "AAPL"]);
        await world.Publisher.PublishAsync(Of(Family.Metadata, [new MetadataValue(Apple)]), null, Ct);
        await world.Db.StringSetAsync("metadata:ticker:AAPL", """{"symbol":"AAPL","name":"Apple Inc. & \"friends\"","phone":"1","market_cap":3540000000000,"sector":null,"updated_at":"whenever"}""");

        var answer = await AgainstAsync(world);
        Assert.True(answer["agrees"]!.GetValue<bool>(), answer.ToJsonString());
        Assert.Equal(2, answer["families"]!["atr"]!["equal"]!.GetValue<int>());
        Assert.Equal("""{"phone":1}""", answer["families"]!["metadata"]!["fields_only_theirs"]!.ToJsonString());
        Assert.Equal("exchange,float_shares,list_date,type", string.Join(',', answer["families"]!["metadata"]!["fields_only_ours"]!.AsObject().Select(f => f.Key)));
    }

    [Fact]
    public async Task Each_kind_of_difference_is_counted_and_the_first_are_named()
    {
        await using var world = await ShadowAsync();
        await world.Publisher.PublishAsync(Atr(("A", 1), ("B", 1), ("C", 1), ("D", 1)), null, Ct);
        await world.Db.HashSetAsync("atr:data:A", [new("atr", "1.01"), new("atr_percent", "2"), new("date", "2025-01-29")]);
        await world.Db.HashSetAsync("atr:data:B", [new("atr", "1"), new("atr_percent", "2")]);
        await world.Db.StringSetAsync("atr:data:C", "text");
        await world.Db.HashSetAsync("atr:data:E", [new("atr", "1")]);
        await PublishRvolAsync(world, "103", zero: false);
        await world.Publisher.PublishAsync(Universe("AAPL", "MSFT"), null, Ct);
        await world.Db.SetAddAsync("ticker:universe", ["AAPL", "GONE"]);

        var answer = await AgainstAsync(world);
        Assert.False(answer["agrees"]!.GetValue<bool>());
        var atr = answer["families"]!["atr"]!;
        Assert.Equal("0 3 1 1", $"{atr["equal"]} {atr["different"]} {atr["only_ours"]} {atr["only_theirs"]}");
        Assert.Equal(
            ["A: atr 1 here, 1.01 there; date 2025-01-30 here, 2025-01-29 there", "B: date 2025-01-30 here, absent there", "C: there a key of another type", "D: only here", "E: only there"],
            atr["examples"]!.AsArray().Select(e => e!.GetValue<string>()));
        Assert.Equal(1, answer["families"]!["rvol"]!["different"]!.GetValue<int>());
        Assert.Equal(["MSFT: only here", "GONE: only there"], answer["families"]!["universe"]!["examples"]!.AsArray().Select(e => e!.GetValue<string>()));
        Assert.Equal(1, (await AgainstAsync(world, tolerance: 0.02))["families"]!["rvol"]!["different"]!.GetValue<int>());
        Assert.Equal(0, (await AgainstAsync(world, tolerance: 0.05))["families"]!["rvol"]!["different"]!.GetValue<int>());
    }

    [Fact]
    public async Task Our_own_prefix_is_refused()
    {
        await using var world = await ShadowAsync();
        await Assert.ThrowsAsync<RequestException>(() => Verification.AgainstAsync(world.Redis, world.Options, "shadow:", ShadowComparison.UsualTolerance, Ct));
    }

    private Task<CacheWorld> ShadowAsync() => OpenAsync(server, o => o with { KeyPrefix = "shadow:" });

    private static Task<System.Text.Json.Nodes.JsonObject> AgainstAsync(CacheWorld world, double tolerance = ShadowComparison.UsualTolerance) =>
        Verification.AgainstAsync(world.Redis, world.Options, "", tolerance, Ct);

    /// <summary>A flat curve of 100 shares here, of what is given there.</summary>
    private static async Task PublishRvolAsync(CacheWorld world, string there, bool zero)
    {
        await world.Publisher.PublishAsync(Of(Family.Rvol, [new RvolValue(S("AAPL"), [.. Enumerable.Range(0, 192).Select(i => i < 60 ? 0.0 : 100)], 5)]), null, Ct);
        await world.Db.HashSetAsync("rvol:hist:avg:AAPL", [.. Enumerable.Range(60, 132).Select(i => new HashEntry(i, there))]);
        if (zero) await world.Db.HashSetAsync("rvol:hist:avg:AAPL", "0", "0");
    }
}
