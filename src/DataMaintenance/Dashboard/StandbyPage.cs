namespace DataMaintenance.Dashboard;

/// <summary>The one page of an instance that stands by: who leads, where, and how this one is; <c>standby.js</c> keeps it live by asking <c>/health</c>.</summary>
internal static class StandbyPage
{
    public static void AddStandbyPage(this WebApplicationBuilder builder) => builder.WebHost.UseStaticWebAssets();

    public static void MapStandbyPage(this WebApplication app)
    {
        app.UseMiddleware<PagePolicy>();
        app.MapStaticAssets();
    }

    /// <summary>Answers any address with it, as 503: what was asked for is the leader's.</summary>
    public static async Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.SendFileAsync(context.RequestServices.GetRequiredService<IWebHostEnvironment>().WebRootFileProvider.GetFileInfo("standby.html"));
    }
}
