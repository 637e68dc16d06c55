using System.Globalization;
using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using DataMaintenance.Pipeline;
using DataMaintenance.Store;

namespace DataMaintenance.Tests.Api;

/// <summary>Runs started, watched, cancelled over HTTP; the schedule paused; findings accepted.</summary>
public class ControlTests
{
    [Fact]
    public async Task A_run_is_watched_from_its_start_to_its_end_and_again_from_where_a_client_left_off()
    {
        await using var service = await Service.EmptyAsync();
        using var stream = await OpenAsync(service, null);
        var events = Read(stream).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await events.MoveNextAsync());
        Assert.Equal("snapshot", events.Current.EventType);
        Assert.Null(JsonNode.Parse(events.Current.Data)!["run"]);

        var (status, started) = await service.PostAsync("/trigger", """{"tasks":["load_ohlc","calculate_atr"]}""");
        Assert.Equal(HttpStatusCode.Accepted, status);
        var seen = new List<SseItem<string>>();
        while (await events.MoveNextAsync())
        {
            seen.Add(events.Current);
            if (events.Current.EventType == "run_ended") break;
        }

        Assert.Equal("run_started", seen[0].EventType);
        Assert.Equal(2, seen.Count(e => e.EventType == "task_started"));
        var ended = seen.Where(e => e.EventType == "task_ended").Select(e => JsonNode.Parse(e.Data)!["task"]!["task"]!.GetValue<string>());
        Assert.Equal(["load_ohlc", "calculate_atr"], ended);
        var last = JsonNode.Parse(seen[^1].Data)!;
        Assert.Equal((started["run_id"]!.GetValue<long>(), "completed"), (last["run_id"]!.GetValue<long>(), last["state"]!.GetValue<string>()));
        var ids = seen.Select(e => long.Parse(e.EventId!, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(ids.Order().Distinct(), ids);

        using var again = await OpenAsync(service, seen[2].EventId);
        await using var missed = Read(again).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await missed.MoveNextAsync());
        Assert.Equal(seen[3].EventId, missed.Current.EventId);
    }

