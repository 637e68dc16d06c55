using Microsoft.Playwright;

namespace DataMaintenance.Browser.Tests;

/// <summary>One viewer's page, with what the browser complained of and what it asked elsewhere.</summary>
public sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly List<string> complaints = [];
    private readonly List<string> foreign = [];

    public Visit(IBrowserContext context, IPage page, Uri home)
    {
        (this.context, Page) = (context, page);
        page.Console += (_, message) => { if (message.Type is "error" or "warning") complaints.Add(message.Text); };
        page.PageError += (_, error) => complaints.Add(error);
        page.Request += (_, request) =>
        {
            if (Uri.TryCreate(request.Url, UriKind.Absolute, out var url) && url.Scheme.StartsWith("http", StringComparison.Ordinal) && url.Authority != home.Authority) foreign.Add(request.Url);
        };
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings on the console.</summary>
    public IReadOnlyList<string> Complaints => complaints;

    /// <summary>Requests to other hosts.</summary>
    public IReadOnlyList<string> Foreign => foreign;

    /// <summary>Goes to an address of the service and waits until the page is live.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(path);
        await LiveAsync();
    }

    /// <summary>Waits until the page is connected: the viewer's own clock is shown only then.</summary>
    public Task LiveAsync() => Assertions.Expect(Page.Locator(".strip .yours")).ToBeVisibleAsync();

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
    public ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new() { Name = name });
    public ILocator Dialog => Page.GetByRole(AriaRole.Dialog);

    public async ValueTask DisposeAsync() => await context.DisposeAsync();
}
