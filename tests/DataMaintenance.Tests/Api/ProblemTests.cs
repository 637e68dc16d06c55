using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace DataMaintenance.Tests.Api;

/// <summary>What is wrong with a call is told in a problem document, whatever it is.</summary>
public class ProblemTests(Service service) : IClassFixture<Service>
{
    [Theory]
    [InlineData("GET", "/nowhere", 404, "openapi")]
    [InlineData("DELETE", "/status", 405, "GET")]
    [InlineData("GET", "/status/2025-13-45", 400, "expected a date")]
    [InlineData("GET", "/status/2024-01-02", 404, "nothing ever ran")]
    [InlineData("GET", "/history?limit=0", 400, "from 1 to 1000")]
    [InlineData("GET", "/history?limit=many", 400, "limit: expected a whole number, got 'many'")]
    [InlineData("GET", "/runs/987654", 404, "no run 987654")]
    [InlineData("GET", "/api/metadata/aapl", 404, "there is AAPL")]
    [InlineData("GET", "/api/metadata/bulk", 400, "AAPL,MSFT")]
    [InlineData("GET", "/api/bars/NOBODY", 404, "case-sensitive")]
    [InlineData("GET", "/api/bars/AAPL?raw=perhaps", 400, "raw: expected true or false, got 'perhaps'")]
    [InlineData("GET", "/api/bars/AAPL?from=2025-12-02&to=2025-12-01", 400, "lies before")]
    [InlineData("GET", "/api/explain/AAPL?date=2025-11-30", 400, "weekend")]
    [InlineData("GET", "/api/explain/AAPL?date=2099-01-05", 400, "future")]
    [InlineData("GET", "/api/slots/AAPL?date=2020-01-02", 404, "no slots of AAPL")]
    [InlineData("GET", "/api/verify?date=2025-11-30", 400, "weekend")]
    [InlineData("GET", "/api/verify?date=2099-01-05", 400, "future")]
    [InlineData("GET", "/api/verify?date=yesterday", 400, "date: expected a date like 2025-12-01, got 'yesterday'")]
    [InlineData("GET", "/api/calendar?from=2025-12-01", 400, "to: expected a date")]
    [InlineData("GET", "/api/calendar?from=2025-12-02&to=2025-12-01", 400, "before it begins")]
    [InlineData("GET", "/api/calendar?from=1800-12-02&to=2025-12-01", 400, "calendar")]
    [InlineData("GET", "/api/export/everything", 400, "daily, slots")]
    [InlineData("GET", "/api/export/atr?raw=true", 400, "adjusted")]
    [InlineData("GET", "/api/coverage?from=2015-01-01&to=2025-12-01", 400, "at most")]
    [InlineData("POST", "/runs/1/cancel", 409, "has ended")]
    [InlineData("POST", "/runs/987654/cancel", 404, "no run")]
    [InlineData("POST", "/api/findings/987654/accept", 404, "no finding")]
    public async Task A_wrong_call_is_told_why(string method, string path, int status, string said)
    {
        using var request = new HttpRequestMessage(new(method), new Uri(path, UriKind.Relative));
        await TellsAsync(request, status, said);
    }