    [Fact]
    public async Task A_cancelled_run_stops_is_recorded_as_such_and_the_next_one_completes()
    {
        await using var service = await Service.EmptyAsync();
        using var fault = await service.World.FaultAsync("""{"kind":"stall","rate":1,"route":"range"}""");
        var (_, started) = await service.PostAsync("/trigger");
        var id = started["run_id"]!.GetValue<long>();
        var (conflict, problem) = await service.PostAsync("/trigger");
        Assert.Equal((HttpStatusCode.Conflict, id), (conflict, problem["run_id"]!.GetValue<long>()));

        // Stalled by then: it cannot end before the cancel comes.
        while (await StateAsync(service, id, "load_volume_slots") != "in_progress") await Task.Delay(20, TestContext.Current.CancellationToken);
        var (status, _) = await service.PostAsync($"/runs/{id}/cancel");
        Assert.Equal(HttpStatusCode.Accepted, status);
        var run = await service.EndAsync(id);
        Assert.Equal("cancelled", run["state"]!.GetValue<string>());
        Assert.Contains("HTTP", run["cancelled"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains(run["tasks"]!.AsArray(), t => t!["task"]!.GetValue<string>() == "load_volume_slots" && t["error"]?.GetValue<string>() == Runner.StoppedError);
        var waiting = run["tasks"]!.AsArray().Single(t => t!["task"]!.GetValue<string>() == "sync_redis")!;
        Assert.Equal(("pending", null), (waiting["state"]!.GetValue<string>(), waiting["error"]));
        Assert.Equal("cancelled", (await service.GetAsync("/history"))[0]!["state"]!.GetValue<string>());

        using var healed = await service.World.Control.DeleteAsync(new Uri("_control/faults", UriKind.Relative), TestContext.Current.CancellationToken);
        var next = await service.World.RunAsync();
        Assert.True(next.Success, Pipeline.RunResults.Failures(next));
        Assert.Equal("healed", (await service.GetAsync("/api/coverage?from=2025-12-01&to=2025-12-01"))["days"]![0]!["state"]!.GetValue<string>());
    }

    private static async Task<string> StateAsync(Service service, long run, string task) =>
        (await service.GetAsync($"/runs/{run}"))["tasks"]!.AsArray().Single(t => t!["task"]!.GetValue<string>() == task)!["state"]!.GetValue<string>();

    [Fact]
    public async Task A_provider_that_does_not_answer_is_told_apart_from_work_that_went_wrong()
    {
        await using var service = await Service.EmptyAsync();
        await service.World.Simulator.DisposeAsync();
        var run = await service.World.RunAsync(tasks: [TaskNames.LoadOhlc, TaskNames.CalculateAtr]);
        Assert.True(run.Tasks.Single(t => t.Task == TaskNames.LoadOhlc).Unreachable);
        Assert.False(run.Tasks.Single(t => t.Task == TaskNames.CalculateAtr).Unreachable);
    }

    [Fact]
    public async Task Pausing_and_resuming_are_remembered_with_who_and_why()
    {
        await using var service = await Service.EmptyAsync();
        var (_, paused) = await service.PostAsync("/pause", """{"by":"Ana","why":"provider maintenance"}""");
        Assert.True(paused["paused"]!.GetValue<bool>());
        var next = await service.GetAsync("/next-run");
        Assert.Equal(("Ana", "provider maintenance"), (next["paused"]!["by"]!.GetValue<string>(), next["paused"]!["why"]!.GetValue<string>()));
        var (_, resumed) = await service.PostAsync("/resume", """{"by":"Ana"}""");
        Assert.False(resumed["paused"]!.GetValue<bool>());
        Assert.Single(await service.World.Wiring.Store.EventsAsync("paused", 10, TestContext.Current.CancellationToken));
        Assert.Single(await service.World.Wiring.Store.EventsAsync("resumed", 10, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_follower_too_many_is_told_so_in_a_problem_and_admitted_when_another_left()
    {
        await using var service = await Service.EmptyAsync(("Api:MaxEventClients", "1"));
        using (await OpenAsync(service, null))
        {
            using var second = await OpenAsync(service, null);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "application/problem+json"), (second.StatusCode, second.Content.Headers.ContentType?.MediaType));
            var problem = JsonNode.Parse(await second.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
            Assert.Contains("1 clients follow already (Api:MaxEventClients)", problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        }

        for (var attempt = 0; ; attempt++)
        {
            using var again = await OpenAsync(service, null);
            if (again.StatusCode == HttpStatusCode.OK) return;
            Assert.True(attempt < 200, "the place of a client that left is never free again");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_body_is_taken_under_whatever_type_curl_sends_it()
    {
        await using var service = await Service.EmptyAsync();
        foreach (var type in new[] { "application/x-www-form-urlencoded", "text/plain", "application/json" })
        {
            using var content = new StringContent("""{"dry_run":true,"tasks":["load_ohlc"]}""", System.Text.Encoding.UTF8, type);
            using var reply = await service.Http.PostAsync(new Uri("/trigger", UriKind.Relative), content, TestContext.Current.CancellationToken);
            Assert.Equal((HttpStatusCode.OK, type), (reply.StatusCode, type));
        }
    }

    [Fact]
    public async Task Facts_of_an_older_session_loaded_alone_leave_no_value_stale_and_other_tasks_come_alone()
    {
        await using var service = await Service.EmptyAsync();
        Assert.True((await service.World.RunAsync()).Success);
        await service.World.ExecuteAsync("UPDATE volume_slots_raw SET volume = volume * 2, volume_accumulated = volume_accumulated * 2 WHERE date = '2025-11-28' AND symbol = 'AAPL'");
        var (_, started) = await service.PostAsync("/trigger", """{"target_date":"2025-11-28","tasks":["load_volume_slots"],"force":true}""");
        var run = await service.EndAsync(started["run_id"]!.GetValue<long>());
        Assert.Equal(["load_volume_slots", "sync_redis"], run["tasks"]!.AsArray().Select(t => t!["task"]!.GetValue<string>()));
        Assert.True((await service.GetAsync("/api/verify"))["verified"]!.GetValue<bool>());
        (_, started) = await service.PostAsync("/trigger", """{"target_date":"2025-11-28","tasks":["notify_services"]}""");
        Assert.Single((await service.EndAsync(started["run_id"]!.GetValue<long>()))["tasks"]!.AsArray());
    }

    [Fact]
    public async Task What_a_dry_run_expects_rests_on_what_ran_before_or_is_not_known()
    {
        await using var service = await Service.EmptyAsync();
        var (_, unknown) = await service.PostAsync("/trigger", """{"dry_run":true,"tasks":["load_ohlc","calculate_atr"]}""");
        Assert.Null(unknown["expected_seconds"]);
        Assert.Contains("nothing to go by: load_ohlc, calculate_atr never did this here", unknown["expected_by"]!.GetValue<string>(), StringComparison.Ordinal);

        var (_, started) = await service.PostAsync("/trigger", """{"tasks":["load_ohlc","calculate_atr"]}""");
        var run = await service.EndAsync(started["run_id"]!.GetValue<long>());
        var (_, again) = await service.PostAsync("/trigger", """{"dry_run":true,"force":true,"tasks":["load_ohlc","calculate_atr"]}""");
        Assert.Equal(run["tasks"]!.AsArray().Sum(t => t!["seconds"]!.GetValue<double>()), again["expected_seconds"]!.GetValue<double>(), 0.2);
        Assert.Equal(30, again["calls"]!.GetValue<int>());
        var (_, idle) = await service.PostAsync("/trigger", """{"dry_run":true,"tasks":["load_ohlc"]}""");
        Assert.Equal((0, null), (idle["calls"]!.GetValue<int>(), idle["expected_seconds"]));

        await using var limited = await Service.EmptyAsync(("Provider:CallsPerSecond", "10"));
        var (_, byLimit) = await limited.PostAsync("/trigger", """{"dry_run":true,"tasks":["load_ohlc"]}""");
        Assert.Equal((3, "the configured limits, at least: load_ohlc never did this here"), (byLimit["expected_seconds"]!.GetValue<double>(), byLimit["expected_by"]!.GetValue<string>()));
    }

    [Fact]
    public async Task An_accepted_finding_is_not_raised_again_and_who_accepted_it_is_kept()
    {
        await using var service = await Service.EmptyAsync();
        var ct = TestContext.Current.CancellationToken;
        var store = service.World.Wiring.Store;
        var day = new DateOnly(2025, 12, 1);
        Finding[] found = [new(0, "daily", day, new("AAPL"), "bar.test", Market.Severity.Error, "1", "2", FindingState.Open, DateTimeOffset.UnixEpoch, null)];
        await store.SaveFindingsAsync("bar.test", day, found, DateTimeOffset.UnixEpoch, ct);
        var id = (await service.GetAsync("/api/findings"))[0]!["id"]!.GetValue<long>();
        var (status, finding) = await service.PostAsync($"/api/findings/{id}/accept", """{"by":"Ana","why":"true at the exchange"}""");
        Assert.Equal((HttpStatusCode.OK, "accepted"), (status, finding["state"]!.GetValue<string>()));
        await store.SaveFindingsAsync("bar.test", day, found, DateTimeOffset.UnixEpoch, ct);
        Assert.Empty((await service.GetAsync("/api/findings")).AsArray());
        Assert.Contains("Ana: true at the exchange", (await store.EventsAsync("finding_accepted", 1, ct))[0].Text, StringComparison.Ordinal);
        var (again, same) = await service.PostAsync($"/api/findings/{id}/accept", """{"by":"Ben"}""");
        Assert.Equal((HttpStatusCode.OK, "Ana", "true at the exchange"), (again, same["closed_by"]!.GetValue<string>(), same["why"]!.GetValue<string>()));
        await store.SaveFindingsAsync("bar.test", day, [found[0] with { Value = "3" }], DateTimeOffset.UnixEpoch, ct);
        var next = (await service.GetAsync("/api/findings"))[0]!["id"]!.GetValue<long>();
        Assert.NotEqual(id, next);
        await store.SaveFindingsAsync("bar.test", day, [], DateTimeOffset.UnixEpoch, ct);
        Assert.Equal(HttpStatusCode.Conflict, (await service.PostAsync($"/api/findings/{next}/accept")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await service.PostAsync($"/api/findings/{next}/heal")).Status);
    }

    [Fact]
    public async Task With_a_key_set_changing_calls_need_it_reading_ones_do_not_and_no_answer_holds_it()
    {
        const string Key = "s3cret-of-the-service";
        await using var service = await Service.EmptyAsync(("Api:Key", Key), ("Api:ChangesPerMinute", "4"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.PostAsync("/pause")).Status);
        using var wrong = await SendAsync(service, "X-Api-Key", Key + "x");
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        using var header = await SendAsync(service, "X-Api-Key", Key);
        Assert.Equal(HttpStatusCode.OK, header.StatusCode);
        using var bearer = await SendAsync(service, "Authorization", $"Bearer {Key}");
        Assert.Equal(HttpStatusCode.OK, bearer.StatusCode);
        foreach (var path in new[] { "/status", "/health", "/api/doctor", "/openapi/v1.json", $"/{Key}" })
        {
            using var reply = await service.Http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            if (path != $"/{Key}") Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
            Assert.DoesNotContain($"\"{Key}\"", await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        for (var i = 0; i < 2; i++) using (await SendAsync(service, "X-Api-Key", Key)) { }
        using var many = await SendAsync(service, "X-Api-Key", Key);
        Assert.Equal(HttpStatusCode.TooManyRequests, many.StatusCode);
        Assert.True(many.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        Assert.Equal("application/problem+json", many.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Where_others_can_call_it_does_not_start_without_a_key_and_nothing_is_triggered_without_sending_it()
    {
        using var folder = new EndToEnd.TemporaryFolder();
        var refused = await EndToEnd.Executable.RunAsync(new Dictionary<string, string>
        {
            ["Api__Urls"] = "http://0.0.0.0:0",
            ["Provider__Kind"] = "Simulator",
            ["Store__Path"] = folder.File("store"),
            ["Logs__Directory"] = folder.File("logs"),
        }, "serve");
        Assert.True(refused.Exit == 2, refused.ToString());
        Assert.Contains("Api:Key: Api:Urls names 'http://0.0.0.0:0', which others can reach, and that needs a key", refused.Errors, StringComparison.Ordinal);

        await using var service = await Service.EmptyAsync(("Api:Urls", "http://0.0.0.0:0"), ("Api:Key", "the-key"));
        var here = System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces().SelectMany(n => n.GetIPProperties().UnicastAddresses).Select(a => a.Address)
            .FirstOrDefault(a => a.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork && !IPAddress.IsLoopback(a)) ?? IPAddress.Loopback;
        using var reply = await service.Http.PostAsync(new Uri($"http://{here}:{service.Http.BaseAddress!.Port}/trigger"), null, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.Unauthorized, "application/problem+json"), (reply.StatusCode, reply.Content.Headers.ContentType?.MediaType));
        Assert.Empty((await service.GetAsync("/history")).AsArray());
    }

    private static async Task<HttpResponseMessage> SendAsync(Service service, string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/resume", UriKind.Relative));
        request.Headers.TryAddWithoutValidation(header, value);
        return await service.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task<HttpResponseMessage> OpenAsync(Service service, string? lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/events", UriKind.Relative));
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        return await service.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    private static async IAsyncEnumerable<SseItem<string>> Read(HttpResponseMessage reply)
    {
        await using var body = await reply.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await foreach (var item in SseParser.Create(body).EnumerateAsync(TestContext.Current.CancellationToken)) yield return item;
    }
}
