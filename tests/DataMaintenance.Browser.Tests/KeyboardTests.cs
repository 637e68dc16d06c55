using static Microsoft.Playwright.Assertions;

namespace DataMaintenance.Browser.Tests;

/// <summary>Everything a page offers is reached and done by keyboard alone.</summary>
[Collection("site")]
public sealed class KeyboardTests(Site site)
{
    [Fact]
    public async Task Tab_reaches_the_content_first_then_every_page_and_every_action_in_order_and_the_focus_is_seen()
    {
        await using var visit = await site.OpenAsync("");
        var reached = new List<string>();
        // The focus begins on the heading; past the end of the page it goes by the browser's own controls to its beginning.
        for (var i = 0; i < 30; i++)
        {
            await visit.Page.Keyboard.PressAsync("Tab");
            if (!await visit.Page.EvaluateAsync<bool>("document.activeElement !== document.body")) continue;
            reached.Add(await visit.Page.EvaluateAsync<string>("document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.trim()"));
            Assert.True(await visit.Page.EvaluateAsync<bool>("(e => { const s = getComputedStyle(e); return s.outlineStyle !== 'none' || s.boxShadow !== 'none'; })(document.activeElement)"), $"the focus on '{reached[^1]}' is not seen");
        }

        var around = reached[reached.IndexOf("Skip to the content")..];
        Assert.Equal(["Skip to the content", "Data Maintenance", "Now", "History", "Symbol", "Health"], around.Take(6));
        Assert.Equal(["Start a run…", "Clear caches…", "Pause…"], around.Where(r => r.EndsWith('…')).Take(3));
    }

    [Fact]
    public async Task A_dialog_is_opened_used_and_left_by_keyboard_and_the_focus_comes_back()
    {
        await using var visit = await site.OpenAsync("");
        await visit.Button("Pause…").FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Dialog).ToBeVisibleAsync();
        await Expect(visit.Dialog.Locator(":focus")).ToHaveCountAsync(1);
        await visit.Page.Keyboard.PressAsync("Escape");
        await Expect(visit.Dialog).ToHaveCountAsync(0);
        await Expect(visit.Button("Pause…")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_symbol_is_found_by_typing_and_arrows()
    {
        await using var visit = await site.OpenAsync("dashboard/symbols");
        await visit.Page.GetByLabel("Symbol or company").FocusAsync();
        await visit.Page.Keyboard.TypeAsync("AAP");
        await Expect(visit.Page.Locator(".hit").First).ToBeVisibleAsync();
        await visit.Page.Keyboard.PressAsync("ArrowDown");
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Page.Locator("h1")).ToContainTextAsync("AAPL");
    }
}
