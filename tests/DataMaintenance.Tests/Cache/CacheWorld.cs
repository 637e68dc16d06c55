using DataMaintenance.Cache;
using DataMaintenance.Store;
using DataMaintenance.Values;
using Market;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace DataMaintenance.Tests.Cache;

/// <summary>One instance of the service's cache on an emptied server, at a fixed hour: 03:01 New York on 2025-01-31, the next run on Monday the 3rd.</summary>
public sealed class CacheWorld : IAsyncDisposable
{
    public static readonly DateTimeOffset Now = new(2025, 1, 31, 8, 1, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset NextRun = new(2025, 2, 3, 8, 0, 0, TimeSpan.Zero);
    public static readonly DateOnly Session = new(2025, 1, 30);

    private CacheWorld(RedisConnection redis, RedisOptions options)
    {
        (Redis, Options, Keys) = (redis, options, new(options));
        Fence = new(redis, Keys);
        Reader = new(redis, Keys);
        Ttl = new(options, Clock, TradingCalendar.Nyse, () => NextRun);
        Publisher = new(redis, Keys, Fence, Ttl, Reader, Clock);
        State = new(redis, Keys, Fence, Ttl);
    }

    public RedisConnection Redis { get; }
    public RedisOptions Options { get; }
    public FakeTimeProvider Clock { get; } = new(Now);
    public Keys Keys { get; }
    public Fence Fence { get; }
    public Reader Reader { get; }
    public TimeToLive Ttl { get; }
    public Publisher Publisher { get; }
    public StateKeys State { get; }
    public IDatabase Db => Redis.Database;

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<CacheWorld> OpenAsync(IServerUnderTest server, Func<RedisOptions, RedisOptions>? change = null, long epoch = 1, bool empty = true)
    {
        var options = (change ?? (o => o))(server.Options());
        // Tests flush, which is an administrator's command.
        options = options with { ConnectionString = options.ConnectionString + ",allowAdmin=true" };
        var world = new CacheWorld(await RedisConnection.OpenAsync(options, Ct), options);
        if (empty) await world.Db.ExecuteAsync("FLUSHALL");
        await world.Fence.RaiseAsync(epoch, Ct);
        return world;
    }

    public async Task<HashSet<string>> AllKeysAsync()
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in await Redis.KeysAsync("*", Ct)) found.Add(key);
        return found;
    }

    public ValueTask DisposeAsync() => Redis.DisposeAsync();

    public static Symbol S(string text) => new(text);

    public static IReadOnlyList<Symbol> Symbols(int count) => [.. Enumerable.Range(0, count).Select(i => S($"S{i:00000}"))];

    public static FamilyValues Of(Family family, IEnumerable<IDerivedValue> items, DateOnly? session = null, string fingerprint = "0123456789abcdef") =>
        new(family, session ?? Session, fingerprint, [.. items.OrderBy(v => v.Symbol)], 0);

    public static FamilyValues Atr(params (string Symbol, double Atr)[] values) =>
        Of(Family.Atr, values.Select(v => new AtrValue(S(v.Symbol), v.Atr, 2 * v.Atr, Session)));

    /// <summary>A curve that rises by <paramref name="step"/> from slot 60 on.</summary>
    public static RvolValue Rvol(Symbol symbol, double step) =>
        new(symbol, [.. Enumerable.Range(0, 192).Select(i => Math.Max(0, i - 59) * step)], 5);

    public static FamilyValues Universe(params string[] symbols) => Of(Family.Universe, symbols.Select(s => new UniverseValue(S(s))));

    public static TickerMetadata Apple { get; } = new(S("AAPL"))
    {
        Name = "Apple Inc. & \"friends\"",
        Exchange = "XNAS",
        Type = "CS",
        MarketCap = 3_540_000_000_000.5,
        FloatShares = 15_000_000_000,
        ListDate = new(1980, 12, 12),
        UpdatedAt = new(2025, 1, 30, 9, 30, 1, TimeSpan.FromHours(1)),
        LastAttemptAt = Now,
        LastError = "a time-out",
    };
}
