using DataMaintenance.Api;
using DataMaintenance.Pipeline;
using DataMaintenance.Settings;
using DataMaintenance.Store;
using DataMaintenance.Tests.EndToEnd;
using DataMaintenance.Tests.Store;
using Market;
using Microsoft.Extensions.Logging.Abstractions;
using Simulator;
using Simulator.S3;

namespace DataMaintenance.Tests.Reconciling;

/// <summary>A provider that revises the last two sessions every morning, and the whole service over it, on one clock that a test sets: nights at 03:00, reconciliations at 11:30.</summary>
internal sealed class RevisedWorld : IAsyncDisposable
{
    public static readonly string[] Night =
    [
        TaskNames.LoadOhlc, TaskNames.AutoRecover, TaskNames.LoadVolumeSlots, TaskNames.ReconcileSplits, TaskNames.CalculateAtr, TaskNames.CalculateRvol, TaskNames.SyncRedis,
    ];

    private const int Symbols = 60;
    private readonly TemporaryFolder folder = new();
    private readonly PostgresTestStore? postgres;
    private readonly Dictionary<string, string?> settings;

    private RevisedWorld(SimulatorHost provider, JumpingClock clock, PostgresTestStore? postgres, (string Name, string Value)[] more)
    {
        (Provider, Clock, this.postgres) = (provider, clock, postgres);
        settings = new(StringComparer.OrdinalIgnoreCase)
        {
            ["Provider:Kind"] = "Simulator",
            ["Provider:BaseUrl"] = provider.BaseUrl.ToString(),
            ["Provider:ApiKey"] = "test-key",
            ["Provider:CallsPerSecond"] = "0",
            ["Provider:RetryDelay"] = "00:00:00.001",
            ["Provider:FlatFiles:AccessKey"] = new FilesOptions().AccessKey,
            ["Provider:FlatFiles:SecretKey"] = new FilesOptions().SecretKey,
            ["Provider:FlatFiles:LeastSymbols"] = "20",
            ["Store:Path"] = folder.File("store"),
            ["Store:MemoryMegabytes"] = "256",
            ["Api:Urls"] = "http://127.0.0.1:0",
            ["Logs:Directory"] = folder.File("logs"),
            ["Checks:MinDailySymbols"] = $"{Symbols / 2}",
            ["Checks:MinSlotRows"] = $"{Symbols}",
            ["Checks:MinAtrSymbols"] = $"{Symbols / 2}",
        };
        if (postgres is not null)
        {
            settings["Store:Kind"] = "Postgres";
            settings["Store:ConnectionString"] = postgres.Options.ConnectionString;
            settings["Store:Schema"] = postgres.Options.Schema;
        }

        foreach (var (name, value) in more) settings[name] = value;
    }

    public SimulatorHost Provider { get; }
    public JumpingClock Clock { get; }
    public Wiring Wiring { get; private set; } = null!;
    public IStore Store => Wiring.Store;
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="session">The newest session that has ended: it is 03:00 New York of the next.</param>
    public static async Task<RevisedWorld> StartAsync(DateOnly session, double revised, bool onPostgres = false, int seed = 1, params (string Name, string Value)[] more)
    {
        var clock = new JumpingClock(At(TradingCalendar.Nyse.NextSession(session), 3, 0));
        var provider = await SimulatorHost.StartAsync(new() { Symbols = Symbols, Seed = seed, Revised = revised }, clock, CancellationToken.None);
        var postgres = onPostgres ? new PostgresTestStore() : null;
        if (postgres is not null) await postgres.CreateEmptyAsync();
        var world = new RevisedWorld(provider, clock, postgres, more);
        await world.OpenAsync();
        return world;
    }

    public static DateTimeOffset At(DateOnly date, int hour, int minute) => TradingCalendar.At(date, new(hour, minute));

    /// <summary>03:00 on the morning after the session.</summary>
    public Task<RunResult> NightAsync(DateOnly session)
    {
        Clock.Set(At(Wiring.Calendar.NextSession(session), 3, 0));
        return Wiring.Runner.RunAsync(new(session, Plan.Nightly, "test", Night), Silent.Observer, Ct);
    }

    /// <summary>11:30 on a morning, over the five sessions up to the one given.</summary>
    public Task<RunResult> ReconcileAsync(DateOnly morning, DateOnly session, bool force = false)
    {
        Clock.Set(At(morning, 11, 30));
        return ReconcileNowAsync(session, Silent.Observer, force, Ct);
    }

    public Task<RunResult> ReconcileNowAsync(DateOnly session, IRunObserver observer, bool force, CancellationToken ct) =>
        Wiring.Runner.RunAsync(new(session, Plan.Reconcile, "test", Force: force, Range: Wiring.Calendar.LastSessions(5, session)), observer, ct);

    /// <summary>The same provider and hour, an empty store.</summary>
    public async Task<RevisedWorld> FreshAsync(params (string Name, string Value)[] more)
    {
        var world = new RevisedWorld(Provider, Clock, null, more);
        await world.OpenAsync();
        return world;
    }

    /// <summary>The process ends and another begins on the same store; an embedded Redis comes back empty and is filled.</summary>
    public async Task RestartAsync()
    {
        await Wiring.DisposeAsync();
        await OpenAsync();
        await Wiring.Rebuild.MissingAsync(Ct);
    }

    public async Task<string> ExportAsync(string kind, DateOnly session)
    {
        using var bytes = new MemoryStream();
        await new Exports(Store, Wiring.Calendar, Wiring.Settings.Values, Clock).WriteCsvAsync(new(kind, session, session, null, false, null), bytes, Ct);
        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
    }

    public Task<IReadOnlyList<Revision>> LedgerAsync() => Store.RevisionsAsync(DateOnly.MinValue, DateOnly.MaxValue, null, int.MaxValue - 1, Ct);

    private async Task OpenAsync() => Wiring = await Wiring.OpenAsync(ServiceSettings.Load(null, settings), Clock, NullLoggerFactory.Instance, Ct);

    public async ValueTask DisposeAsync()
    {
        await Wiring.DisposeAsync();
        await Provider.DisposeAsync();
        if (postgres is not null) await postgres.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>As <see cref="DisposeAsync"/>, for one that shares another's provider.</summary>
    public async Task EndAsync()
    {
        await Wiring.DisposeAsync();
        folder.Dispose();
    }
}
