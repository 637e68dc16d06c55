using System.Text.Json.Nodes;
using CrashHarness;
using DataMaintenance.Tests.Alerts;
using Market;
using Simulator;
using StackExchange.Redis;
using static DataMaintenance.Tests.EndToEnd.TwoInstances;

namespace DataMaintenance.Tests.EndToEnd;

/// <summary>
/// The week of Thanksgiving as the service lives through it, five thousand times as fast: a real process on a drill's clock, killed once a
/// day, mostly in the middle of a run, and started again. What people and other programs are left with at the end is looked at from outside.
/// </summary>
public sealed class ServedWeekTests : IDisposable
{
    private const double Speed = 5_000;
    private static readonly DateTimeOffset Begin = TradingCalendar.At(new(2025, 11, 25), new(2, 30));
    private static readonly DateOnly[] Sessions = [new(2025, 11, 24), new(2025, 11, 25), new(2025, 11, 26), new(2025, 11, 28)];
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(20) };

    private readonly TemporaryFolder folder = new();
    private readonly WeekClock clock = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Every_session_is_processed_once_told_once_and_nothing_runs_on_the_holiday()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions { Symbols = 100 }, clock, Ct);
        await using var slack = await HookServer.StartAsync();
        await using var mail = new SmtpServer();
        var settings = Settings(simulator, slack, mail);
        var service = await ServeAsync(settings);
        try
        {
            foreach (var day in new DateOnly[] { new(2025, 11, 25), new(2025, 11, 26), new(2025, 11, 27), new(2025, 11, 28), new(2025, 12, 1) })
            {
                await UntilAsync(async () => await InRunAsync(service.Url, TradingCalendar.At(day, new(3, 0)), orAfter: TradingCalendar.At(day, new(12, 0))), service);
                service.Process.Signal(Signal.Kill);
                Assert.True(await service.Process.EndedAsync(TimeSpan.FromSeconds(30)));
                service.Process.Dispose();
                // On a machine too slow for the week's pace, what is left is made good in peace.
                if (day.Month == 12) settings["Clock__Speed"] = "60";
                service = await ServeAsync(settings);
            }

            foreach (var session in Sessions) await UntilAsync(async () => (await GetAsync(service.Url, $"status/{session:yyyy-MM-dd}"))?["details"]?["all_success"]?.GetValue<bool>() == true, service);
            await JournalAsync(service.Url);
            await KeysAsync(service.Redis);
            foreach (var session in Sessions)
            {
                await UntilAsync(() => Task.FromResult(Told(slack.Texts, session).Any()), service);
                await UntilAsync(() => Task.FromResult(mail.Mails.Any(m => m.Contains($"session of {session:yyyy-MM-dd}", StringComparison.Ordinal))), service);
                Assert.True(Told(slack.Texts, session).Count(t => !t.Contains("may have been sent before", StringComparison.Ordinal)) <= 1, string.Join("\n\n", Told(slack.Texts, session)));
            }

            Assert.All(slack.Texts, t => Assert.Contains("*DRILL: ", t, StringComparison.Ordinal));
            Assert.All(mail.Mails, m => Assert.Contains("DRILL: ", m, StringComparison.Ordinal));
        }
        finally
        {
            service.Process.Dispose();
        }
    }

    private static async Task JournalAsync(Uri url)
    {
        var runs = (await GetAsync(url, "history?limit=1000"))!.AsArray();
        foreach (var session in Sessions)
            Assert.Single(runs, r => r!["date"]!.GetValue<string>() == $"{session:yyyy-MM-dd}" && r["full"]!.GetValue<bool>() && r["state"]!.GetValue<string>() == "completed");
        Assert.All(runs, r => Assert.True(TradingCalendar.Nyse.IsSession(DateOnly.Parse(r!["date"]!.GetValue<string>())), r!.ToJsonString()));
        Assert.Contains(runs, r => r!["state"]!.GetValue<string>() is "cut_off" or "failed");
    }

    private static async Task KeysAsync(string address)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(address);
        var database = redis.GetDatabase();
        foreach (var session in Sessions)
        {
            Assert.Equal("1", (string?)await database.StringGetAsync($"maintenance:executed:{session:yyyy-MM-dd}"));
            Assert.True(JsonNode.Parse((string)(await database.StringGetAsync($"maintenance:status:{session:yyyy-MM-dd}"))!)!["all_success"]!.GetValue<bool>());
        }

        Assert.False(await database.KeyExistsAsync("maintenance:status:2025-11-27"));
        Assert.True(DateOnly.Parse((string)(await database.StringGetAsync("maintenance:last_run"))!) >= Sessions[^1]);
        Assert.NotNull(JsonNode.Parse((string)(await database.StringGetAsync("market:session:current"))!)!["next_at"]);
    }

    private static IEnumerable<string> Told(IReadOnlyList<string> texts, DateOnly session) =>
        texts.Where(t => t.Contains($"The session of {session:yyyy-MM-dd} is complete", StringComparison.Ordinal) || t.Contains($"The session of {session:yyyy-MM-dd} was recovered", StringComparison.Ordinal));

    /// <summary>Whether a run goes on after the first instant of the service's clock, or its second has passed.</summary>
    private static async Task<bool> InRunAsync(Uri url, DateTimeOffset from, DateTimeOffset orAfter)
    {
        if (await GetAsync(url, "health") is not { } health) return false;
        var now = health["timestamp"]!.GetValue<DateTimeOffset>();
        return (now >= from && health["run_in_progress"] is not null) || now >= orAfter;
    }

    private async Task<(Running Process, Uri Url, string Redis)> ServeAsync(Dictionary<string, string> settings)
    {
        settings["Clock__Start"] = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var process = Executable.Launch(settings, "serve");
        var started = await SaysAsync(process, "service_started");
        Assert.StartsWith("2025-1", started["drill_time"]!.GetValue<string>(), StringComparison.Ordinal);
        return (process, new(started["url"]!.GetValue<string>()), started["redis"]!.GetValue<string>());
    }

    private static async Task UntilAsync(Func<Task<bool>> reached, (Running Process, Uri Url, string Redis) service)
    {
        for (var attempt = 0; !await reached(); attempt++)
        {
            Assert.True(attempt < 9_000 && !service.Process.HasEnded, service.Process.Said);
            await Task.Delay(20, Ct);
        }
    }

    private static async Task<JsonNode?> GetAsync(Uri url, string path)
    {
        using var reply = await Http.GetAsync(new Uri(url, path), Ct);
        return reply.IsSuccessStatusCode ? JsonNode.Parse(await reply.Content.ReadAsStringAsync(Ct)) : null;
    }

    private Dictionary<string, string> Settings(SimulatorHost simulator, HookServer slack, SmtpServer mail) => new(StringComparer.Ordinal)
    {
        ["Clock__Speed"] = $"{Speed}",
        ["Provider__Kind"] = "Massive",
        ["Provider__BaseUrl"] = simulator.BaseUrl.ToString(),
        ["Provider__ApiKey"] = "any",
        ["Provider__CallsPerSecond"] = "0",
        ["Provider__DetailsPause"] = "00:00:00",
        ["Store__Path"] = folder.File("store"),
        ["Store__MemoryMegabytes"] = "256",
        ["Logs__Directory"] = folder.File("logs"),
        ["Api__Urls"] = "http://127.0.0.1:0",
        ["Checks__MinDailySymbols"] = "50",
        ["Checks__MinSlotRows"] = "100",
        ["Checks__MinAtrSymbols"] = "50",
        ["Alerts__SlackWebhookUrl"] = slack.Url,
        ["Alerts__Email__Host"] = "127.0.0.1",
        ["Alerts__Email__Port"] = $"{mail.Port}",
        ["Alerts__Email__Security"] = "None",
        ["Alerts__Email__To"] = "desk@example.com",
        ["Alerts__OnSuccess"] = "true",
        ["Alerts__Every"] = "00:10:00",
    };

    /// <summary>The week's clock, which the provider goes by too.</summary>
    private sealed class WeekClock : TimeProvider
    {
        private readonly DateTimeOffset begun = System.GetUtcNow();

        public override DateTimeOffset GetUtcNow() => Begin + ((System.GetUtcNow() - begun) * Speed);
    }
}
