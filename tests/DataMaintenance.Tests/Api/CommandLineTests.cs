using System.Text.Json.Nodes;
using DataMaintenance.Cli;
using DataMaintenance.Store;
using DataMaintenance.Tests.EndToEnd;

namespace DataMaintenance.Tests.Api;

/// <summary>The executable beside a service that owns the store, and on its own.</summary>
public class CommandLineTests(Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task An_explanation_by_the_command_line_is_the_one_of_the_service()
    {
        var outcome = await BesideAsync("explain", "AAPL", "--date", "2025-12-01", "--json");
        Assert.True(outcome.Exit == 0, outcome.ToString());
        Assert.True(JsonNode.DeepEquals(await service.GetAsync("/api/explain/AAPL?date=2025-12-01"), JsonNode.Parse(outcome.Output)), outcome.Output);

        var text = await BesideAsync("explain", "AAPL");
        Assert.Contains("ATR", text.Output, StringComparison.Ordinal);
        Assert.Contains("RVOL baseline: mean of 5 sessions", text.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_day_the_service_has_learned_is_in_its_calendar_and_in_that_of_the_command_line()
    {
        var store = service.World.Wiring.Store;
        await store.RecordEventAsync(new("calendar_closed_learned", "2026-03-04", new(2026, 3, 4), "closed: a day of mourning", DateTimeOffset.UnixEpoch, "test"), TestContext.Current.CancellationToken);
        service.World.Wiring.Calendar.Learn(new(new(2026, 3, 4), "a day of mourning", null));
        var told = await service.GetAsync("/api/calendar?from=2026-03-02&to=2026-03-06");
        Assert.Equal(["2026-03-02", "2026-03-03", "2026-03-05", "2026-03-06"], told.AsArray().Select(s => s!["date"]!.GetValue<string>()));
        var beside = await BesideAsync("calendar", "--from", "2026-03-02", "--to", "2026-03-06", "--json");
        Assert.True(JsonNode.DeepEquals(told, JsonNode.Parse(beside.Output)), beside.ToString());
        var lines = (await BesideAsync("calendar", "--from", "2026-03-02", "--to", "2026-03-06")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(("date,open_utc,close_utc,early_close,close_et", "2026-03-02,2026-03-02T14:30:00Z,2026-03-02T21:00:00Z,0,16:00", 5), (lines[0], lines[1], lines.Length));
    }

    [Fact]
    public async Task A_run_is_asked_for_a_day_that_only_the_data_know_as_a_session()
    {
        DateOnly fourth = new(2025, 7, 4);
        MaintenanceEvent learned = new("calendar_session_learned", "2025-07-04", fourth, "bars on the Fourth of July", DateTimeOffset.UnixEpoch, "test");
        using var folder = new TemporaryFolder();
        await using (var store = await StoreSetup.OpenAsync(new StoreOptions { Path = folder.File("store") }, TimeProvider.System, "test", TestContext.Current.CancellationToken))
            await store.RecordEventAsync(learned, TestContext.Current.CancellationToken);
        service.World.Wiring.Calendar.Learn(new(fourth, learned.Text, new(16, 0)));
        foreach (var store in new[] { folder.File("store"), service.World.Folder.File("store") })
        {
            Assert.Contains("no session (weekend)", (await OnAsync(store, "run", "--date", "2025-07-05", "--dry-run")).Errors, StringComparison.Ordinal);
            var plan = await OnAsync(store, "run", "--date", "2025-07-04", "--dry-run", "--json");
            Assert.True(plan.Exit == 0, plan.ToString());
            Assert.Equal("2025-07-04", JsonNode.Parse(plan.Output)!["date"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task A_session_of_which_only_some_tasks_ran_is_told_as_due_and_how_to_run_it()
    {
        using var folder = new TemporaryFolder();
        await using (var store = await StoreSetup.OpenAsync(new StoreOptions { Path = folder.File("store") }, TimeProvider.System, "test", TestContext.Current.CancellationToken))
        {
            var begin = new DateTimeOffset(2025, 12, 2, 8, 0, 0, TimeSpan.Zero);
            var id = await store.StartRunAsync(new(0, new(2025, 12, 1), "nightly", "cli", Full: false, ["load_ohlc"], "test", store.Epoch, begin, null, null), TestContext.Current.CancellationToken);
            await store.SaveTaskRunAsync(new(id, new(2025, 12, 1), "load_ohlc", 1, "completed", begin, begin.AddSeconds(2), new Dictionary<string, double>(), [], null), TestContext.Current.CancellationToken);
            await store.EndRunAsync(id, begin.AddSeconds(2), true, TestContext.Current.CancellationToken);
        }

        var outcome = await OnAsync(folder.File("store"), "status", "--date", "2025-12-01");
        Assert.True(outcome.Exit == 1, outcome.ToString());
        Assert.Contains("Only these tasks ran: the whole plan has not, and is due; `data-maintenance run --date 2025-12-01` runs it now", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_was_never_loaded_is_told_as_that_and_how_to_load_it()
    {
        foreach (var command in new[] { "explain AAPL", "verify" })
        {
            var outcome = await BesideAsync([.. command.Split(' '), "--date", "2019-06-03"]);
            Assert.True(outcome.Exit == 1, outcome.ToString());
            Assert.Matches("^(data-maintenance: )?nothing of 2019-06-03 was ever loaded; .*`data-maintenance run --date 2019-06-03` loads it", outcome.Output + outcome.Errors);
        }
    }

    [Fact]
    public async Task A_demo_writes_nothing_into_a_store_that_is_no_demos()
    {
        using var folder = new TemporaryFolder();
        await (await StoreSetup.OpenAsync(new StoreOptions { Path = folder.File("store") }, TimeProvider.System, "test", TestContext.Current.CancellationToken)).DisposeAsync();
        var outcome = await OnAsync(folder.File("store"), "demo", "--once");
        Assert.True(outcome.Exit == 2, outcome.ToString());
        Assert.Contains("is no demo's", outcome.Errors, StringComparison.Ordinal);
        Assert.Equal("[]", JsonNode.Parse((await OnAsync(folder.File("store"), "history", "--json")).Output)!.ToJsonString());
    }

    [Fact]
    public void Of_many_warnings_of_a_task_the_first_are_shown_and_what_failed_always()
    {
        var task = new JsonObject
        {
            ["task"] = "load_ohlc",
            ["state"] = "failed",
            ["checks"] = new JsonArray([.. Enumerable.Range(1, 27).Select(i => (JsonNode)$"warning: {i}"), "ok: bars", "failed: too few"]),
            ["error"] = "too few",
        };
        Assert.Equal(["load_ohlc: warning: 1", "load_ohlc: warning: 2", "load_ohlc: warning: 3", "load_ohlc: warning: 4", "load_ohlc: failed: too few", "load_ohlc: and 23 more warnings; `data-maintenance findings --all` lists them"],
            RunSummary.Remarks(task));
    }

    [Fact]
    public async Task A_status_names_the_run_of_another_session_that_goes_on_meanwhile()
    {
        var store = service.World.Wiring.Store;
        var begin = new DateTimeOffset(2025, 12, 2, 8, 0, 0, TimeSpan.Zero);
        var id = await store.StartRunAsync(new(0, new(2025, 11, 26), "nightly", "recovery", Full: false, ["load_ohlc"], "test", store.Epoch, begin, null, null), TestContext.Current.CancellationToken);
        var during = await BesideAsync("status", "--date", "2025-12-01");
        await store.EndRunAsync(id, begin.AddSeconds(2), true, TestContext.Current.CancellationToken);
        Assert.Contains("Meanwhile nightly of 2025-11-26 runs, since 2025-12-02 08:00:00Z; `data-maintenance status --date 2025-11-26` follows it", during.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Meanwhile", (await BesideAsync("status", "--date", "2025-12-01")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_of_another_program_on_the_port_is_no_health()
    {
        await using var other = await DataMaintenance.Tests.Alerts.HookServer.StartAsync();
        var outcome = await Executable.RunAsync(new Dictionary<string, string> { ["Api__Urls"] = new Uri(other.Url!).GetLeftPart(UriPartial.Authority) }, "health");
        Assert.True(outcome.Exit == 3, outcome.ToString());
        Assert.Contains("something else than this service's health", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_is_a_line_a_field_and_json_on_request()
    {
        var environment = new Dictionary<string, string> { ["Api__Urls"] = service.Http.BaseAddress!.ToString() };
        var text = await Executable.RunAsync(environment, "health");
        Assert.True(text.Exit == 0, text.ToString());
        Assert.Matches(@"^status +healthy\n", text.Output);
        Assert.Matches(@"\nrole +leader\n", text.Output);
        Assert.Equal("healthy", JsonNode.Parse((await Executable.RunAsync(environment, "health", "--json")).Output)!["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_run_given_to_the_service_is_shown_as_it_goes()
    {
        var outcome = await BesideAsync("run", "--date", "2025-12-01", "--tasks", "load_ohlc,calculate_atr", "--force");
        Assert.True(outcome.Exit == 0, outcome.ToString());
        foreach (var line in new[] { "the service on this store is asked to run it", "load_ohlc started", "load_ohlc completed", "calculate_atr started", "complete, 2 of 2 tasks" }) Assert.Contains(line, outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_in_json_is_one_problem_document_with_the_exit_code()
    {
        Problem(await BesideAsync("explain", "aapl", "--json"), 1, "there is AAPL");
        Problem(await BesideAsync("run", "--date", "2025-11-30", "--json"), 2, "weekend");
        Problem(await BesideAsync("history", "--limit", "many", "--json"), 2, "whole number");
    }

    [Fact]
    public async Task A_run_that_failed_because_the_provider_is_away_ends_with_code_three()
    {
        using var folder = new TemporaryFolder();
        var settings = new Dictionary<string, string>
        {
            ["Store__Path"] = folder.File("store"),
            ["Logs__Directory"] = folder.File("logs"),
            ["Provider__ApiKey"] = "test",
            ["Provider__BaseUrl"] = "http://127.0.0.1:9/",
            ["Provider__RetryDelay"] = "00:00:00.001",
        };
        var outcome = await Executable.RunAsync(settings, "run", "--date", "2025-12-01", "--tasks", "load_ohlc", "--json");
        Assert.True(outcome.Exit == 3, outcome.ToString());
        Assert.False(JsonNode.Parse(outcome.Output)!["success"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_shell_completes_commands_and_options_and_help_shows_examples()
    {
        var commands = await BesideAsync("[suggest:20]", "data-maintenance exp");
        Assert.Equal(["explain", "export"], commands.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Trim()));
        var options = await BesideAsync("[suggest:25]", "data-maintenance run --for");
        Assert.Contains("--force", options.Output, StringComparison.Ordinal);
        Assert.Contains("complete -o default", (await BesideAsync("completion", "bash")).Output, StringComparison.Ordinal);
        Assert.Contains("data-maintenance explain AAPL --date 2025-12-01", (await BesideAsync("explain", "--help")).Output, StringComparison.Ordinal);
    }

    private static void Problem(Executable.Outcome outcome, int exit, string said)
    {
        Assert.True(outcome.Exit == exit, outcome.ToString());
        var problem = JsonNode.Parse(outcome.Output)!;
        Assert.Equal(exit, problem["exit_code"]!.GetValue<int>());
        Assert.Contains(said, problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.NotEqual("", outcome.Errors);
    }

    private Task<Executable.Outcome> BesideAsync(params string[] arguments) => OnAsync(service.World.Folder.File("store"), arguments);

    private Task<Executable.Outcome> OnAsync(string store, params string[] arguments) => Executable.RunAsync(new Dictionary<string, string>
    {
        ["Store__Path"] = store,
        ["Logs__Directory"] = service.World.Folder.File("logs-of-commands"),
        ["Provider__Kind"] = "Simulator",
        ["Provider__ApiKey"] = "test",
        ["Clock__Start"] = "2025-12-02T08:00:00Z",
    }, arguments);
}
