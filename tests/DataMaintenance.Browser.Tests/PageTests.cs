using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DataMaintenance.Browser.Tests;

/// <summary>What holds for every page.</summary>
[Collection("site")]
public sealed class PageTests(Site site)
{
    public static TheoryData<string, string> Pages => new()
    {
        { "", "Ready" }, { "dashboard/history", "History" }, { "dashboard/runs/2", "Run 2" }, { "dashboard/symbols", "Symbol" },
        { "dashboard/symbols/AAPL", "AAPL" }, { "dashboard/health", "Health" }, { "dashboard/alerts/run_failed", "Alert: run failed" },
        { "dashboard/sessions/2025-12-01", "Session 2025-12-01" }, { "dashboard/revisions", "Revisions" },
    };

    /// <summary>One visit for all of it: what takes long is a page that opens.</summary>
    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_asks_no_foreign_host_leaves_the_console_empty_fits_a_telephone_and_has_no_serious_accessibility_finding_in_either_theme(string path, string heading)
    {
        await using var visit = await site.OpenAsync(path);
        await ReadAsync(visit, heading);
        await IsAccessibleAsync(visit, "light", null);
        await visit.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await IsAccessibleAsync(visit, "dark", Contrast);
        await visit.Page.SetViewportSizeAsync(375, 700);
        await Expect(visit.Page.Locator("h1")).ToBeVisibleAsync();
        Assert.Equal(375, await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Equal([], visit.Foreign);
        Assert.Equal([], visit.Complaints);
    }

    [Fact]
    public async Task A_browser_is_told_to_load_from_the_service_alone()
    {
        await using var visit = await site.OpenAsync("");
        var answer = await visit.Page.GotoAsync("");
        Assert.Contains("default-src 'self'", answer!.Headers["content-security-policy"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_choice_of_colours_outlives_the_page()
    {
        await using var visit = await site.OpenAsync("");
        await visit.Page.GetByLabel("Colours").SelectOptionAsync("dark");
        await Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await visit.GoAsync("dashboard/health");
        await Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        Assert.Equal("rgb(20, 23, 28)", await visit.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
    }

    [Fact]
    public async Task An_address_that_does_not_exist_says_which_do()
    {
        await using var visit = await site.OpenAsync("dashboard/runs/999");
        await Expect(visit.Heading("There is no such run")).ToBeVisibleAsync();
        var answer = await visit.Page.GotoAsync("nowhere/at/all");
        Assert.Equal(404, answer!.Status);
        await Expect(visit.Heading("There is no such page")).ToBeVisibleAsync();
        await visit.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "History" }).ClickAsync();
        await Expect(visit.Heading("History")).ToBeVisibleAsync();
        using var program = await site.World.Control.GetAsync(new Uri(site.Url, "nowhere/at/all"), TestContext.Current.CancellationToken);
        Assert.Equal("application/problem+json", program.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>All that the theme changes.</summary>
    private static readonly AxeRunOptions Contrast = new() { RunOnly = new() { Type = "rule", Values = ["color-contrast"] } };

    /// <param name="options">Which rules; null for all.</param>
    private static async Task IsAccessibleAsync(Visit visit, string theme, AxeRunOptions? options)
    {
        var found = (await visit.Page.RunAxe(options)).Violations.Where(v => v.Impact is "serious" or "critical").ToArray();
        Assert.True(found.Length == 0, string.Join('\n', found.Select(v => $"{v.Id} ({theme}): {v.Help}: {string.Join(" | ", v.Nodes.Select(n => n.Html).Take(5))}")));
    }

    /// <summary>Waits until the page shows what it reads.</summary>
    private static async Task ReadAsync(Visit visit, string heading)
    {
        await Expect(visit.Page.Locator("h1")).ToContainTextAsync(heading);
        await Expect(visit.Page.GetByText("Reading")).ToHaveCountAsync(0);
        foreach (var drawing in await visit.Page.Locator(".drawing").AllAsync()) await Expect(drawing.Locator("svg").First).ToBeVisibleAsync();
    }
}
