using DataMaintenance.Api;
using static Microsoft.Playwright.Assertions;

namespace DataMaintenance.Browser.Tests;

/// <summary>A page that stays open while the service goes and comes.</summary>
[Collection("site")]
public sealed class ComebackTests(Site site)
{
    private const string Lost = "The connection to the service is lost.";

    [Fact]
    public async Task A_lost_connection_is_told_and_comes_back_when_the_service_was_restarted()
    {
        await using var visit = await site.OpenAsync("dashboard/health");
        await site.StopAsync();
        await Expect(visit.Page.GetByText(Lost)).ToBeVisibleAsync();
        await site.StartAsync();
        await Expect(visit.Page.GetByText(Lost)).ToBeHiddenAsync();
        await visit.LiveAsync();
        await Expect(visit.Heading("Servers and sizes")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task While_the_process_answers_for_nobody_an_open_page_waits_and_a_new_one_says_so_and_both_come_to_life_by_themselves()
    {
        var settings = site.World.Wiring.Settings;
        await site.StopAsync();
        try
        {
            await using var listener = await Listener.StartAsync(settings.Api, new Between(settings, site.World.Wiring.Clock).AnswerAsync, TestContext.Current.CancellationToken);
            await using var before = await site.StartAsync(listener);
            await using var open = await site.VisitAsync(listener.Url);
            await open.GoAsync("dashboard/health");
            await before.DisposeAsync();
            await Expect(open.Page.GetByText(Lost)).ToBeVisibleAsync();

            await using var late = await site.VisitAsync(listener.Url);
            var answer = await late.Page.GotoAsync("dashboard/history");
            Assert.Equal(503, answer!.Status);
            await Expect(late.Page.Locator("h1")).ToContainTextAsync("Not yet");
            // Long enough for both to ask again, several times.
            await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
            await Expect(open.Page.GetByText(Lost)).ToBeVisibleAsync();

            await using var after = await site.StartAsync(listener);
            await open.LiveAsync();
            await Expect(open.Heading("Servers and sizes")).ToBeVisibleAsync();
            await late.LiveAsync();
            await Expect(late.Heading("History")).ToBeVisibleAsync();
        }
        finally
        {
            await site.StartAsync();
        }
    }
}