    [Theory]
    [InlineData("""{"to":"2025-12-01"}""", "expected the fields from and to, some are missing")]
    [InlineData("""{"from":"2025-11-24","to":null}""", "to: expected a date like 2025-12-01, got nothing")]
    [InlineData("""{"from":"2025-12-01","to":"2025-11-24"}""", "the range ends on 2025-11-24, before it begins, on 2025-12-01")]
    [InlineData("""{"from":"2025-12-01","to":"2099-11-24"}""", "the range ends on 2099-11-24, which is in the future")]
    [InlineData("""{"from":"2025-11-29","to":"2025-11-30"}""", "no session from 2025-11-29 to 2025-11-30")]
    [InlineData("""{"from":"2025-11-24","to":"2025-12-01","tasks":["load_olhc"]}""", "load_ohlc")]
    public async Task A_wrong_range_is_told_why_in_words_of_the_body(string body, string said)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/backfill", UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        await TellsAsync(request, 400, said, "--");
    }

    [Theory]
    [InlineData("""{"target_date":"2025-11-30"}""", "weekend")]
    [InlineData("""{"target_date":"1990-01-02"}""", "too early")]
    [InlineData("""{"target_date":"2025-12-25"}""", "Christmas")]
    [InlineData("""{"target_date":"2099-01-05"}""", "future")]
    [InlineData("""{"target_date":20251201}""", "target_date: expected text")]
    [InlineData("""{"tasks":["load_olhc"]}""", "load_ohlc")]
    [InlineData("""{"tasks":"load_ohlc"}""", "tasks: expected a list of names")]
    [InlineData("""{"tasks":[]}""", "empty")]
    [InlineData("""{"plan":"weekly"}""", "nightly")]
    [InlineData("""{"forse":true}""", "forse: unknown; the fields are target_date, plan, tasks, force, dry_run")]
    [InlineData("""{"force":true,"force":false}""", "force: given twice")]
    [InlineData("""{"force":1}""", "force: expected true or false")]
    [InlineData("""[1]""", "expected a JSON object")]
    [InlineData("""{"force":tru""", "no JSON")]
    public async Task A_wrong_body_is_told_why_and_starts_nothing(string body, string said)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/trigger", UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        await TellsAsync(request, 400, said);
        Assert.Null(service.World.Wiring.Runner.Current);
    }

    [Fact]
    public async Task A_body_of_another_kind_or_too_large_is_refused()
    {
        using var form = new HttpRequestMessage(HttpMethod.Post, new Uri("/trigger", UriKind.Relative)) { Content = new StringContent("force=true", Encoding.UTF8, "application/x-www-form-urlencoded") };
        await TellsAsync(form, 400, "no JSON, from line 1, byte 2 on; expected an object with fields of target_date, plan, tasks, force, dry_run");
        using var large = new HttpRequestMessage(HttpMethod.Post, new Uri("/trigger", UriKind.Relative)) { Content = new StringContent($$"""{"plan":"{{new string('x', 100_000)}}"}""", Encoding.UTF8, "application/json") };
        await TellsAsync(large, 413, "");
    }

    [Fact]
    public async Task More_symbols_than_allowed_in_one_call_are_refused_with_the_bound() =>
        await TellsAsync(new(HttpMethod.Get, new Uri($"/api/metadata/bulk?symbols={string.Join(',', Enumerable.Range(0, 501).Select(i => $"S{i}"))}", UriKind.Relative)), 400, "at most 500");

    [Fact]
    public async Task A_page_that_points_another_name_at_this_machine_reads_nothing()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/status", UriKind.Relative)) { Headers = { Host = "evil.example:8008" } };
        await TellsAsync(request, 403, "evil.example");
    }

    [Fact]
    public async Task A_page_of_another_site_changes_nothing()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/pause", UriKind.Relative)) { Headers = { { "Origin", "https://evil.example" } } };
        await TellsAsync(request, 403, "evil.example");
        Assert.Empty(await service.World.Wiring.Store.EventsAsync("paused", 1, TestContext.Current.CancellationToken));
    }

    private async Task TellsAsync(HttpRequestMessage request, int status, string said, string unsaid = "   at ")
    {
        using var reply = await service.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(reply.StatusCode == (HttpStatusCode)status, $"{(int)reply.StatusCode} {text}");
        Assert.Equal("application/problem+json", reply.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!;
        Assert.Equal(status, problem["status"]!.GetValue<int>());
        Assert.NotEqual("", problem["title"]!.GetValue<string>());
        Assert.Contains(said, problem["detail"]!.GetValue<string>(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(unsaid, text, StringComparison.Ordinal);
    }
}
