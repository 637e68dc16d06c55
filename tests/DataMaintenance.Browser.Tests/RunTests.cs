using System.Globalization;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DataMaintenance.Browser.Tests;

/// <summary>Making the service do something, and watching it.</summary>
[Collection("site")]
public sealed class RunTests(Site site)
{
    [Fact]
    public async Task A_wrong_key_is_refused_in_words_and_the_right_one_is_asked_only_once()
    {
        await using var visit = await site.OpenAsync("");
        var before = (await site.World.Wiring.Store.RunsAsync(10, TestContext.Current.CancellationToken)).Count;
        await visit.Button("Start a run…").ClickAsync();
        await visit.Button("Show what it would do").ClickAsync();
        await GiveKeyAsync(visit, "a-wrong-key");
        await Expect(visit.Dialog).ToContainTextAsync("That key is wrong. Nothing was changed.");
        await GiveKeyAsync(visit, Site.Key);
        await Expect(visit.Dialog).ToContainTextAsync("It would run nightly over 2025-12-01");
        await visit.Page.ReloadAsync();
        await visit.LiveAsync();
        await visit.Button("Start a run…").ClickAsync();
        await visit.Button("Show what it would do").ClickAsync();
        await Expect(visit.Dialog).ToContainTextAsync("It would run nightly over 2025-12-01");
        Assert.Equal(before, (await site.World.Wiring.Store.RunsAsync(10, TestContext.Current.CancellationToken)).Count);
    }

    [Fact]
    public async Task A_run_is_started_after_its_dry_run_and_watched_from_its_start_to_its_end()
    {
        using var slow = await site.World.FaultAsync("""{"kind":"latency","latency":60}""");
        await using var visit = await site.OpenAsync("");
        await visit.Button("Start a run…").ClickAsync();
        await visit.Page.GetByLabel("Repeat what is complete too").CheckAsync();
        await visit.Button("Show what it would do").ClickAsync();
        await GiveKeyAsync(visit, Site.Key);
        await Expect(visit.Page.GetByRole(AriaRole.Region, new() { Name = "Gaps it would fill" })).ToContainTextAsync("2025-12-01");
        await visit.Button("Start it").ClickAsync();
        await Expect(visit.Heading("Not yet: the run of 2025-12-01 is going on")).ToBeVisibleAsync();
        await Expect(visit.Page.Locator(".timeline .progress").First).ToContainTextAsync("of");
        var id = site.World.Wiring.Runner.Current?.RunId;
        await site.World.Control.DeleteAsync(new Uri("_control/faults", UriKind.Relative), TestContext.Current.CancellationToken);
        await Expect(visit.Heading("Ready: 2025-12-01 is complete")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        var run = (await site.World.Wiring.Store.RunsAsync(1, TestContext.Current.CancellationToken))[0];
        Assert.Equal((id, true, "trigger"), (run.Id, run.Success == true, run.Trigger));
        await visit.GoAsync($"dashboard/runs/{run.Id}");
        await Expect(visit.Page.GetByRole(AriaRole.Region, new() { Name = "Tasks of the run" }).GetByText("completed")).Not.ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_symbol_is_found_by_its_company_and_its_page_shows_what_is_published()
    {
        await using var visit = await site.OpenAsync("dashboard/symbols");
        await visit.Page.GetByLabel("Symbol or company").PressSequentiallyAsync("Apple");
        await visit.Page.Locator(".hit", new() { HasText = "Apple" }).First.ClickAsync();
        await Expect(visit.Page.Locator("h1")).ToContainTextAsync("AAPL");
        var published = (double)await site.World.Wiring.Redis.Database.HashGetAsync("atr:data:AAPL", "atr");
        await Expect(visit.Page.Locator(".figures")).ToContainTextAsync(published.ToString("0.00##", CultureInfo.InvariantCulture));
        var day = (long)await site.World.Wiring.Redis.Database.HashGetAsync("rvol:hist:avg:AAPL", "191");
        await Expect(visit.Page.Locator(".figures")).ToContainTextAsync(day.ToString("N0", CultureInfo.InvariantCulture));
    }

    internal static async Task GiveKeyAsync(Visit visit, string key)
    {
        await visit.Page.GetByLabel("The key (Api:Key)").FillAsync(key);
        await visit.Button("Use this key").ClickAsync();
    }
}
