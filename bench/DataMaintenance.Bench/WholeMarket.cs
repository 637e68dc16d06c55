using BenchmarkDotNet.Attributes;
using DataMaintenance.Provider;
using DataMaintenance.Store;
using DataMaintenance.Values;
using Market;
using Simulator;

namespace DataMaintenance.Bench;

/// <summary>Derived values of the whole market from the store; reading the same rows without computing is the limit.</summary>
public class WholeMarket
{
    private static readonly IReadOnlyList<DateOnly> Sessions = TradingCalendar.Nyse.LastSessions(30, FullMarket.Session);
    private readonly FullMarket market = new();
    private IStore store = null!;
    private DerivedValues values = null!;

    [GlobalSetup]
    public void SetUp() => SetUpAsync().GetAwaiter().GetResult();

    private async Task SetUpAsync()
    {
        store = await market.OpenStoreAsync();
        values = new(store, TradingCalendar.Nyse, new ValuesOptions());
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions(), TimeProvider.System, CancellationToken.None);
        await using var source = ProviderSetup.Create(new ProviderOptions { BaseUrl = simulator.BaseUrl, ApiKey = "bench", CallsPerSecond = 0 }, TimeProvider.System);
        var now = TimeProvider.System.GetUtcNow();
        var symbols = new HashSet<Symbol>();
        foreach (var session in Sessions)
        {
            var reply = await source.DailyAsync(session, CancellationToken.None);
            await store.SaveDailyAsync(session, reply.Bars, reply.Source, now, true, CancellationToken.None);
            symbols.UnionWith(reply.Bars.Select(b => b.Symbol));
        }

        IReadOnlyList<DateOnly> five = [.. Sessions.TakeLast(5)];
        await source.SlotsAsync(symbols.ToDictionary(s => s, _ => five), SlotGrid.Extended,
            async (reply, ct) => await store.StageSlotsAsync([.. reply.Days.Select(d => new SlotDay(reply.Symbol, d.Date, d.Slots))], reply.Source, now, true, ct), CancellationToken.None);
        foreach (var session in five) await store.PublishSlotsAsync(session, "bench", now, true, CancellationToken.None);
    }

    [Benchmark(Description = "read 30 sessions of bars")]
    public async Task<long> ReadBars()
    {
        long rows = 0;
        await foreach (var _ in store.ReadDailyAsync(Sessions[0], Sessions[^1], null, CancellationToken.None)) rows++;
        return rows;
    }

    [Benchmark(Description = "ATR of every symbol")]
    public async Task<int> Atr() => (await values.ComputeAsync(Family.Atr, FullMarket.Session, null, CancellationToken.None)).Items.Count;

    [Benchmark(Description = "read the volumes of 5 sessions of slots")]
    public async Task<long> ReadVolumes()
    {
        long rows = 0;
        foreach (var session in Sessions.TakeLast(5)) rows += (await store.ReadVolumesAsync(session, null, CancellationToken.None)).Rows;
        return rows;
    }

    [Benchmark(Description = "RVOL of every symbol")]
    public async Task<int> Rvol() => (await values.ComputeAsync(Family.Rvol, FullMarket.Session, null, CancellationToken.None)).Items.Count;

    [GlobalCleanup]
    public void CleanUp()
    {
        store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        market.Dispose();
    }
}
