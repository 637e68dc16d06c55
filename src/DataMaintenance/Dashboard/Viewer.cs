using Microsoft.JSInterop;

namespace DataMaintenance.Dashboard;

/// <summary>Whoever looks: the time zone of their browser. One for each open page.</summary>
internal sealed class Viewer(IJSRuntime browser)
{
    private string? name;
    private TimeSpan offset;

    /// <summary>The browser's zone by name; null until the browser was asked.</summary>
    public string? Zone => name;

    public async Task AskAsync()
    {
        var zone = await browser.InvokeAsync<BrowserZone>("dashboard.zone");
        (name, offset) = (zone.Name, TimeSpan.FromMinutes(zone.OffsetMinutes));
    }

    /// <summary>Wall time of the browser.</summary>
    public DateTimeOffset Local(DateTimeOffset at) => at.ToOffset(offset);

    private sealed record BrowserZone(string Name, double OffsetMinutes);
}
