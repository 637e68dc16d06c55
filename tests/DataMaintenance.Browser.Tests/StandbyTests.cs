using DataMaintenance.Serving;
using DataMaintenance.Settings;
using DataMaintenance.Tests;
using DataMaintenance.Tests.EndToEnd;
using Deque.AxeCore.Playwright;
using Simulator;
using static Microsoft.Playwright.Assertions;

namespace DataMaintenance.Browser.Tests;

/// <summary>An instance that stands by says who leads, and becomes the dashboard when it takes the lead.</summary>
[Collection("site")]
public sealed class StandbyTests(Site site)
{
    [Fact]
    public async Task A_standby_links_to_the_leader_and_turns_into_the_dashboard_when_it_leads_itself()
    {
        var ct = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var server = await PostgresServer.StartOwnAsync();
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions { Symbols = 50, Now = new(2025, 12, 2, 8, 0, 0, TimeSpan.Zero) }, TimeProvider.System, ct);
        await using var leader = await Instance.StartAsync("leader", server, simulator, folder, ct);
        await using var standby = await Instance.StartAsync("standby", server, simulator, folder, ct);

        await using var visit = await site.VisitAsync(standby.Home, width: 375, height: 800);
        await visit.Page.GotoAsync("dashboard/history");
        await Expect(visit.Page.Locator("h1")).ToContainTextAsync("leads since");
        await Expect(visit.Page.Locator("#leader-link a")).ToHaveAttributeAsync("href", new Uri(leader.Home, "dashboard/history").ToString());
        await Expect(visit.Page.Locator("#facts")).ToContainTextAsync("connected: PostgreSQL");
        Assert.Equal(375, await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.DoesNotContain((await visit.Page.RunAxe()).Violations, v => v.Impact is "serious" or "critical");
        Assert.Equal([], visit.Foreign);

        await leader.DisposeAsync();
        await visit.LiveAsync();
        await Expect(visit.Heading("History")).ToBeVisibleAsync();
    }

    /// <summary>A serving instance in this process.</summary>
    private sealed class Instance(Uri home, Task life, CancellationTokenSource end, Logs.ServiceLogs logs) : IAsyncDisposable
    {
        public Uri Home => home;

        /// <param name="role">What it is to be; returns once it is.</param>
        public static async Task<Instance> StartAsync(string role, PostgresServer server, SimulatorHost simulator, TemporaryFolder folder, CancellationToken ct)
        {
            var home = new Uri($"http://127.0.0.1:{Site.FreePort()}/");
            var settings = ServiceSettings.Load(null, new Dictionary<string, string?>
            {
                ["Store:Kind"] = "Postgres",
                ["Store:ConnectionString"] = server.ConnectionString,
                ["Api:Urls"] = home.ToString(),
                ["Provider:Kind"] = "Simulator",
                ["Provider:ApiKey"] = "test-key",
                ["Provider:BaseUrl"] = simulator.BaseUrl.ToString(),
                ["Clock:Start"] = "2025-12-02T08:00:00Z",
                ["Logs:Directory"] = folder.File(role),
            });
            var logs = settings.CreateLogs(toConsole: false);
            var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var started = new Instance(home, Task.Run(() => new Service(settings, settings.TimeProvider(), logs).RunAsync(end.Token), ct), end, logs);
            await started.UntilAsync(role, ct);
            return started;
        }

        public async ValueTask DisposeAsync()
        {
            if (end.IsCancellationRequested) return;
            await end.CancelAsync();
            await life;
            logs.Dispose();
        }

        private async Task UntilAsync(string role, CancellationToken ct)
        {
            using var http = new HttpClient();
            while (!await IsAsync(http, role, ct))
            {
                Assert.False(life.IsCompleted, $"the {role} ended");
                await Task.Delay(TimeSpan.FromMilliseconds(100), ct);
            }
        }

        private async Task<bool> IsAsync(HttpClient http, string role, CancellationToken ct)
        {
            try
            {
                using var health = await http.GetAsync(new Uri(home, "health"), ct);
                return (await health.Content.ReadAsStringAsync(ct)).Contains($"\"role\":\"{role}\"", StringComparison.Ordinal);
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }
    }
}
