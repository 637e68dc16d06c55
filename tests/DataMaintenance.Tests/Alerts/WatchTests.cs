using DataMaintenance.Alerts;
using DataMaintenance.Pipeline;
using DataMaintenance.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static DataMaintenance.Tests.Alerts.Facts;

namespace DataMaintenance.Tests.Alerts;

/// <summary>The watch over a real store, telling real web hooks.</summary>
public sealed class WatchTests : IAsyncDisposable
{
    private readonly DuckDbTestStore store = new();
    private readonly FakeTimeProvider clock = new(Hour);
    private readonly HttpClient http = AlertsSetup.Http();
    private readonly List<ExpectedRun> expected = [Night];
    private string? databaseTrouble;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await store.DisposeAsync();
    }

    private Watch New(AlertsOptions options, string instance = "one") => new(options, store.Store, _ => expected,
        [new(Watch.Database, _ => Task.FromResult(databaseTrouble))], AlertsSetup.Channels(options, http), http, clock, instance, NullLogger<Watch>.Instance);

    private async Task<long> NightAsync(params (string Task, string Error)[] failed)
    {
        var id = await store.Store.StartRunAsync(Run(0, 0, null, null), Ct);
        foreach (var task in Tasks(id, failed)) await store.Store.SaveTaskRunAsync(task, Ct);
        await store.Store.EndRunAsync(id, At(5), failed.Length == 0, Ct);
        return id;
    }

    [Fact]
    public async Task An_incident_is_told_once_whatever_restarts_meanwhile()
    {
        await store.OpenAsync();
        await using var slack = await HookServer.StartAsync();
        var options = new AlertsOptions { SlackWebhookUrl = slack.Url };
        await NightAsync((TaskNames.LoadVolumeSlots, "1 symbols never answered: <AAPL>"));
        var watch = New(options);
        for (var minute = 0; minute < 40; minute++) await watch.StepAsync(At(minute), Ct);
        var text = Assert.Single(slack.Texts);
        Assert.Contains("nightly of 2025-12-01 is incomplete: 1 of 10 tasks failed", text, StringComparison.Ordinal);
        Assert.Contains("never answered: &lt;AAPL&gt;", text, StringComparison.Ordinal);
        Assert.Contains("docs/alerts/partial_success.md", text, StringComparison.Ordinal);

        await store.ReopenAsync();
        var next = New(options, "two");
        for (var minute = 40; minute < 50; minute++) await next.StepAsync(At(minute), Ct);
        Assert.Single(slack.Texts);

        var healed = await store.Store.StartRunAsync(Run(0, 60, null, null, trigger: "recovery"), Ct);
        await store.Store.EndRunAsync(healed, At(65), true, Ct);
        await next.StepAsync(At(66), Ct);
        await next.StepAsync(At(67), Ct);
        Assert.Equal(2, slack.Texts.Count);
        Assert.Contains("The session of 2025-12-01 was recovered", slack.Texts[1], StringComparison.Ordinal);
        Assert.Equal(["partial_success:2025-12-01"], (await store.Store.EventsAsync("alert_closed", 10, Ct)).Select(e => e.Subject));
    }

    [Fact]
    public async Task A_failed_session_that_is_mended_by_halves_is_told_once_and_once_more_when_it_is_whole()
    {
        await store.OpenAsync();
        await using var slack = await HookServer.StartAsync();
        var watch = New(new() { SlackWebhookUrl = slack.Url });
        await NightAsync((TaskNames.LoadOhlc, "no"), (TaskNames.SyncRedis, "no"));
        await watch.StepAsync(At(31), Ct);
        for (var hour = 1; hour < 4; hour++)
        {
            var again = await store.Store.StartRunAsync(Run(0, 60 * hour, null, null, trigger: "recovery"), Ct);
            foreach (var task in Tasks(again, (hour == 2 ? TaskNames.LoadOhlc : TaskNames.EnrichMetadata, "no"))) await store.Store.SaveTaskRunAsync(task, Ct);
            await store.Store.EndRunAsync(again, At((60 * hour) + 5), false, Ct);
            await watch.StepAsync(At((60 * hour) + 6), Ct);
        }

        Assert.Contains("nightly of 2025-12-01 failed: 2 of 10 tasks failed", Assert.Single(slack.Texts), StringComparison.Ordinal);
        var whole = await store.Store.StartRunAsync(Run(0, 300, null, null, trigger: "recovery"), Ct);
        await store.Store.EndRunAsync(whole, At(305), true, Ct);
        await watch.StepAsync(At(306), Ct);
        Assert.Equal(2, slack.Texts.Count);
        Assert.Contains("was recovered", slack.Texts[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_channel_refuses_is_sent_again_and_holds_up_no_other()
    {
        await store.OpenAsync();
        await using var slack = await HookServer.StartAsync();
        await using var hook = await HookServer.StartAsync();
        var options = new AlertsOptions { SlackWebhookUrl = slack.Url, WebhookUrl = hook.Url, WebhookToken = "let-me-in" };
        slack.Refuses = true;
        var watch = New(options);
        await watch.StepAsync(At(10), Ct);
        var posted = Assert.Single(hook.Taken);
        Assert.Equal(("Bearer let-me-in", "never_began", "2025-12-01", "critical"),
            (posted.Authorization, posted.Json["kind"]!.GetValue<string>(), posted.Json["date"]!.GetValue<string>(), posted.Json["urgency"]!.GetValue<string>()));

        slack.Refuses = false;
        await watch.StepAsync(At(10).AddSeconds(29), Ct);
        Assert.Empty(slack.Taken);
        await watch.StepAsync(At(10).AddSeconds(30), Ct);
        await watch.StepAsync(At(12), Ct);
        Assert.Single(slack.Taken);
        Assert.Single(hook.Taken);
    }

    [Fact]
    public async Task What_a_service_that_was_away_finds_at_its_start_is_one_message_for_people_and_each_by_itself_for_programs()
    {
        await store.OpenAsync();
        await using var slack = await HookServer.StartAsync();
        await using var hook = await HookServer.StartAsync();
        expected.Add(new("reconcile", Monday, Whole: false, Hour, Hour.AddMinutes(30), null) { LooksBack = true });
        expected.Add(new("cleanup", Monday, Whole: false, Hour, Hour.AddMinutes(30), null));
        var watch = New(new() { SlackWebhookUrl = slack.Url, WebhookUrl = hook.Url });
        for (var minute = 10; minute < 15; minute++) await watch.StepAsync(At(minute), Ct);
        var text = Assert.Single(slack.Texts);
        Assert.Contains("*nightly of 2025-12-01 never began: it was due at 2025-12-02 03:00 New York, and 2 more*", text, StringComparison.Ordinal);
        Assert.Contains("• reconcile of 2025-12-01 never began", text, StringComparison.Ordinal);
        Assert.Contains("• cleanup of 2025-12-01 never began", text, StringComparison.Ordinal);
        Assert.Equal(["never_began:2025-12-01:cleanup", "never_began:2025-12-01:nightly", "never_began:2025-12-01:reconcile"], hook.Taken.Select(t => t.Json["key"]!.GetValue<string>()).Order(StringComparer.Ordinal));
        Assert.Equal(6, (await store.Store.EventsAsync("alert_sent", 10, Ct)).Count);
    }

    [Fact]
    public async Task A_message_that_may_have_been_sent_before_says_so()
    {
        await store.OpenAsync();
        await using var slack = await HookServer.StartAsync();
        var options = new AlertsOptions { SlackWebhookUrl = slack.Url };
        slack.Refuses = true;
        await New(options).StepAsync(At(10), Ct);
        slack.Refuses = false;
        await New(options, "two").StepAsync(At(11), Ct);
        Assert.Contains("may have been sent before", Assert.Single(slack.Texts), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_channel_that_is_added_later_is_not_told_of_the_past()
    {
        await store.OpenAsync();
        await New(new()).StepAsync(At(10), Ct);
        Assert.Equal("to ", (await store.Store.EventsAsync("alert_opened", 10, Ct)).Single().Text.Split(" | ")[^1]);
        await using var slack = await HookServer.StartAsync();
        await New(new() { SlackWebhookUrl = slack.Url }, "two").StepAsync(At(11), Ct);
        Assert.Empty(slack.Taken);
    }

    [Fact]
    public async Task A_database_that_is_away_is_told_without_it_and_once()
    {
        await store.OpenAsync();
        expected.Clear();
        await using var slack = await HookServer.StartAsync();
        var watch = New(new() { SlackWebhookUrl = slack.Url });
        databaseTrouble = "connection refused";
        for (var minute = 0; minute < 20; minute++) await watch.StepAsync(At(minute), Ct);
        Assert.Contains("database has been unreachable since", Assert.Single(slack.Texts), StringComparison.Ordinal);
        databaseTrouble = null;
        await watch.StepAsync(At(20), Ct);
        databaseTrouble = "again";
        for (var minute = 21; minute < 30; minute++) await watch.StepAsync(At(minute), Ct);
        Assert.Equal(2, slack.Texts.Count);
    }

    [Fact]
    public async Task An_outage_that_outlasts_the_process_is_told_once()
    {
        await store.OpenAsync();
        expected.Clear();
        await using var slack = await HookServer.StartAsync();
        var options = new AlertsOptions { SlackWebhookUrl = slack.Url };
        string? trouble = "refused";
        Watch Of(string instance) => new(options, store.Store, _ => expected, [new("redis", _ => Task.FromResult<string?>(trouble))], AlertsSetup.Channels(options, http), http, clock, instance, NullLogger<Watch>.Instance);
        var watch = Of("one");
        for (var minute = 0; minute < 8; minute++) await watch.StepAsync(At(minute), Ct);
        var next = Of("two");
        for (var minute = 8; minute < 20; minute++) await next.StepAsync(At(minute), Ct);
        Assert.Contains("redis has been unreachable since", Assert.Single(slack.Texts), StringComparison.Ordinal);
        trouble = null;
        await next.StepAsync(At(20), Ct);
        trouble = "refused";
        for (var minute = 21; minute < 30; minute++) await next.StepAsync(At(minute), Ct);
        Assert.Equal(2, slack.Texts.Count);
    }

    [Fact]
    public async Task A_watch_elsewhere_is_called_once_a_completed_session()
    {
        await store.OpenAsync();
        await using var elsewhere = await HookServer.StartAsync();
        var options = new AlertsOptions { HeartbeatUrl = elsewhere.Url };
        var watch = New(options);
        await watch.StepAsync(At(1), Ct);
        Assert.Empty(elsewhere.Taken);
        await NightAsync();
        elsewhere.Refuses = true;
        await watch.StepAsync(At(6), Ct);
        elsewhere.Refuses = false;
        await watch.StepAsync(At(8), Ct);
        await New(options, "two").StepAsync(At(9), Ct);
        Assert.Equal("GET", Assert.Single(elsewhere.Taken).Method);
    }

    [Fact]
    public async Task A_watch_elsewhere_is_not_called_for_what_failed_nor_twice_for_what_is_older_and_holds_up_no_message()
    {
        await store.OpenAsync();
        await using var elsewhere = await HookServer.StartAsync();
        await using var slack = await HookServer.StartAsync();
        elsewhere.Refuses = true;
        var watch = New(new() { HeartbeatUrl = elsewhere.Url, SlackWebhookUrl = slack.Url });
        await NightAsync((TaskNames.SyncRedis, "no"));
        await watch.StepAsync(At(31), Ct);
        Assert.Equal(0, elsewhere.Refused);
        Assert.Contains("run_failed", Assert.Single(slack.Texts), StringComparison.Ordinal);

        await NightAsync();
        await watch.StepAsync(At(32), Ct);
        await watch.StepAsync(At(32).AddSeconds(30), Ct);
        Assert.Equal(1, elsewhere.Refused);
        elsewhere.Refuses = false;
        await watch.StepAsync(At(33), Ct);
        var older = await store.Store.StartRunAsync(Run(0, 40, null, null, trigger: "recovery", date: Monday.AddDays(-3)), Ct);
        await store.Store.EndRunAsync(older, At(41), true, Ct);
        await watch.StepAsync(At(42), Ct);
        Assert.Single(elsewhere.Taken);
        Assert.Equal("2025-12-01", (await store.Store.EventsAsync("heartbeat_sent", 10, Ct)).Single().Subject);
    }

    [Fact]
    public async Task A_message_in_a_drill_says_so()
    {
        await using var slack = await HookServer.StartAsync();
        var channel = Assert.Single(AlertsSetup.Channels(new() { SlackWebhookUrl = slack.Url }, http, drill: true));
        await channel.SendAsync(new(1, "paused:1:0", IncidentKind.Paused, null, "Paused since noon", [], Hour, "page", MayRepeat: false), Ct);
        Assert.Contains("*DRILL: Paused since noon*", Assert.Single(slack.Texts), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_loop_looks_at_the_pace_of_the_clock()
    {
        await store.OpenAsync();
        await using var slack = await HookServer.StartAsync();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var looping = New(new() { SlackWebhookUrl = slack.Url }).RunAsync(ending.Token);
        while (slack.Taken.Count == 0)
        {
            clock.Advance(TimeSpan.FromSeconds(30));
            await Task.Delay(5, Ct);
        }

        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => looping);
        Assert.Single(slack.Taken);
    }
}
