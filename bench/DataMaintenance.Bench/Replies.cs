using BenchmarkDotNet.Attributes;
using DataMaintenance.Provider;
using Market;
using Simulator;

namespace DataMaintenance.Bench;

/// <summary>Replies of the simulated provider over HTTP, parsed: both sides of the wire run on this machine.</summary>
public class Replies
{
    private const int Symbols = 1_000;
    private SimulatorHost simulator = null!;
    private IMarketSource source = null!;
    private Dictionary<Symbol, IReadOnlyList<DateOnly>> one = null!, ten = null!;

    [GlobalSetup]
    public void SetUp() => SetUpAsync().GetAwaiter().GetResult();

    private async Task SetUpAsync()
    {
        simulator = await SimulatorHost.StartAsync(new SimulatorOptions(), TimeProvider.System, CancellationToken.None);
        source = ProviderSetup.Create(new ProviderOptions { BaseUrl = simulator.BaseUrl, ApiKey = "bench", CallsPerSecond = 0 }, TimeProvider.System);
        var bars = (await source.DailyAsync(FullMarket.Session, CancellationToken.None)).Bars.Take(Symbols).Select(b => b.Symbol).ToArray();
        one = bars.ToDictionary(s => s, _ => (IReadOnlyList<DateOnly>)[FullMarket.Session]);
        ten = bars.ToDictionary(s => s, _ => TradingCalendar.Nyse.LastSessions(10, FullMarket.Session));
    }

    [Benchmark(Description = "grouped daily, 1 reply")]
    public async Task<int> Grouped() => (await source.DailyAsync(FullMarket.Session, CancellationToken.None)).Bars.Count;

    [Benchmark(Description = "5-minute, 1000 replies of 1 session")]
    public async Task<long> OneSession() => await SlotsAsync(one);

    [Benchmark(Description = "5-minute, 1000 replies of 10 sessions")]
    public async Task<long> TenSessions() => await SlotsAsync(ten);

    private async Task<long> SlotsAsync(Dictionary<Symbol, IReadOnlyList<DateOnly>> wanted)
    {
        long rows = 0;
        await source.SlotsAsync(wanted, SlotGrid.Extended, (reply, _) =>
        {
            Interlocked.Add(ref rows, reply.Days.Sum(d => (long)d.Slots.Length));
            return ValueTask.CompletedTask;
        }, CancellationToken.None);
        return rows;
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        source.DisposeAsync().AsTask().GetAwaiter().GetResult();
        simulator.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
