using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.JSInterop;

namespace DataMaintenance.Dashboard;

/// <summary>
/// What a viewer makes the service do. The browser sends it to the HTTP API with the viewer's key, so that a page can do what a
/// caller can, checked in the same place, and nothing else. The key stays in the browser's session.
/// </summary>
internal sealed class Actions(IJSRuntime browser)
{
    /// <param name="body">Null for none.</param>
    public async Task<ActionAnswer> PostAsync(string path, JsonObject? body) =>
        ActionAnswer.Of(await browser.InvokeAsync<Reply>("dashboard.post", path, body?.ToJsonString()));

    public ValueTask SaveKeyAsync(string key) => browser.InvokeVoidAsync("dashboard.saveKey", key);

    /// <summary>The viewer's name as given last; empty when it never was.</summary>
    public ValueTask<string> NameAsync() => browser.InvokeAsync<string>("dashboard.viewerName");

    public ValueTask SaveNameAsync(string name) => browser.InvokeVoidAsync("dashboard.saveViewerName", name);

    internal sealed record Reply(int Status, string Text);
}

/// <summary>What the API answered.</summary>
/// <param name="Json">The answer, or the problem document; null when it was neither.</param>
public sealed record ActionAnswer(int Status, JsonObject? Json, string Problem)
{
    public bool Succeeded => Status is >= 200 and < 300;

    /// <summary>The key is missing or wrong.</summary>
    public bool NeedsKey => Status == 401;

    /// <summary>What the API says it did.</summary>
    public string? Said => Json?["message"] is JsonValue said && said.TryGetValue<string>(out var text) ? $"{text.TrimEnd('.')}." : null;

    /// <summary>The run it started.</summary>
    public long? RunId => Json?["run_id"] is JsonValue id && id.TryGetValue<long>(out var run) ? run : null;

    internal static ActionAnswer Of(Actions.Reply reply)
    {
        if (reply.Status == 0) return new(0, null, "The service does not answer. Nothing was started as far as this page knows; look at the history before trying again.");
        JsonObject? json = null;
        try
        {
            json = JsonNode.Parse(reply.Text) as JsonObject;
        }
        catch (JsonException)
        {
            return new(reply.Status, null, $"The service answered {reply.Status} with something other than JSON");
        }

        var said = json?["detail"]?.GetValue<string>() ?? json?["title"]?.GetValue<string>();
        return new(reply.Status, json, said ?? $"The service answered {reply.Status}");
    }
}
