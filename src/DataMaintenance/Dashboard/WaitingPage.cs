namespace DataMaintenance.Dashboard;

/// <summary>The page of a process that has no pages yet; it asks again every second, until what was asked for is there. Whole in itself: there are no static files either.</summary>
internal static class WaitingPage
{
    private const string Text =
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="color-scheme" content="light dark" />
            <meta http-equiv="refresh" content="1" />
            <title>Not yet – Data Maintenance</title>
            <style>body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 15vh auto; padding: 0 1.5rem; }</style>
        </head>
        <body>
            <main>
                <h1>Not yet</h1>
                <p>{why}. This page asks again every second.</p>
                <p><a href="/health">/health</a> says the same to programs.</p>
            </main>
        </body>
        </html>
        """;

    /// <param name="why">A sentence without its full stop.</param>
    public static Task WriteAsync(HttpContext context, string why)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.RetryAfter = "1";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
        return context.Response.WriteAsync(Text.Replace("{why}", why, StringComparison.Ordinal));
    }
}
