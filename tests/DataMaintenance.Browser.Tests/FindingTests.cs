using DataMaintenance.Store;
using DataMaintenance.Tests.Pipeline;
using Market;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DataMaintenance.Browser.Tests;

/// <summary>What the checks found is shown where people look, accepted or healed.</summary>
[Collection("site")]
public sealed class FindingTests(Site site)
{
    [Fact]
    public async Task A_finding_is_accepted_with_the_name_of_who_did_and_is_gone_from_the_list()
    {
        var finding = await FindAsync("bar.test_accept", "MSFT");
        await using var visit = await site.OpenAsync("");
        await Expect(visit.Page.Locator(".missing")).ToContainTextAsync("bar.test_accept MSFT");
        await visit.GoAsync("dashboard/health");
        await visit.Button($"Accept finding {finding.Id}").ClickAsync();
        await Expect(visit.Dialog).ToContainTextAsync("bar.test_accept of MSFT on 2025-12-01: 1.00, where above 2 was expected.");
        await visit.Page.GetByLabel("Your name").FillAsync("Ana");
        await visit.Page.GetByLabel("Why").FillAsync("true at the exchange");
        await visit.Button("Accept the finding").ClickAsync();
        await RunTests.GiveKeyAsync(visit, Site.Key);
        await Expect(visit.Dialog).ToContainTextAsync("Done.");
        await visit.Dialog.GetByRole(AriaRole.Button, new() { Name = "Close", Exact = true }).Last.ClickAsync();
        await Expect(visit.Button($"Accept finding {finding.Id}")).ToHaveCountAsync(0);
        var after = await site.World.Wiring.Store.FindFindingAsync(finding.Id, TestContext.Current.CancellationToken);
        Assert.Equal(FindingState.Accepted, after!.State);
        var told = await site.World.Wiring.Store.EventsAsync("finding_accepted", 1, TestContext.Current.CancellationToken);
        Assert.Contains("accepted by Ana: true at the exchange", Assert.Single(told).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_finding_is_healed_by_loading_its_session_again()
    {
        var finding = await FindAsync("bar.test_heal", "AAPL");
        await using var visit = await site.OpenAsync("dashboard/symbols/AAPL");
        await visit.Button($"Heal finding {finding.Id}").ClickAsync();
        await visit.Button("Load it again").ClickAsync();
        await RunTests.GiveKeyAsync(visit, Site.Key);
        await Expect(visit.Dialog).ToContainTextAsync("The session is loaded again.");
        await visit.Dialog.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(visit.Page.Locator(".state-completed, .state-partial").First).ToBeVisibleAsync();
        await Expect(visit.Page.Locator("h1")).ToContainTextAsync("Run");
    }

    /// <summary>Raises one, as a check does.</summary>
    private async Task<Finding> FindAsync(string rule, string symbol)
    {
        var (store, now) = (site.World.Wiring.Store, site.World.Wiring.Clock.GetUtcNow());
        var raised = new Finding(0, "daily", World.Monday, new Symbol(symbol), rule, Severity.Error, "1.00", "above 2", FindingState.Open, now, null);
        await store.SaveFindingsAsync(rule, World.Monday, [raised], now, TestContext.Current.CancellationToken);
        return (await store.FindingsAsync(openOnly: true, 100, TestContext.Current.CancellationToken)).Single(f => f.Rule == rule);
    }
}
