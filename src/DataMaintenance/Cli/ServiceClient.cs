using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataMaintenance.Api;
using DataMaintenance.Pipeline;

namespace DataMaintenance.Cli;

/// <summary>Asks the service that owns the store, over its HTTP API.</summary>
public sealed class ServiceClient : IDisposable
{
    private readonly HttpClient http;

    public ServiceClient(Uri url, string? key)
    {
        http = new() { BaseAddress = url, Timeout = TimeSpan.FromMinutes(10) };
        if (key is not null) http.DefaultRequestHeaders.Add("X-Api-Key", key);
    }

    /// <summary>Null on 404.</summary>
    /// <exception cref="HttpRequestException">The service is not reachable, or refused; the message holds its reason.</exception>
    public async Task<JsonNode?> GetAsync(string path, CancellationToken ct)
    {
        try
        {
            return await FindAsync(path, ct);
        }
        catch (NotHereException)
        {
            return null;
        }
    }

    /// <exception cref="NotHereException">404, with what the service said.</exception>
    public async Task<JsonNode?> FindAsync(string path, CancellationToken ct)
    {
        using var reply = await http.GetAsync(new Uri(path, UriKind.Relative), ct);
        return await ReadAsync(reply, ct);
    }

    /// <param name="body">Null for none.</param>
    public async Task<JsonNode?> PostAsync(string path, JsonNode? body, CancellationToken ct)
    {
        using var content = body is null ? null : JsonContent.Create(body);
        using var reply = await http.PostAsync(new Uri(path, UriKind.Relative), content, ct);
        return await ReadAsync(reply, ct);
    }

    public async Task DownloadAsync(string path, Stream to, CancellationToken ct)
    {
        using var reply = await http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, ct);
        if (!reply.IsSuccessStatusCode) await ReadAsync(reply, ct);
        await reply.Content.CopyToAsync(to, ct);
    }

    /// <summary>What happens in runs from now on; a snapshot comes first. Ends when the service does.</summary>
    public async IAsyncEnumerable<RunMessage> FollowAsync([EnumeratorCancellation] CancellationToken ct)
    {
        using var reply = await http.GetAsync(new Uri("/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, ct);
        if (!reply.IsSuccessStatusCode) await ReadAsync(reply, ct);
        await using var stream = await reply.Content.ReadAsStreamAsync(ct);
        await foreach (var item in SseParser.Create(stream, (_, data) => JsonSerializer.Deserialize<RunMessage>(data, ApiJson.Options)!).EnumerateAsync(ct)) yield return item.Data;
    }

    public void Dispose() => http.Dispose();

    private static async Task<JsonNode?> ReadAsync(HttpResponseMessage reply, CancellationToken ct)
    {
        var text = await reply.Content.ReadAsStringAsync(ct);
        if (reply.IsSuccessStatusCode) return JsonNode.Parse(text);
        var detail = reply.Content.Headers.ContentType?.MediaType == "application/problem+json" ? JsonNode.Parse(text)?["detail"]?.GetValue<string>() : null;
        if (reply.StatusCode == HttpStatusCode.NotFound) throw new NotHereException(detail ?? "there is nothing here");
        var message = $"the service at {reply.RequestMessage?.RequestUri?.GetLeftPart(UriPartial.Authority)} answered {(int)reply.StatusCode}: {detail ?? reply.ReasonPhrase}";
        throw reply.StatusCode == HttpStatusCode.BadRequest ? new RequestException(detail ?? message) : new InvalidOperationException(message);
    }
}
