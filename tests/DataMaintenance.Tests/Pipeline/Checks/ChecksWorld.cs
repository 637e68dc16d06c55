using DataMaintenance.Pipeline;
using DataMaintenance.Settings;
using DataMaintenance.Store;
using DataMaintenance.Tests.EndToEnd;
using Market;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DataMaintenance.Tests.Pipeline.Checks;

/// <summary>A made-up market, a real store and Redis, twenty sound sessions up to Friday 2025-11-28 (a half day); Monday is a test's to spoil.</summary>
internal sealed class ChecksWorld : IAsyncDisposable
{
    public static readonly DateOnly Monday = new(2025, 12, 1), Friday = new(2025, 11, 28), Wednesday = new(2025, 11, 26);
    private static readonly string[] Facts = [TaskNames.LoadOhlc, TaskNames.AutoRecover, TaskNames.LoadVolumeSlots, TaskNames.ReconcileSplits, TaskNames.CalculateAtr, TaskNames.CalculateRvol];

    private readonly TemporaryFolder folder = new();

    public MadeMarket Market { get; } = new();
    public FakeTimeProvider Clock { get; } = new(new(2025, 11, 29, 8, 0, 0, TimeSpan.Zero));
    public Wiring Wiring { get; private set; } = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="nights">Whether Friday's night was run; else nothing is loaded yet.</param>
    public static async Task<ChecksWorld> StartAsync(bool nights = true)
    {
        var world = new ChecksWorld();
        var settings = ServiceSettings.Load(null, new Dictionary<string, string?>
        {
            ["Provider:Kind"] = "Simulator",
            ["Store:Path"] = world.folder.File("store"),
            ["Store:MemoryMegabytes"] = "256",
            ["Logs:Directory"] = world.folder.File("logs"),
            ["Checks:MinDailySymbols"] = "50",
            ["Checks:MinSlotRows"] = "500",
            ["Checks:MinAtrSymbols"] = "1",
            ["Tasks:DailySessions"] = "20",
            ["Tasks:SlotSessions"] = "6",
            ["Rvol:Sessions"] = "2",
            ["Rvol:LookbackSessions"] = "3",
        });
        world.Wiring = await Wiring.OpenAsync(settings, world.Clock, NullLoggerFactory.Instance, Ct, source: world.Market);
        if (!nights) return world;
        var run = await world.NightAsync(Friday);
        Assert.True(run.Success, run.Failures());
        Assert.Empty(await world.OpenAsync());
        return world;
    }

    /// <summary>The night after the session, at 03:00 New York.</summary>
    public Task<RunResult> NightAsync(DateOnly session, bool force = false, params string[] tasks)
    {
        var at = TradingCalendar.At(Wiring.Calendar.NextSession(session), new(3, 0));
        Clock.SetUtcNow(at > Clock.GetUtcNow() ? at : Clock.GetUtcNow().AddMinutes(1));
        return Wiring.Runner.RunAsync(new(session, Plan.Nightly, "test", tasks.Length == 0 ? Facts : tasks, force), Silent.Observer, Ct);
    }

    public Task<IReadOnlyList<Finding>> OpenAsync() => Wiring.Store.FindingsAsync(openOnly: true, 1_000, Ct);

    /// <summary>Open findings as <c>rule symbol</c>, the day's as <c>rule *</c>.</summary>
    public async Task<string[]> FoundAsync() => [.. (await OpenAsync()).Select(f => $"{f.Rule} {f.Symbol?.Text ?? "*"}").Order(StringComparer.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        await Wiring.DisposeAsync();
        folder.Dispose();
    }
}
