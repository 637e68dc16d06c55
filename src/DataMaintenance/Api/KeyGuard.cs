using System.Security.Cryptography;
using System.Text;

namespace DataMaintenance.Api;

/// <summary>Calls that change something need the key, whenever one is set.</summary>
internal sealed class KeyGuard(RequestDelegate next, ApiOptions options)
{
    public Task InvokeAsync(HttpContext context)
    {
        // Without a key only this machine can call; a page of another site, opened in a browser here, must not.
        if (string.IsNullOrEmpty(options.Key) && context.Request.Headers.Origin.FirstOrDefault() is { } origin && !HttpMethods.IsGet(context.Request.Method) && (!Uri.TryCreate(origin, UriKind.Absolute, out var site) || site.Authority != context.Request.Host.Value))
            return Problems.WriteAsync(context, 403, "Not from another site", $"The request comes from {origin}; set Api:Key and send it to call from there");
        // The pages' own connection changes nothing: what a page changes it sends to the API, with the key.
        if (string.IsNullOrEmpty(options.Key) || context.Request.Path.StartsWithSegments("/_blazor", StringComparison.Ordinal) || HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)) return next(context);
        var given = context.Request.Headers["X-Api-Key"].FirstOrDefault()
            ?? (context.Request.Headers.Authorization.FirstOrDefault() is { } header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : null);
        if (given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(options.Key))) return next(context);
        return Problems.WriteAsync(context, 401, "The key is missing or wrong", "Send the key of Api:Key in X-Api-Key, or as a bearer token");
    }
}
