using System.Text;
using CrashHarness;
using Simulator;
using static DataMaintenance.Tests.EndToEnd.TwoInstances;

namespace DataMaintenance.Tests.EndToEnd;

/// <summary>SIGTERM: the process ends within ten seconds, at a safe point, whatever it is doing.</summary>
[Collection(nameof(House.Alone))]
public sealed class StopTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly HttpClient Http = new();
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("idle")]
    [InlineData("inside a first load")]
    [InlineData("while the provider hangs")]
    [InlineData("while a request is being answered")]
    public async Task A_service_told_to_end_ends_with_0(string when)
    {
        await using var simulator = await StartProviderAsync();
        var settings = Settings(simulator);
        if (when is "idle" or "while a request is being answered") settings["Clock__Start"] = "2025-12-06T15:00:00Z";
        using var service = Executable.Launch(settings, "serve");
        var started = await SaysAsync(service, "service_started");
        Task<string>? reply = null;
        switch (when)
        {
            case "inside a first load":
                await UntilAskedAsync(simulator, 50);
                break;
            case "while the provider hangs":
                await UntilAskedAsync(simulator, 20);
                await FaultAsync(simulator, """{"kind":"stall"}""");
                await UntilNothingIsAnsweredAsync(simulator);
                break;
            case "while a request is being answered":
                reply = Http.GetStringAsync(new Uri(new Uri(started["url"]!.GetValue<string>()), "events"), Ct);
                break;
            default:
                break;
        }

        service.Signal(Signal.Term);
        Assert.True(await service.EndedAsync(Limit), service.Said);
        Assert.True(service.ExitCode == 0, service.Said);
        Assert.Contains("\"service_ended\"", service.Said, StringComparison.Ordinal);
        if (reply is not null) await Record.ExceptionAsync(() => reply);
    }

    [Fact]
    public async Task A_service_told_to_end_while_Redis_and_the_database_are_frozen_ends_with_0()
    {
        await using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var database = await PostgresServer.StartOwnAsync();
        await using var simulator = await StartProviderAsync();
        var settings = Settings(simulator);
        (settings["Redis__Kind"], settings["Redis__ConnectionString"]) = ("Server", redis.Options().ConnectionString!);
        (settings["Store__Kind"], settings["Store__ConnectionString"]) = ("Postgres", database.ConnectionString);
        using var service = Executable.Launch(settings, "serve");
        await SaysAsync(service, "service_started");
        await UntilAskedAsync(simulator, 20);
        redis.Freeze();
        await database.StopAsync();
        service.Signal(Signal.Term);
        Assert.True(await service.EndedAsync(Limit), service.Said);
        Assert.True(service.ExitCode == 0, service.Said);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("backfill")]
    public async Task A_command_told_to_end_says_what_is_kept_and_goes_on_from_it(string command)
    {
        await using var simulator = await StartProviderAsync();
        await FaultAsync(simulator, """{"kind":"latency","latency":100}""");
        var arguments = command == "run" ? new[] { "run", "--date", "2025-12-01" } : ["backfill", "--from", "2025-11-24", "--to", "2025-11-28"];
        using var told = Executable.Launch(Settings(simulator), arguments);
        await UntilAskedAsync(simulator, 60);
        told.Signal(Signal.Term);
        Assert.True(await told.EndedAsync(Limit), told.Said);
        Assert.Equal(1, told.ExitCode);
        Assert.Contains("what was committed is kept", told.Said, StringComparison.Ordinal);

        using var cleared = await Http.DeleteAsync(new Uri(simulator.BaseUrl, "_control/faults"), Ct);
        var again = await Executable.RunAsync(Settings(simulator), arguments);
        Assert.True(again.Exit == 0, again.ToString());
    }

    private static Task<SimulatorHost> StartProviderAsync() =>
        SimulatorHost.StartAsync(new SimulatorOptions { Symbols = 120, Now = new(2025, 12, 2, 8, 0, 0, TimeSpan.Zero) }, TimeProvider.System, Ct);

    private static async Task FaultAsync(SimulatorHost simulator, string fault)
    {
        using var body = new StringContent(fault, Encoding.UTF8, "application/json");
        using var reply = await Http.PostAsync(new Uri(simulator.BaseUrl, "_control/faults"), body, Ct);
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync(Ct));
    }

    private static async Task UntilAskedAsync(SimulatorHost simulator, int requests)
    {
        for (var attempt = 0; attempt < 3_000; attempt++)
        {
            if (await AnsweredAsync(simulator) >= requests) return;
            await Task.Delay(10, Ct);
        }

        Assert.Fail("the provider was never asked");
    }

    private static async Task UntilNothingIsAnsweredAsync(SimulatorHost simulator)
    {
        for (var before = -1; before != await AnsweredAsync(simulator); await Task.Delay(500, Ct)) before = await AnsweredAsync(simulator);
    }

    private static async Task<int> AnsweredAsync(SimulatorHost simulator) =>
        System.Text.Json.Nodes.JsonNode.Parse(await Http.GetStringAsync(new Uri(simulator.BaseUrl, "_control/requests"), Ct))!["total"]!.GetValue<int>();

    private Dictionary<string, string> Settings(SimulatorHost simulator) => new(StringComparer.Ordinal)
    {
        ["Clock__Start"] = "2025-12-02T08:00:00Z",
        ["Provider__Kind"] = "Massive",
        ["Provider__BaseUrl"] = simulator.BaseUrl.ToString(),
        ["Provider__ApiKey"] = "any",
        ["Provider__CallsPerSecond"] = "0",
        ["Provider__DetailsPause"] = "00:00:00",
        ["Store__Path"] = folder.File("store"),
        ["Logs__Directory"] = folder.File("logs"),
        ["Api__Urls"] = "http://127.0.0.1:0",
        ["Checks__MinDailySymbols"] = "60",
        ["Checks__MinSlotRows"] = "120",
        ["Checks__MinAtrSymbols"] = "60",
    };
}
