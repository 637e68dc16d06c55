using System.Net.Http.Json;
using DataMaintenance.Api;
using DataMaintenance.Store;
using DataMaintenance.Tests.Pipeline;
using Market;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DataMaintenance.Browser.Tests;

/// <summary>Who should have been in a session and was not, and what the provider told otherwise later, is found from where people look.</summary>
[Collection("site")]
public sealed class SessionTests(Site site)
{
    [Fact]
    public async Task A_bar_that_vanished_is_named_as_missing_and_as_told_otherwise_on_its_session_from_the_history_on()
    {
        var gone = await VanishAsync();
        await using var visit = await site.OpenAsync("dashboard/history");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "2025-11-26" }).First.ClickAsync();
        await Expect(visit.Page.Locator("h1")).ToContainTextAsync("Session 2025-11-26");
        var missing = visit.Page.GetByRole(AriaRole.Region, new() { Name = "Missing" }).GetByRole(AriaRole.Row, new() { Name = gone.Symbol.Text });
        await Expect(missing).ToContainTextAsync("liquid");
        await Expect(visit.Page.GetByRole(AriaRole.Region, new() { Name = "Revised figures" })).ToContainTextAsync("vanished");

        var told = await ToldAsync(World.Wednesday);
        Assert.Contains(told.Missing, m => m.Symbol == gone.Symbol.Text && m.Liquid);
        foreach (var count in new[] { told.Expected, told.Present, told.New.Count }) await Expect(visit.Page.Locator(".counts")).ToContainTextAsync(count.ToString("N0", System.Globalization.CultureInfo.InvariantCulture));

        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Revisions of all sessions" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Symbol" }).FillAsync(gone.Symbol.Text);
        await visit.Button("Show").ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = $"{gone.Symbol.Text} only" })).ToBeVisibleAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Region, new() { Name = "Revised figures" }).GetByRole(AriaRole.Row)).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task A_session_is_a_link_where_it_is_named()
    {
        await using var visit = await site.OpenAsync("");
        foreach (var (path, place) in new[] { ("", "#session-heading"), ("dashboard/runs/2", "#tasks-heading"), ("dashboard/health", "#coverage-heading + .scroll") })
        {
            await visit.GoAsync(path);
            await visit.Page.Locator(place).GetByRole(AriaRole.Link, new() { Name = "2025-12-01" }).ClickAsync();
            await Expect(visit.Heading("Session 2025-12-01")).ToBeVisibleAsync();
        }

        await Expect(visit.Heading("Who should be there")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_is_no_session_is_told_with_one_to_go_to()
    {
        await using var visit = await site.OpenAsync("");
        foreach (var (day, words) in new[] { ("2025-11-27", "2025-11-27 was no session"), ("2025-12-02", "2025-12-02 has not ended"), ("yesterday", "'yesterday' is no date") })
        {
            await visit.GoAsync($"dashboard/sessions/{day}");
            await Expect(visit.Heading(words)).ToBeVisibleAsync();
            await visit.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "2025-1" }).First.ClickAsync();
            await Expect(visit.Heading("In the store")).ToBeVisibleAsync();
        }
    }

    /// <summary>The provider withdraws a liquid symbol's bar of Wednesday, as a reconciliation finds and stores it.</summary>
    private async Task<DailyBar> VanishAsync()
    {
        var (store, ct) = (site.World.Wiring.Store, TestContext.Current.CancellationToken);
        DailyBar? taken = null;
        await foreach (var bar in store.ReadDailyAsync(World.Wednesday, World.Wednesday, null, ct))
            if (bar.Symbol.Text is not ("AAPL" or "MSFT") && bar.Volume > 1_000_000) taken ??= bar;
        var gone = taken!.Value;
        var at = site.World.Wiring.Clock.GetUtcNow();
        var ledger = new Revision(Dataset.Daily, World.Wednesday, gone.Symbol, null, "close", RevisionKind.Vanished, gone.Close, null, "massive:grouped", "massive:grouped", at, 2);
        await store.HealDailyAsync(new(World.Wednesday, [], [gone.Symbol], "massive:grouped", at, [ledger]), ct);
        return gone;
    }

    private async Task<ExpectedAnswer> ToldAsync(DateOnly session)
    {
        using var answer = await site.World.Control.GetAsync(new Uri(site.Url, $"api/expected/{session:yyyy-MM-dd}"), TestContext.Current.CancellationToken);
        return (await answer.Content.ReadFromJsonAsync<ExpectedAnswer>(ApiJson.Options, TestContext.Current.CancellationToken))!;
    }
}
