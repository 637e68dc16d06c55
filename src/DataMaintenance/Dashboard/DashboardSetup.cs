using Microsoft.AspNetCore.DataProtection;
using Radzen;

namespace DataMaintenance.Dashboard;

/// <summary>The pages at <c>/</c>, over the wiring of the service: everything they load comes from this process.</summary>
internal static class DashboardSetup
{
    /// <summary>The executable's name: static files are found by it, beside the executable, whatever the working directory.</summary>
    private const string Application = "data-maintenance";

    /// <summary>Where a web host finds the static files of the pages.</summary>
    public static WebApplicationOptions HostOptions => new() { ApplicationName = Application, ContentRootPath = AppContext.BaseDirectory };

    public static void AddDashboard(this WebApplicationBuilder builder, Wiring wiring)
    {
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddSingleton(wiring);
        builder.Services.AddSingleton<Snapshots>();
        builder.Services.AddSingleton<SymbolNames>();
        builder.Services.AddScoped<Viewer>();
        builder.Services.AddScoped<Actions>();
        builder.Services.AddRadzenComponents();
        // Nothing the pages protect outlives the process: no keys on disk, and no complaint about those of an earlier one.
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.None).AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        builder.Services.AddRazorComponents().AddInteractiveServerComponents(o => o.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(1));
    }

    /// <summary>A person who opens an address that is none sees which there are; a program gets a problem document. Routing comes after it.</summary>
    public static void UseNotFoundPage(this WebApplication app) =>
        app.UseWhen(context => Visitor.WantsPage(context.Request), people => people.UseStatusCodePagesWithReExecute("/dashboard/not-found", createScopeForStatusCodePages: true));

    public static void MapDashboard(this WebApplication app)
    {
        app.UseMiddleware<PagePolicy>();
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(o => o.ContentSecurityFrameAncestorsPolicy = "'none'");
    }
}
