using DataMaintenance.Pipeline;
using DataMaintenance.Settings;
using DataMaintenance.Store;
using DataMaintenance.Tests.EndToEnd;
using DuckDB.NET.Data;
using Microsoft.Extensions.Logging.Abstractions;
using Simulator;

namespace DataMaintenance.Tests.Pipeline;

/// <summary>
/// A small market behind a real port, a store, a Redis and a runner, on a clock of its own: 08:00 UTC on Tuesday 2025-12-02,
/// when New York is at 03:00 and the session of Monday 2025-12-01 has ended.
/// </summary>
internal sealed class World : IAsyncDisposable
{
    public static readonly DateOnly Monday = new(2025, 12, 1), Friday = new(2025, 11, 28), Wednesday = new(2025, 11, 26);

    private static readonly DateTimeOffset Morning = new(2025, 12, 2, 8, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder folder = new();
    private readonly TestServers servers;
    private readonly Dictionary<string, string?> settings;

    private World(SimulatorHost simulator, TestServers servers, int symbols, Dictionary<string, string?> more)
    {
        (Simulator, this.servers) = (simulator, servers);
        settings = new(StringComparer.OrdinalIgnoreCase)
        {
            ["Provider:Kind"] = "Simulator",
            ["Provider:BaseUrl"] = simulator.BaseUrl.ToString(),
            ["Provider:ApiKey"] = "test-key",
            ["Provider:CallsPerSecond"] = "0",
            ["Provider:DetailsPause"] = "00:00:00",
            ["Clock:Start"] = "2025-12-02T08:00:00Z",
            ["Provider:RetryDelay"] = "00:00:00.001",
            ["Store:Path"] = folder.File("store"),
            ["Api:Urls"] = "http://127.0.0.1:0",
            ["Logs:Directory"] = folder.File("logs"),
            ["Store:MemoryMegabytes"] = "256",
            ["Checks:MinDailySymbols"] = $"{symbols / 2}",
            ["Checks:MinSlotRows"] = $"{symbols}",
            ["Checks:MinAtrSymbols"] = $"{symbols / 2}",
            ["Tasks:MetadataPerRun"] = "40",
        };
        foreach (var (name, value) in servers.Settings) settings[name] = value;
        foreach (var (name, value) in more) settings[name] = value;
    }

    public SimulatorHost Simulator { get; }
    public HttpClient Control { get; } = new();
    public Wiring Wiring { get; private set; } = null!;
    public TemporaryFolder Folder => folder;

    public static Task<World> StartAsync(int symbols = 150, params (string Name, string Value)[] more) => StartAsync(new SimulatorOptions { Symbols = symbols }, more);

    /// <summary>The market as the options have it, on the clock of this world.</summary>
    public static async Task<World> StartAsync(SimulatorOptions options, params (string Name, string Value)[] more)
    {
        var simulator = await SimulatorHost.StartAsync(options with { Now = Morning }, TimeProvider.System, CancellationToken.None);
        var world = new World(simulator, await TestServers.StartAsync(), options.Symbols, more.ToDictionary(m => m.Name, m => (string?)m.Value));
        world.Control.BaseAddress = simulator.BaseUrl;
        await world.OpenAsync();
        return world;
    }

    public async Task OpenAsync()
    {
        var loaded = ServiceSettings.Load(null, settings);
        Wiring = await Wiring.OpenAsync(loaded, loaded.TimeProvider(), NullLoggerFactory.Instance, CancellationToken.None);
    }

    public Bounds Bounds => new(Wiring.Calendar, Wiring.Settings.Checks);

    /// <summary>Slots held, by session.</summary>
    public Task<IReadOnlyDictionary<DateOnly, long>> CountAsync() => Wiring.Store.CountAsync(Dataset.Slots, DateOnly.MinValue, DateOnly.MaxValue, TestContext.Current.CancellationToken);

    /// <summary>Changes the store behind the service's back.</summary>
    public async Task ExecuteAsync(string sql)
    {
        if (servers.Used)
        {
            await servers.ExecuteAsync(sql);
            return;
        }

        await using var connection = new DuckDBConnection($"DataSource={Directory.GetFiles(folder.File("store"), "*.duckdb").Single()}");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Ends the process's part and starts it again on the same store; an embedded Redis comes back empty and is filled.</summary>
    public async Task RestartAsync()
    {
        await Wiring.DisposeAsync();
        await OpenAsync();
        await Wiring.Rebuild.MissingAsync(CancellationToken.None);
    }

    /// <summary>The service starts again on the morning after the session, at 03:00 New York; the provider's clock goes with it.</summary>
    public async Task MoveAsync(DateOnly session)
    {
        var now = Market.TradingCalendar.At(Market.TradingCalendar.Nyse.NextSession(session), new(3, 0)).UtcDateTime;
        settings["Clock:Start"] = now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        using var body = new StringContent($$"""{"now":"{{settings["Clock:Start"]}}"}""", System.Text.Encoding.UTF8, "application/json");
        (await Control.PostAsync(new Uri("_control/clock", UriKind.Relative), body, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        await Wiring.DisposeAsync();
        await OpenAsync();
    }

    public Task<RunResult> RunAsync(DateOnly? session = null, bool force = false, params string[] tasks) =>
        Wiring.Runner.RunAsync(new(session ?? Monday, Plan.Nightly, "test", tasks.Length == 0 ? null : tasks, force), Silent.Observer, TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> FaultAsync(string json) =>
        Control.PostAsync(new Uri("_control/faults", UriKind.Relative), new StringContent(json, System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Wiring.DisposeAsync();
        await Simulator.DisposeAsync();
        await servers.DisposeAsync();
        Control.Dispose();
        folder.Dispose();
    }
}

internal static class RunResults
{
    public static TaskResult Of(this RunResult run, string task) => run.Tasks.Single(t => t.Task == task);

    /// <summary>Every failed task with its error, for the message of a failed assertion.</summary>
    public static string Failures(this RunResult run) => string.Join('\n', run.Tasks.Where(t => !t.State.IsSuccess()).Select(t => $"{t.Task}: {t.Error}"));
}
