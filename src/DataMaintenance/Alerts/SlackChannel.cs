using System.Text.Json.Nodes;

namespace DataMaintenance.Alerts;

/// <summary>An incoming webhook that takes Slack's JSON: <c>text</c> alone, which every compatible server shows.</summary>
internal sealed class SlackChannel(HttpClient http, string url) : IAlertChannel
{
    public string Name => "slack";

    public Task SendAsync(AlertMessage message, CancellationToken ct) =>
        WebhookPost.SendAsync(http, HttpMethod.Post, url, new JsonObject { ["text"] = Text(message) }.ToJsonString(), token: null, ct);

    private static string Text(AlertMessage message)
    {
        var mark = message.Kind.Urgency() switch { Urgency.Critical => ":red_circle:", Urgency.Warning => ":large_yellow_circle:", _ => ":large_green_circle:" };
        var lines = message.Lines.Select(l => $"• {Escaped(l)}").Prepend($"{mark} *{Escaped(message.Title)}*").Append($"_{message.Kind.Name()}_: {Escaped(message.Page)}");
        return string.Join('\n', message.MayRepeat ? lines.Append("(may have been sent before: the service stopped while sending)") : lines);
    }

    /// <summary>Slack reads these three characters as its own markup.</summary>
    private static string Escaped(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
