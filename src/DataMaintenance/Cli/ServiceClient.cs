using System.Net;
using System.Text.Json.Nodes;
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
        using var reply = await http.GetAsync(new Uri(path, UriKind.Relative), ct);
        return reply.StatusCode == HttpStatusCode.NotFound ? null : await ReadAsync(reply, ct);
    }

    public async Task<JsonNode?> PostAsync(string path, JsonNode body, CancellationToken ct)
    {
        using var reply = await http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, ct);
        return await ReadAsync(reply, ct);
    }

    public async Task DownloadAsync(string path, Stream to, CancellationToken ct)
    {
        using var reply = await http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, ct);
        if (!reply.IsSuccessStatusCode) await ReadAsync(reply, ct);
        await reply.Content.CopyToAsync(to, ct);
    }

    public void Dispose() => http.Dispose();

    private static async Task<JsonNode?> ReadAsync(HttpResponseMessage reply, CancellationToken ct)
    {
        var text = await reply.Content.ReadAsStringAsync(ct);
        if (reply.IsSuccessStatusCode) return JsonNode.Parse(text);
        var detail = reply.Content.Headers.ContentType?.MediaType == "application/problem+json" ? JsonNode.Parse(text)?["detail"]?.GetValue<string>() : null;
        var message = $"the service at {reply.RequestMessage?.RequestUri?.GetLeftPart(UriPartial.Authority)} answered {(int)reply.StatusCode}: {detail ?? reply.ReasonPhrase}";
        throw reply.StatusCode == HttpStatusCode.BadRequest ? new RequestException(message) : new InvalidOperationException(message);
    }
}
