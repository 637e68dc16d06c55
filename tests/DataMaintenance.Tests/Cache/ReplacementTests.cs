using DataMaintenance.Values;
using Market;
using StackExchange.Redis;
using static DataMaintenance.Tests.Cache.CacheWorld;

namespace DataMaintenance.Tests.Cache;

public sealed class ReplacementEmbeddedTests(Embedded server) : ReplacementTests(server), IClassFixture<Embedded>;
public sealed class ReplacementServerTests(Server server) : ReplacementTests(server), IClassFixture<Server>;

/// <summary>What readers see while keys are replaced, and which keys go.</summary>
public abstract class ReplacementTests(IServerUnderTest server)
{
    private static readonly IReadOnlyList<Symbol> Watched = Symbols(300);

    [Fact]
    public async Task A_reader_polling_300_symbols_never_sees_a_baseline_missing_or_mixed()
    {
        await using var world = await OpenAsync(server);
        await world.Publisher.PublishAsync(Round(1), null, Ct);
        await using var reader = await OpenAsync(server, empty: false);
        var polls = 0;
        var publishing = Task.Run(PublishRoundsAsync, Ct);
        do
        {
            polls++;
            var replies = await Task.WhenAll(Watched.Select(s => reader.Db.HashGetAllAsync($"rvol:hist:avg:{s}")));
            foreach (var fields in replies)
            {
                Assert.Equal(132, fields.Length);
                // Round n publishes n shares a slot, so every field divided by its place in the curve gives the same n.
                Assert.Single(fields.Select(f => (long)f.Value / ((int)f.Name - 59)).Distinct());
            }
        }
        while (!publishing.IsCompleted);
        await publishing;

        static FamilyValues Round(int step) => Of(Family.Rvol, Watched.Select(s => Rvol(s, step)));
        async Task PublishRoundsAsync()
        {
            for (var round = 2; round <= 6 || Volatile.Read(ref polls) < 5; round++) await world.Publisher.PublishAsync(Round(round), null, Ct);
        }
    }

