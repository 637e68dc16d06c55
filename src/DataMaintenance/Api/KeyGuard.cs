using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace DataMaintenance.Api;

/// <summary>
/// Calls that change something need the key, whenever one is set. Without a key only this machine can call, and neither a page of
/// another site nor a name that was made to point here may use a browser on it.
/// </summary>
internal sealed class KeyGuard(RequestDelegate next, ApiOptions options)
{
    private readonly byte[]? key = string.IsNullOrEmpty(options.Key) ? null : SHA256.HashData(Encoding.UTF8.GetBytes(options.Key));

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        // The pages' own connection changes nothing: what a page changes it sends to the API, with the key.
        var ofPage = request.Path.StartsWithSegments("/_blazor", StringComparison.Ordinal);
        if (key is null && !IsHere(request.Host.Host))
            return Problems.WriteAsync(context, 403, "Not under that name", $"The request asks for host '{request.Host.Host}'; without Api:Key this service answers only as localhost or a loopback address");
        if ((key is null || ofPage) && Changes(context) && FromElsewhere(request) is { } origin)
            return Problems.WriteAsync(context, 403, "Not from another site", $"The request comes from {origin}; set Api:Key and send it to call from there");
        if (key is null || ofPage || !Changes(context) || CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(Given(request) ?? "")), key)) return next(context);
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.WriteAsync(context, 401, "The key is missing or wrong", "Send the key of Api:Key in X-Api-Key, or as a bearer token");
    }

    /// <summary>Everything but reading; a WebSocket is opened by GET and is not only for reading.</summary>
    internal static bool Changes(HttpContext context) =>
        !(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)) || context.WebSockets.IsWebSocketRequest || context.Request.Headers.Upgrade.Any(u => string.Equals(u, "websocket", StringComparison.OrdinalIgnoreCase));

    private static string? Given(HttpRequest request) =>
        request.Headers["X-Api-Key"].FirstOrDefault()
        ?? (request.Headers.Authorization.FirstOrDefault() is { } header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : null);

    private static string? FromElsewhere(HttpRequest request) =>
        request.Headers.Origin.FirstOrDefault() is { } origin && (!Uri.TryCreate(origin, UriKind.Absolute, out var site) || !string.Equals(site.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase)) ? origin : null;

    /// <summary>A request of HTTP/1.0 names no host.</summary>
    private static bool IsHere(string host) =>
        host.Length == 0 || host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}
