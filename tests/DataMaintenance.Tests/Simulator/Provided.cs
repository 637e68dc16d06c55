using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Simulator;

namespace DataMaintenance.Tests.SimulatedProvider;

/// <summary>A simulator on a free port with a clock that stands still, and a plain client with a key.</summary>
internal sealed class Provided : IAsyncDisposable
{
    /// <summary>Friday 2026-11-20, 22:00 New York: the day is over.</summary>
    public static readonly DateTimeOffset FridayNight = new(2026, 11, 21, 3, 0, 0, TimeSpan.Zero);
    public static readonly DateOnly Friday = new(2026, 11, 20);

    private Provided(SimulatorHost host, HttpClient http) => (Host, Http) = (host, http);

    public SimulatorHost Host { get; }
    public HttpClient Http { get; }

    public static async Task<Provided> StartAsync(SimulatorOptions? options = null)
    {
        var host = await SimulatorHost.StartAsync(options ?? new SimulatorOptions { Symbols = 120 }, new FakeTimeProvider(FridayNight), TestContext.Current.CancellationToken);
        var http = new HttpClient { BaseAddress = host.BaseUrl, Timeout = TimeSpan.FromSeconds(20) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "any");
        return new Provided(host, http);
    }

    public Task<HttpResponseMessage> AskAsync(string path) => Http.GetAsync(new Uri(path, UriKind.RelativeOrAbsolute), TestContext.Current.CancellationToken);

    /// <summary>The body of a reply that must be 200.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        using var reply = await AskAsync(path);
        Assert.Equal(200, (int)reply.StatusCode);
        return JsonDocument.Parse(await reply.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).RootElement;
    }

    public async Task<(int Status, string Body)> TextAsync(string path)
    {
        using var reply = await AskAsync(path);
        return ((int)reply.StatusCode, await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Every row of a listing, following next_url to its end.</summary>
    public async Task<List<JsonElement>> AllAsync(string path)
    {
        var rows = new List<JsonElement>();
        for (var (next, pages) = ((string?)path, 0); next is not null; pages++)
        {
            Assert.True(pages < 500, "the pages have no end");
            var page = await GetAsync(next);
            if (page.TryGetProperty("results", out var results)) rows.AddRange(results.EnumerateArray());
            next = page.TryGetProperty("next_url", out var url) ? url.GetString() : null;
        }
        return rows;
    }

    public async Task SetAsync(string fault)
    {
        using var body = new StringContent(fault);
        using var reply = await Http.PostAsync(new Uri("/_control/faults", UriKind.Relative), body, TestContext.Current.CancellationToken);
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public static string Grouped(DateOnly date) => $"/v2/aggs/grouped/locale/us/market/stocks/{date:yyyy-MM-dd}?adjusted=false";

    public static string Range(string ticker, string windows, DateOnly from, DateOnly to, string more = "") =>
        $"/v2/aggs/ticker/{ticker}/range/{windows}/{from:yyyy-MM-dd}/{to:yyyy-MM-dd}?adjusted=false&sort=asc&limit=50000{more}";

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Host.DisposeAsync();
    }
}
