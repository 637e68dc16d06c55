using DataMaintenance.Settings;
using DataMaintenance.Store;
using DataMaintenance.Tests.EndToEnd;
using Market;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DataMaintenance.Tests.Schedule;

/// <summary>The whole service in process, real store and Redis, over a tiny scripted market, on a clock that a test moves. Its loops are stepped, not raced.</summary>
internal sealed class ScheduledWorld : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string?> settings;

    private ScheduledWorld(string start, TradingCalendar truth, (string Name, string Value)[] more)
    {
        Clock = new(DateTimeOffset.Parse(start));
        Market = new(truth, Clock);
        settings = new(StringComparer.OrdinalIgnoreCase)
        {
            ["Provider:Kind"] = "Simulator",
            ["Store:Path"] = folder.File("store"),
            ["Store:MemoryMegabytes"] = "256",
            ["Logs:Directory"] = folder.File("logs"),
            ["Checks:MinDailySymbols"] = "4",
            ["Checks:MinSlotRows"] = "12",
            ["Checks:MinAtrSymbols"] = "4",
            ["Checks:MinMetadataRatio"] = "0",
        };
        foreach (var (name, value) in more) settings[name] = value;
    }

    public FakeTimeProvider Clock { get; }
    public ScriptedMarket Market { get; }
    public Wiring Wiring { get; private set; } = null!;
    public IStore Store => Wiring.Store;
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="start">An instant, or a New York wall time with its offset.</param>
    public static async Task<ScheduledWorld> StartAsync(string start, TradingCalendar? truth = null, params (string Name, string Value)[] more)
    {
        var world = new ScheduledWorld(start, truth ?? TradingCalendar.Nyse, more);
        await world.OpenAsync();
        return world;
    }

    /// <summary>The next step is taken at this instant.</summary>
    public void At(string instant) => Clock.SetUtcNow(DateTimeOffset.Parse(instant));

    public Task<DateTimeOffset> StepAsync() => Wiring.Scheduler.StepAsync(Ct);

    /// <summary>Steps until nothing is left to do at this instant.</summary>
    public async Task<DateTimeOffset> SettleAsync()
    {
        var next = await StepAsync();
        for (var left = 20; next <= Clock.GetUtcNow(); next = await StepAsync())
            if (left-- == 0) throw new InvalidOperationException("The scheduler does not come to rest.");
        return next;
    }

    /// <summary>Dies: nothing of what was going on is ended. And starts again on the same store, with an empty Redis.</summary>
    public async Task CrashAsync()
    {
        await Wiring.DisposeAsync();
        await OpenAsync();
    }

    /// <summary>Runs oldest first.</summary>
    public async Task<IReadOnlyList<RunRecord>> RunsAsync() => [.. (await Store.RunsAsync(int.MaxValue, Ct)).Reverse()];

    public async Task<RunRecord> LastRunAsync() => (await Store.RunsAsync(1, Ct))[0];

    private async Task OpenAsync()
    {
        Wiring = await Wiring.OpenAsync(ServiceSettings.Load(null, settings), Clock, NullLoggerFactory.Instance, Ct, source: Market);
        await Wiring.Rebuild.MissingAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await Wiring.DisposeAsync();
        folder.Dispose();
    }
}
