using System.Net;
using System.Net.Sockets;
using DataMaintenance.Api;
using DataMaintenance.Logs;
using DataMaintenance.Tests.Pipeline;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(DataMaintenance.Browser.Tests.Site))]

namespace DataMaintenance.Browser.Tests;

/// <summary>
/// A service over a small simulated market after two nights, and Chromium to look at it. It is 03:00 in New York on Tuesday
/// 2025-12-02. Absent Chromium: tests skip at a desk and fail where CI=true.
/// </summary>
public sealed class Site : IAsyncLifetime
{
    public const string Key = "the-right-key";
    private const int Patience = 20_000;
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private World? world;
    private ServiceLogs? logs;
    private ApiServer? server;
    private IPlaywright? playwright;
    private IBrowser? browser;

    internal World World => world!;
    public Uri Url => server!.Url;

    public async ValueTask InitializeAsync()
    {
        if (Array.Find(Places, File.Exists) is not { } chromium) return;
        world = await World.StartAsync(150, ("Api:Urls", $"http://127.0.0.1:{FreePort()}"), ("Api:Key", Key));
        await RunNightAsync(World.Friday);
        await RunNightAsync(World.Monday);
        logs = world.Wiring.Settings.CreateLogs(toConsole: false);
        await StartAsync();
        // A machine that builds and tests at once is slow; nothing here is about speed.
        Assertions.SetDefaultExpectTimeout(Patience);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium });
    }

    public async Task StartAsync() => server = await ApiServer.StartAsync(World.Wiring, logs!, CancellationToken.None);

    /// <summary>The service behind a listener that goes on answering when the service has ended, as a process that changes its role.</summary>
    internal Task<ApiServer> StartAsync(Listener listener) => ApiServer.StartAsync(World.Wiring, logs!, listener, CancellationToken.None);

    public Task StopAsync() => server!.DisposeAsync().AsTask();

    /// <summary>A page of a viewer of its own; skips or fails the test where there is no Chromium.</summary>
    public async Task<Visit> OpenAsync(string path, bool dark = false, int width = 1440, int height = 900)
    {
        var visit = await VisitAsync(Url, dark, width, height);
        await visit.GoAsync(path);
        return visit;
    }

    /// <summary>A viewer who has gone nowhere yet.</summary>
    public async Task<Visit> VisitAsync(Uri home, bool dark = false, int width = 1440, int height = 900)
    {
        if (browser is null && Environment.GetEnvironmentVariable("CI") != "true") Assert.Skip("chromium is not installed");
        Assert.True(browser is not null, "chromium is not installed");
        var context = await browser.NewContextAsync(new() { BaseURL = home.ToString(), ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light, ViewportSize = new() { Width = width, Height = height } });
        context.SetDefaultTimeout(Patience);
        return new(context, await context.NewPageAsync(), home);
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
        if (server is not null) await server.DisposeAsync();
        logs?.Dispose();
        if (world is not null) await world.DisposeAsync();
    }

    private async Task RunNightAsync(DateOnly session)
    {
        var run = await world!.Wiring.Runner.RunAsync(new(session, DataMaintenance.Pipeline.Plan.Nightly, "test"), DataMaintenance.Pipeline.Silent.Observer, CancellationToken.None);
        Assert.True(run.Success, run.Failures());
    }

    internal static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
