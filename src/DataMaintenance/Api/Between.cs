using System.Text.Json.Nodes;
using DataMaintenance.Dashboard;
using DataMaintenance.Settings;

namespace DataMaintenance.Api;

/// <summary>
/// What a process answers while it starts, ends or changes its role: that it lives, that it is not healthy yet, and to everything else 503;
/// to a person a page that asks again by itself.
/// </summary>
internal sealed class Between(ServiceSettings settings, TimeProvider clock)
{
    private const string Why = "the service is starting, ending or changing its role";

    public Task AnswerAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/health/live" => Results.Json(new LiveShape("alive"), ApiJson.Options).ExecuteAsync(context),
        "/health" => Results.Text(ApiJson.Text(Health()), "application/json", statusCode: 503).ExecuteAsync(context),
        _ when Visitor.WantsPage(context.Request) => WaitingPage.WriteAsync(context, Sentence),
        _ => Problems.WriteAsync(context, 503, "Nobody answers yet", $"{Sentence}; ask again"),
    };

    private static string Sentence => $"{char.ToUpperInvariant(Why[0])}{Why[1..]}";

    private JsonObject Health() =>
        new Health(false, $"not asked: {Why}", $"not asked: {Why}", settings.Store.Kind.ToString(), "starting") { Schedule = $"none: {Why}" }.ToJson(settings, clock);
}
