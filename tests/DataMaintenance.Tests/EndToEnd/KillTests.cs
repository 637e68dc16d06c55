using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using DataMaintenance.Store;
using Simulator;

namespace DataMaintenance.Tests.EndToEnd;

/// <summary>SIGKILL from outside, at random moments of a first load and a night, and start again.</summary>
public class KillTests
{
    private const int Kills = 20;
    private const string Session = "2025-12-01";

    [Fact]
    public async Task A_cycle_killed_twenty_times_ends_in_the_bytes_of_an_undisturbed_one_and_asks_for_no_committed_reply_again()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions { Symbols = 400 }, TimeProvider.System, ct);
        using var control = new HttpClient { BaseAddress = simulator.BaseUrl };
        using var calm = new TemporaryFolder();
        var undisturbed = await Executable.RunAsync(Settings(calm, simulator), "run", "--date", Session);
        Assert.True(undisturbed.Exit == 0, undisturbed.ToString());
        var requests = await RequestsAsync(control, ct);

        using var hurt = new TemporaryFolder();
        var settings = Settings(hurt, simulator);
        var random = new Random(20251201);
        var killed = 0;
        for (var i = 0; i < Kills; i++)
        {
            var committed = await CommittedAsync(hurt, ct);
            await control.PostAsync(new Uri("_control/requests/reset", UriKind.Relative), null, ct);
            using var process = Executable.Start(settings, "run", "--date", Session);
            var output = process.StandardOutput.ReadToEndAsync(ct);
            if (await ReachedAsync(process, control, random.Next(2 * requests / Kills), TimeSpan.FromMilliseconds(random.Next(100, 1_000)), ct))
            {
                process.Kill();
                killed++;
            }

            await process.WaitForExitAsync(ct);
            await output;
            var again = await AskedAsync(control, ct);
            again.IntersectWith(committed);
            Assert.True(again.Count == 0, $"after kill {killed}: asked again although committed: {string.Join(' ', again.Take(10))}");
        }

        Assert.InRange(killed, Kills / 4, Kills);
        var last = await Executable.RunAsync(settings, "run", "--date", Session);
        Assert.True(last.Exit == 0, last.ToString());
        foreach (var kind in new[] { "daily", "slots", "atr", "rvol", "avg-volume", "metadata" })
        {
            var (expected, actual) = (await ExportAsync(Settings(calm, simulator), calm, kind), await ExportAsync(settings, hurt, kind));
            Assert.True(expected.AsSpan().SequenceEqual(actual), $"{kind} differs from the undisturbed run's");
        }
    }

    /// <summary>Symbols whose slots of the session are staged or stored.</summary>
    private static async Task<HashSet<string>> CommittedAsync(TemporaryFolder folder, CancellationToken ct)
    {
        if (!Directory.Exists(folder.File("store"))) return [];
        await using var store = await StoreSetup.OpenAsync(new StoreOptions { Path = folder.File("store"), MemoryMegabytes = 256 }, TimeProvider.System, "test", ct);
        var day = DateOnly.Parse(Session, CultureInfo.InvariantCulture);
        var staged = await store.StagedAsync(day, ct);
        var stored = await store.SymbolCoverageAsync(Dataset.Slots, day, ct);
        return [.. staged.Concat(stored.Keys).Select(s => s.Text)];
    }

    private static async Task<HashSet<string>> AskedAsync(HttpClient control, CancellationToken ct)
    {
        var asked = JsonNode.Parse(await control.GetStringAsync(new Uri("_control/requests?by=symbol", UriKind.Relative), ct))!;
        return [.. asked["symbols"]!.AsArray().Select(s => s!["symbol"]!.GetValue<string>())];
    }

    /// <summary>Waits, by what the provider was asked and not by the clock, which says nothing on a busy machine.</summary>
    /// <returns>Whether so many requests were made, or none more for a while after the first; else the process has ended.</returns>
    private static async Task<bool> ReachedAsync(Process process, HttpClient control, int wanted, TimeSpan quiet, CancellationToken ct)
    {
        var (seen, since) = (0, Stopwatch.StartNew());
        while (!process.HasExited)
        {
            var now = await RequestsAsync(control, ct);
            if (now > seen) since.Restart();
            seen = now;
            if (seen > 0 && (seen >= wanted || since.Elapsed > quiet)) return true;
            await Task.Delay(5, ct);
        }

        return false;
    }

    private static async Task<int> RequestsAsync(HttpClient control, CancellationToken ct) =>
        JsonNode.Parse(await control.GetStringAsync(new Uri("_control/requests", UriKind.Relative), ct))!["total"]!.GetValue<int>();

    private static async Task<byte[]> ExportAsync(Dictionary<string, string> settings, TemporaryFolder folder, string kind)
    {
        var file = folder.File($"{kind}.csv");
        var outcome = await Executable.RunAsync(settings, "export", kind, "--out", file);
        Assert.True(outcome.Exit == 0, outcome.ToString());
        return await File.ReadAllBytesAsync(file);
    }

    private static Dictionary<string, string> Settings(TemporaryFolder folder, SimulatorHost simulator) => new(StringComparer.Ordinal)
    {
        ["Provider__Kind"] = "Massive",
        ["Provider__BaseUrl"] = simulator.BaseUrl.ToString(),
        ["Provider__ApiKey"] = "any",
        ["Provider__CallsPerSecond"] = "0",
        ["Provider__DetailsPause"] = "00:00:00",
        ["Store__Path"] = folder.File("store"),
        ["Logs__Directory"] = folder.File("logs"),
        ["Tasks__MetadataPerRun"] = "1000",
        ["Checks__MinDailySymbols"] = "200",
        ["Checks__MinSlotRows"] = "2000",
        ["Checks__MinAtrSymbols"] = "200",
    };
}
