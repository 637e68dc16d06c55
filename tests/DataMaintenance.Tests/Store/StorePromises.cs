using DataMaintenance.Store;
using Market;

namespace DataMaintenance.Tests.Store;

/// <summary>What every engine must keep. A class of promises is run once an engine.</summary>
public abstract class StorePromises(TestStore database) : IAsyncLifetime
{
    protected static readonly DateOnly Monday = new(2025, 1, 27);
    protected static readonly DateOnly Tuesday = new(2025, 1, 28);
    protected static readonly DateTimeOffset Night = new(2025, 1, 29, 8, 0, 0, TimeSpan.Zero);

    protected TestStore Database => database;
    protected IStore Store => database.Store;
    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await database.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static DailyBar Bar(string symbol, DateOnly date, double close = 10, double volume = 1_000, double? vwap = 9.5, long? trades = 7) =>
        new(new Symbol(symbol), date, close - 0.5, close + 1, close - 1, close, volume, vwap, trades);

    protected static SlotDay Day(string symbol, DateOnly date, params Slot[] slots) => new(new Symbol(symbol), date, slots);

    protected static Slot Slot(short number, double volume, double accumulated, int? trades = 3, double? price = 10.25) => new(number, volume, accumulated, trades, price);

    protected Task SaveAsync(DateOnly date, params DailyBar[] bars) => Store.SaveDailyAsync(date, bars, "test", Night, true, Ct);

    protected Task StageAsync(params SlotDay[] days) => Store.StageSlotsAsync(days, "test:range", Night, true, Ct);

    protected Task<long> PublishAsync(DateOnly date) => Store.PublishSlotsAsync(date, "test", Night, true, Ct);

    protected async Task<List<DailyBar>> BarsAsync(DateOnly date) => await Store.ReadDailyAsync(date, date, null, Ct).ToListAsync(Ct);

    protected async Task<List<SlotDay>> SlotsAsync(DateOnly date) => await Store.ReadSlotsAsync(date, null, Ct).ToListAsync(Ct);

    /// <summary>Slots as text, symbol and all.</summary>
    protected async Task<List<string>> SlotLinesAsync(DateOnly date) =>
        [.. (await SlotsAsync(date)).SelectMany(d => d.Slots.Select(s => FormattableString.Invariant($"{d.Symbol} {s.Number} {s.Volume} {s.Accumulated} {s.Trades} {s.AveragePrice}")))];
}
