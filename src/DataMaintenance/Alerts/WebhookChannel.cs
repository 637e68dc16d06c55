using System.Text.Json.Nodes;

namespace DataMaintenance.Alerts;

/// <summary>Any receiver of JSON. <c>id</c> stays the same when a message is sent again.</summary>
internal sealed class WebhookChannel(HttpClient http, string url, string? token) : IAlertChannel
{
    public string Name => "webhook";
    public bool OneByOne => true;

    public Task SendAsync(AlertMessage message, CancellationToken ct) => WebhookPost.SendAsync(http, HttpMethod.Post, url, new JsonObject
    {
        ["service"] = "data_maintenance",
        ["id"] = message.Id,
        ["key"] = message.Key,
        ["kind"] = message.Kind.Name(),
        ["urgency"] = message.Kind.Urgency().ToString().ToLowerInvariant(),
        ["date"] = message.Date is { } date ? Incidents.Day(date) : null,
        ["title"] = message.Title,
        ["lines"] = new JsonArray([.. message.Lines.Select(l => (JsonNode)l)]),
        ["opened_at"] = message.OpenedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
        ["page"] = message.Page,
        ["may_repeat"] = message.MayRepeat,
    }.ToJsonString(), token, ct);
}
