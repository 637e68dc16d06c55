using System.Text.Json.Nodes;

namespace DataMaintenance.Tests.EndToEnd;

/// <summary>The README's first command, full size.</summary>
public class DemoTests
{
    [Fact]
    public async Task The_demo_ends_with_a_completed_night_over_twelve_thousand_symbols_that_verifies()
    {
        using var folder = new TemporaryFolder();
        var settings = new Dictionary<string, string> { ["Store__Path"] = folder.File("store"), ["Logs__Directory"] = folder.File("logs") };
        var demo = await Executable.RunAsync(settings, "demo", "--once", "--json");
        Assert.True(demo.Exit == 0, demo.ToString());
        var night = JsonNode.Parse(demo.Output)!["night"]!;
        Assert.All(night["tasks"]!.AsArray(), task => Assert.Contains(task!["state"]!.GetValue<string>(), new[] { "completed", "skipped" }));
        var counts = night["tasks"]!.AsArray().ToDictionary(t => t!["task"]!.GetValue<string>(), t => t!["counts"]!);
        Assert.InRange(counts["auto_recover_missing_tickers"]["symbols"]!.GetValue<long>(), 11_000, 13_000);
        Assert.InRange(counts["load_volume_slots"]["session_rows"]!.GetValue<long>(), 300_000, 700_000);
        Assert.DoesNotContain(night["tasks"]!.AsArray(), t => t!["checks"]!.AsArray().Any(c => c!.GetValue<string>().Contains("cannot be whole", StringComparison.Ordinal)));

        var status = await Executable.RunAsync(settings, "status");
        Assert.True(status.Exit == 0, status.ToString());
        var verify = await Executable.RunAsync(settings, "verify", "--json");
        Assert.True(verify.Exit == 0, verify.ToString());
        Assert.True(JsonNode.Parse(verify.Output)!["verified"]!.GetValue<bool>());
    }
}