    [Fact]
    public async Task A_reader_never_sees_half_a_universe()
    {
        await using var world = await OpenAsync(server);
        var (old, fresh) = (Symbols(2_000), Symbols(4_000).Skip(1_000).ToArray());
        await world.Publisher.PublishAsync(Of(Family.Universe, old.Select(s => new UniverseValue(s))), null, Ct);
        await using var reader = await OpenAsync(server, empty: false);
        var publishing = Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++) await world.Publisher.PublishAsync(Of(Family.Universe, (i % 2 == 0 ? fresh : old).Select(s => new UniverseValue(s))), null, Ct);
        }, Ct);
        do Assert.Contains((await reader.Reader.UniverseAsync(Ct)).Count, new[] { 2_000, 3_000 });
        while (!publishing.IsCompleted);
        await publishing;
    }

    [Fact]
    public async Task Keys_of_symbols_that_left_go_and_keys_of_others_stay()
    {
        await using var world = await OpenAsync(server);
        await world.Publisher.PublishAsync(Atr(("AAPL", 1), ("GONE", 2), ("QUIET", 3)), null, Ct);
        string[] foreign = ["atr:data:x:y", "atr:data", "atr:database", "other:atr:data:GONE", "snapshot:enriched:latest", "atr:data:not a symbol"];
        foreach (var key in foreign) await world.Db.StringSetAsync(key, "theirs");

        var report = await world.Publisher.PublishAsync(Atr(("AAPL", 1)), new HashSet<Symbol> { S("AAPL"), S("QUIET") }, Ct);

        Assert.Equal((1, 1), (report.Written, report.Removed));
        Assert.Equal(new[] { "atr:data:AAPL", "atr:data:QUIET", "maintenance:derived", "maintenance:fence" }.Concat(foreign).Order(StringComparer.Ordinal),
            (await world.AllKeysAsync()).Order(StringComparer.Ordinal));
        Assert.Equal(["3"], (await world.Db.HashGetAsync("atr:data:QUIET", ["atr"])).Select(v => v.ToString()));
    }

    [Fact]
    public async Task A_template_that_resembles_a_fixed_key_does_not_cost_that_key()
    {
        await using var world = await OpenAsync(server, o => o with { KeyPrefix = "p[1]*", Keys = o.Keys with { Atr = "ticker-{symbol}", Universe = "ticker-universe" } });
        await world.Publisher.PublishAsync(Universe("AAPL", "GONE"), null, Ct);
        await world.Publisher.PublishAsync(Atr(("AAPL", 1), ("GONE", 1)), null, Ct);
        await world.Db.StringSetAsync("p1xticker-GONE", "theirs");
        var report = await world.Publisher.PublishAsync(Atr(("AAPL", 1)), new HashSet<Symbol>(), Ct);
        Assert.Equal(1, report.Removed);
        Assert.True(await world.Db.KeyExistsAsync("p[1]*ticker-universe"));
        Assert.True(await world.Db.KeyExistsAsync("p1xticker-GONE"));
    }

    [Fact]
    public async Task The_universe_forgets_members_that_left_and_says_how_many()
    {
        await using var world = await OpenAsync(server);
        await world.Publisher.PublishAsync(Universe("AAPL", "GONE", "LOST"), null, Ct);
        var report = await world.Publisher.PublishAsync(Universe("AAPL", "MSFT"), null, Ct);
        Assert.Equal((2, 2), (report.Written, report.Removed));
        await Assert.ThrowsAsync<ArgumentException>(() => world.Publisher.PublishAsync(Universe(), null, Ct));
        Assert.Equal(2, (await world.Reader.UniverseAsync(Ct)).Count);
    }

    [Fact]
    public async Task Redis_only_moves_forward()
    {
        await using var world = await OpenAsync(server);
        await world.Publisher.PublishAsync(Atr(("AAPL", 1)), null, Ct);
        var older = Atr(("AAPL", 9)) with { Session = Session.AddDays(-1) };

        Assert.Equal(Session, (await world.Publisher.PublishAsync(older, new HashSet<Symbol>(), Ct)).HeldBy);
        Assert.Equal(Session, (await world.Publisher.RestoreAsync(older, new HashSet<Symbol> { S("AAPL") }, Ct)).HeldBy);
        Assert.Equal("1", await world.Db.HashGetAsync("atr:data:AAPL", "atr"));
        Assert.Null((await world.Publisher.PublishAsync(Atr(("AAPL", 2)), null, Ct)).HeldBy);
        Assert.Null((await world.Publisher.PublishAsync(Atr(("AAPL", 3)) with { Session = Session.AddDays(1) }, null, Ct)).HeldBy);
        Assert.Equal("3", await world.Db.HashGetAsync("atr:data:AAPL", "atr"));
    }

    [Fact]
    public async Task Restoring_writes_the_named_symbols_only()
    {
        await using var world = await OpenAsync(server);
        await world.Publisher.PublishAsync(Atr(("AAPL", 1), ("MSFT", 1)), null, Ct);
        var report = await world.Publisher.RestoreAsync(Atr(("AAPL", 2), ("MSFT", 2)), new HashSet<Symbol> { S("AAPL") }, Ct);
        Assert.Equal((1, 1), (report.Written, report.Expected));
        Assert.Equal("2", await world.Db.HashGetAsync("atr:data:AAPL", "atr"));
        Assert.Equal("1", await world.Db.HashGetAsync("atr:data:MSFT", "atr"));
    }

    [Fact]
    public async Task A_key_of_another_type_is_replaced()
    {
        await using var world = await OpenAsync(server);
        await world.Db.StringSetAsync("atr:data:AAPL", "text");
        await world.Db.SetAddAsync("metadata:ticker:AAPL", "member");
        await world.Publisher.PublishAsync(Atr(("AAPL", 1)), null, Ct);
        await world.Publisher.PublishAsync(Of(Family.Metadata, [new MetadataValue(Apple)]), null, Ct);
        Assert.Equal(RedisType.Hash, await world.Db.KeyTypeAsync("atr:data:AAPL"));
        Assert.Equal(RedisType.String, await world.Db.KeyTypeAsync("metadata:ticker:AAPL"));
    }
}
