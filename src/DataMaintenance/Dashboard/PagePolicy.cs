using Microsoft.AspNetCore.Http.Extensions;

namespace DataMaintenance.Dashboard;

/// <summary>
/// What a browser may do with the pages: load from this service only. And who may speak with them: a socket opened by
/// a page of another site is refused, since a browser would let it through.
/// </summary>
internal sealed class PagePolicy(RequestDelegate next)
{
    private const string Content =
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/_blazor", StringComparison.Ordinal)
            && context.Request.Headers.Origin.FirstOrDefault() is { } origin
            && (!Uri.TryCreate(origin, UriKind.Absolute, out var site) || site.Authority != context.Request.Host.Value))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return context.Response.WriteAsync($"The pages of {context.Request.GetDisplayUrl()} are not for {origin}");
        }

        // Asked conditionally, a static file that has not changed failed with 500 behind the shared listener, and the page stayed dead; files are
        // fingerprinted, so a browser seldom asks again.
        context.Request.Headers.Remove("If-None-Match");
        context.Request.Headers.Remove("If-Modified-Since");
        context.Response.OnStarting(() =>
        {
            if (context.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) != true) return Task.CompletedTask;
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = Content;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            return Task.CompletedTask;
        });
        return next(context);
    }
}
