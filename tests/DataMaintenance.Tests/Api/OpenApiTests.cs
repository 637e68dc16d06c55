using System.Text.Json.Nodes;

namespace DataMaintenance.Tests.Api;

/// <summary>The OpenAPI document, against the service that serves it.</summary>
public class OpenApiTests(Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task Every_address_of_the_service_is_documented_with_a_summary_and_its_problems()
    {
        var document = await service.GetAsync("/openapi/v1.json");
        var index = await service.GetAsync("/api");
        var asked = index["read"]!.AsArray().Select(p => (Path: p!.GetValue<string>(), Method: "get")).Concat(index["change"]!.AsArray().Select(p => (Path: p!.GetValue<string>(), Method: "post")))
            .Select(r => (Path: System.Text.RegularExpressions.Regex.Replace(r.Path, ":\\w+}", "}"), r.Method)).Where(r => !r.Path.StartsWith("/openapi", StringComparison.Ordinal)).ToArray();
        Assert.InRange(asked.Length, 25, 200);
        Assert.Equal([], asked.Where(r => document["paths"]?[r.Path]?[r.Method] is null).Select(r => $"{r.Method} {r.Path}"));
        foreach (var (path, method) in asked)
        {
            var operation = document["paths"]![path]![method]!;
            Assert.True(operation["summary"]?.GetValue<string>().Length > 10, $"{method} {path} has no summary");
            Assert.True(operation["responses"]!.AsObject().Any(r => r.Key[0] == '5' && r.Value!["content"]?["application/problem+json"] is not null), $"{method} {path} documents no problem");
            Assert.Equal([], (operation["parameters"]?.AsArray() ?? []).Where(p => p!["description"] is null).Select(p => $"{method} {path} {p!["name"]}"));
            Assert.True(method == "get" || operation["security"]?.AsArray().Count > 0, $"{method} {path} does not say that it needs the key");
        }

        Assert.Equal("X-Api-Key", document["components"]!["securitySchemes"]!["ApiKey"]!["name"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("/api", "/api")]
    [InlineData("/next-run", "/next-run")]
    [InlineData("/health", "/health")]
    [InlineData("/health/live", "/health/live")]
    [InlineData("/status", "/status")]
    [InlineData("/status/{date}", "/status/2025-12-01")]
    [InlineData("/history", "/history?limit=5")]
    [InlineData("/runs/{id}", "/runs/1")]
    [InlineData("/api/metadata/{symbol}", "/api/metadata/AAPL")]
    [InlineData("/api/metadata/bulk", "/api/metadata/bulk?symbols=AAPL,MSFT,NOBODY")]
    [InlineData("/api/symbols", "/api/symbols?prefix=a")]
    [InlineData("/api/bars/{symbol}", "/api/bars/AAPL")]
    [InlineData("/api/slots/{symbol}", "/api/slots/AAPL")]
    [InlineData("/api/atr/{symbol}", "/api/atr/AAPL")]
    [InlineData("/api/rvol/{symbol}", "/api/rvol/AAPL")]
    [InlineData("/api/explain/{symbol}", "/api/explain/AAPL")]
    [InlineData("/api/findings", "/api/findings?open=false")]
    [InlineData("/api/revisions", "/api/revisions?from=2025-11-17&symbol=AAPL&limit=5")]
    [InlineData("/api/coverage", "/api/coverage?from=2025-11-17&to=2025-12-02")]
    [InlineData("/api/calendar", "/api/calendar?from=2025-11-24&to=2025-12-01")]
    [InlineData("/api/verify", "/api/verify")]
    [InlineData("/api/verify", "/api/verify?date=2025-11-28")]
    [InlineData("/api/verify", "/api/verify?date=2025-12-01")]
    [InlineData("/api/stale", "/api/stale")]
    [InlineData("/api/doctor", "/api/doctor")]
    public async Task A_live_answer_has_the_documented_shape(string path, string asked)
    {
        var document = await service.GetAsync("/openapi/v1.json");
        var schema = document["paths"]![path]!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!;
        Assert.Equal([], JsonShape.Differences(document, schema, await service.GetAsync(asked)));
    }

    [Fact]
    public async Task A_dry_run_and_a_problem_have_the_documented_shape()
    {
        var document = await service.GetAsync("/openapi/v1.json");
        var responses = document["paths"]!["/trigger"]!["post"]!["responses"]!;
        var (_, plan) = await service.PostAsync("/trigger", """{"dry_run":true}""");
        Assert.Equal([], JsonShape.Differences(document, responses["200"]!["content"]!["application/json"]!["schema"]!, plan));
        var (_, problem) = await service.PostAsync("/trigger", """{"target_date":"2025-11-30"}""");
        Assert.Equal([], JsonShape.Differences(document, responses["400"]!["content"]!["application/problem+json"]!["schema"]!, problem));
    }

    [Fact]
    public void A_shape_that_differs_is_told() =>
        Assert.Equal(["$.a: expected integer, got \"x\"", "$.c: not documented"],
            JsonShape.Differences(new JsonObject(), JsonNode.Parse("""{"type":"object","properties":{"a":{"type":"integer"}}}""")!, JsonNode.Parse("""{"a":"x","c":1}""")));
}
