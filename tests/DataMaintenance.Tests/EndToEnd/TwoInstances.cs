using System.Text.Json.Nodes;
using CrashHarness;
using DataMaintenance.Tests.Store;
using Npgsql;
using Simulator;

namespace DataMaintenance.Tests.EndToEnd;

/// <summary>
/// One database, one Redis, one small market, and processes that serve on them. It is 03:00 New York when a process starts, so a leader begins
/// its work by itself.
/// </summary>
internal sealed class TwoInstances : IAsyncDisposable
{
    public const string Session = "2025-12-01";
    private const int Symbols = 120;
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    private readonly TemporaryFolder folder = new();
    private readonly List<Running> processes = [];
    private SimulatorHost simulator = null!;

    public PostgresTestStore Database { get; } = new();
    public RedisServer Redis { get; } = new();

    public static async Task<TwoInstances> StartAsync()
    {
        var world = new TwoInstances();
        await world.Database.CreateEmptyAsync();
        await world.Redis.InitializeAsync();
        world.simulator = await SimulatorHost.StartAsync(new SimulatorOptions { Symbols = Symbols, Now = new(2025, 12, 2, 8, 0, 0, TimeSpan.Zero) }, TimeProvider.System, Ct);
        return world;
    }

    /// <param name="redis">Where it finds Redis; null for the server itself.</param>
    public Running Serve(string? redis = null, params (string Name, string Value)[] more)
    {
        var settings = Settings(redis ?? Redis.Options().ConnectionString!);
        foreach (var (name, value) in more) settings[name] = value;
        var process = Executable.Launch(settings, "serve");
        processes.Add(process);
        return process;
    }

    public Dictionary<string, string> Settings(string redis) => new(StringComparer.Ordinal)
    {
        ["Clock__Start"] = "2025-12-02T08:00:00Z",
        ["Provider__Kind"] = "Massive",
        ["Provider__BaseUrl"] = simulator.BaseUrl.ToString(),
        ["Provider__ApiKey"] = "any",
        ["Provider__CallsPerSecond"] = "0",
        ["Provider__DetailsPause"] = "00:00:00",
        ["Store__Kind"] = "Postgres",
        ["Store__ConnectionString"] = Database.Options.ConnectionString!,
        ["Store__Schema"] = Database.Options.Schema,
        ["Redis__Kind"] = "Server",
        ["Redis__ConnectionString"] = redis,
        ["Logs__Directory"] = folder.File($"logs-{processes.Count}"),
        ["Api__Urls"] = "http://127.0.0.1:0",
        ["Tasks__MetadataPerRun"] = "1000",
        ["Checks__MinDailySymbols"] = $"{Symbols / 2}",
        ["Checks__MinSlotRows"] = $"{Symbols}",
        ["Checks__MinAtrSymbols"] = $"{Symbols / 2}",
    };

    /// <summary>Waits until it says so, and hands back the fields of the line.</summary>
    public static async Task<JsonObject> SaysAsync(Running process, string logEvent, int seconds = 180)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromSeconds(seconds));
        try
        {
            var line = await process.UntilSaysAsync($"\"event\":\"{logEvent}\"", limit.Token);
            Assert.True(line is not null, $"ended without {logEvent}: {process.Said}");
            return JsonNode.Parse(line)!.AsObject();
        }
        catch (OperationCanceledException) when (!Ct.IsCancellationRequested)
        {
            Assert.Fail($"no {logEvent} within {seconds} s: {process.Said}");
            throw;
        }
    }

    public static async Task<(int Status, JsonNode Body)> GetAsync(JsonObject started, string path)
    {
        using var reply = await Http.GetAsync(new Uri(new Uri(started["url"]!.GetValue<string>()), path), Ct);
        return ((int)reply.StatusCode, JsonNode.Parse(await reply.Content.ReadAsStringAsync(Ct))!);
    }

    /// <summary>Waits until the session's run, all of it, has succeeded, and Redis holds what the store gives.</summary>
    public static async Task CompleteAsync(JsonObject leader)
    {
        for (var attempt = 0; ; attempt++)
        {
            var (_, health) = await GetAsync(leader, "health");
            var (found, status) = await GetAsync(leader, $"status/{Session}");
            // The last task of a whole run: a service that makes up for several sessions loads their facts in a run of some tasks first.
            if (health["run_in_progress"] is null && found == 200 && status["details"]!["all_success"]!.GetValue<bool>() && status["details"]!["tasks"]!["notify_services"] is not null) break;
            Assert.True(attempt < 1_000, $"not complete: {status.ToJsonString()}");
            await Task.Delay(200, Ct);
        }

        var (_, verified) = await GetAsync(leader, "api/verify");
        Assert.True(verified["verified"]!.GetValue<bool>(), verified.ToJsonString());
    }

    public async Task<List<string>> RowsAsync(string sql)
    {
        await using var connection = new NpgsqlConnection($"{Database.Options.ConnectionString};Search Path={Database.Options.Schema};Pooling=false");
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var rows = new List<string>();
        while (await reader.ReadAsync(Ct)) rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i).ToString())));
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes) process.Dispose();
        if (simulator is not null) await simulator.DisposeAsync();
        await Redis.DisposeAsync();
        await Database.DisposeAsync();
        folder.Dispose();
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;
}
