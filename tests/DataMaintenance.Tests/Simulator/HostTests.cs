using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text.Json;
using Simulator;

namespace DataMaintenance.Tests.SimulatedProvider;

public sealed class HostTests
{
    [Fact]
    public async Task It_listens_on_loopback_and_tells_its_world_without_a_key()
    {
        await using var provided = await Provided.StartAsync(new SimulatorOptions { Symbols = 50, Seed = 7 });
        Assert.True(provided.Host.BaseUrl.IsLoopback);
        provided.Http.DefaultRequestHeaders.Authorization = null;
        var world = await provided.GetAsync("/_control/world");
        Assert.Equal((7, 50, "2003-09-10"), (world.GetProperty("seed").GetInt32(), world.GetProperty("symbols").GetInt32(), world.GetProperty("first_day").GetString()));
        Assert.Equal(400, (int)(await provided.Http.PostAsync(new Uri("/_control/clock", UriKind.Relative), new StringContent("{}"), TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Compressed_replies_hold_the_same_body()
    {
        await using var provided = await Provided.StartAsync(new SimulatorOptions { Symbols = 50, Gzip = true });
        var path = Provided.Range("AAPL", "5/minute", Provided.Friday, Provided.Friday);
        var plain = await provided.GetAsync(path);
        provided.Http.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        using var reply = await provided.AskAsync(path);
        Assert.Equal("gzip", Assert.Single(reply.Content.Headers.ContentEncoding));
        await using var body = new GZipStream(await reply.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress);
        var unpacked = await JsonDocument.ParseAsync(body, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(plain.GetProperty("results").GetRawText(), unpacked.RootElement.GetProperty("results").GetRawText());
    }

    [Fact]
    public async Task Large_volumes_come_in_exponent_form_on_some_rows_and_plain_on_others()
    {
        await using var provided = await Provided.StartAsync(new SimulatorOptions { Symbols = 50 });
        var (_, body) = await provided.TextAsync(Provided.Range("AAPL", "1/day", new(2026, 9, 1), Provided.Friday));
        var volumes = JsonDocument.Parse(body).RootElement.GetProperty("results").EnumerateArray().Select(row => row.GetProperty("v").GetRawText()).ToList();
        Assert.Contains(volumes, text => System.Text.RegularExpressions.Regex.IsMatch(text, @"^\d\.\d+e\+0[678]$"));
        Assert.Contains(volumes, text => System.Text.RegularExpressions.Regex.IsMatch(text, @"^\d{7,}\.\d{1,6}$"));
    }
}
