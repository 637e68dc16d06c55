using System.Net.Http.Headers;
using System.Text;

namespace DataMaintenance.Alerts;

/// <summary>Sends JSON to a web hook. Its address is secret, so errors name the host and nothing more.</summary>
internal static class WebhookPost
{
    public static async Task SendAsync(HttpClient http, HttpMethod method, string url, string? json, string? token, CancellationToken ct)
    {
        var address = new Uri(url);
        using var request = new HttpRequestMessage(method, address);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        if (!string.IsNullOrEmpty(token)) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            using var response = await http.SendAsync(request, ct);
            if (response.IsSuccessStatusCode) return;
            throw new AlertException($"{address.Host} answered {(int)response.StatusCode}, expected 2xx");
        }
        catch (HttpRequestException e)
        {
            throw new AlertException($"{address.Host} was not reached: {e.HttpRequestError}", e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new AlertException($"{address.Host} did not answer within {http.Timeout.TotalSeconds} s", e);
        }
    }
}
