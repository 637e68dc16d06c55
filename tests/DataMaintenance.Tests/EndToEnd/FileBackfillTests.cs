using System.Globalization;
using System.Text.Json.Nodes;
using Simulator;
using Simulator.S3;

namespace DataMaintenance.Tests.EndToEnd;

/// <summary>SIGKILL in the middle of a backfill from flat files.</summary>
public sealed class FileBackfillTests
{
    private const int Sessions = 9, AtOnce = 2;
    private static readonly string[] Range = ["--from", "2025-11-17", "--to", "2025-11-28"];

    [Fact]
    public async Task A_backfill_killed_in_the_middle_loses_at_most_the_days_in_flight_and_goes_on_behind_the_others()
    {
        var ct = TestContext.Current.CancellationToken;
        // A slow provider: a file takes about half a second, so that the kill falls between the files.
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions { Symbols = 120, Files = new() { BytesPerSecond = 1_500_000 } }, TimeProvider.System, ct);
        using var control = new HttpClient { BaseAddress = simulator.BaseUrl };
        using var folder = new TemporaryFolder();
        var settings = Settings(folder, simulator);

        using var process = Executable.Start(settings, ["backfill", "--tasks", "load_volume_slots", .. Range]);
        var output = process.StandardOutput.ReadToEndAsync(ct);
        while (await AskedAsync(control, "file-head", ct) < 5) await Task.Delay(TimeSpan.FromMilliseconds(20), ct);
        process.Kill();
        await process.WaitForExitAsync(ct);
        await output;

        var asked = await AskedAsync(control, "file-head", ct);
        (await control.PostAsync(new Uri("_control/requests/reset", UriKind.Relative), null, ct)).Dispose();
        var resumed = await Executable.RunAsync(settings, ["backfill", "--tasks", "load_volume_slots", .. Range]);
        Assert.True(resumed.Exit == 0, resumed.ToString());
        var again = asked + await AskedAsync(control, "file-head", ct) - Sessions;
        Assert.InRange(again, 0, AtOnce);

        using var calm = new TemporaryFolder();
        var undisturbed = await Executable.RunAsync(Settings(calm, simulator), ["backfill", "--tasks", "load_volume_slots", .. Range]);
        Assert.True(undisturbed.Exit == 0, undisturbed.ToString());
        Assert.Equal(await ExportAsync(Settings(calm, simulator), calm), await ExportAsync(settings, folder));
    }

    private static Dictionary<string, string> Settings(TemporaryFolder folder, SimulatorHost simulator) => new()
    {
        ["Provider__Kind"] = "Simulator",
        ["Provider__BaseUrl"] = simulator.BaseUrl.ToString(),
        ["Provider__CallsPerSecond"] = "0",
        ["Provider__FlatFiles__AccessKey"] = new FilesOptions().AccessKey,
        ["Provider__FlatFiles__SecretKey"] = new FilesOptions().SecretKey,
        ["Provider__FlatFiles__LeastSymbols"] = "10",
        ["Provider__FlatFiles__FilesAtOnce"] = AtOnce.ToString(CultureInfo.InvariantCulture),
        ["Clock__Start"] = "2025-12-02T08:00:00Z",
        ["Store__Path"] = folder.File("store"),
        ["Store__MemoryMegabytes"] = "256",
        ["Logs__Directory"] = folder.File("logs"),
        ["Checks__MinSlotRows"] = "100",
    };

    private static async Task<int> AskedAsync(HttpClient control, string route, CancellationToken ct)
    {
        var counts = JsonNode.Parse(await control.GetStringAsync(new Uri("_control/requests", UriKind.Relative), ct))!["requests"]!.AsArray();
        return counts.Where(c => (string)c!["route"]! == route).Sum(c => (int)c!["count"]!);
    }

    private static async Task<string> ExportAsync(Dictionary<string, string> settings, TemporaryFolder folder)
    {
        var file = folder.File("slots.csv");
        var outcome = await Executable.RunAsync(settings, ["export", "slots", "--raw", .. Range, "--out", file]);
        Assert.True(outcome.Exit == 0, outcome.ToString());
        return await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
    }
}
