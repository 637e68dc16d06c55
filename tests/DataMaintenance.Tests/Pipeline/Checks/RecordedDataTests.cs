using System.Globalization;
using DataMaintenance.Pipeline;
using DataMaintenance.Settings;
using DataMaintenance.Store;
using DataMaintenance.Tests.EndToEnd;
using Microsoft.Extensions.Logging.Abstractions;
using static DataMaintenance.Tests.EndToEnd.SharedData;

namespace DataMaintenance.Tests.Pipeline.Checks;

/// <summary>Clean recorded data raise no alarm; what is told of the whole market of 2016 was looked at row by row.</summary>
public sealed class RecordedDataTests : IDisposable
{
    /// <summary>Steps of the whole-market set, whose splits are not listed; docs/truth.md says what each one was found to be.</summary>
    private static readonly string[] Steps2016 =
    [
        "AVNW 06-14", "BXC 06-14", "CCCL 06-28", "CRC 06-01", "CRDS 06-21", "CREG 05-26", "CYCC 05-31", "DCIX 06-09", "HH 06-16", "LPTN 06-13", "MNI 06-07", "NEE 06-09",
        "NETE 05-25", "NTN 06-17", "OCLS 06-27", "ONTX 06-01", "PACD 05-26", "RGSE 06-02", "SBLK 06-21", "SGY 06-13", "SUPV 05-25", "USEG 06-22", "VICL 05-27", "XGTI 06-21",
    ];

    private readonly TemporaryFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("2024-11-01", "2025-01-31")]
    [InlineData("2013-08-19", "2013-10-11")]
    [InlineData("2014-04-15", "2014-07-15")]
    [InlineData("2024-05-01", "2024-07-12")]
    [InlineData("2024-03-04", "2024-03-15")]
    [InlineData("2023-10-06", "2023-10-27")]
    public async Task Clean_bars_and_minutes_raise_no_alarm_over_their_whole_range(string from, string to)
    {
        Need();
        await using var wiring = await OpenAsync();
        var findings = await LoadAsync(wiring, from, to);
        Assert.Equal([], findings.Select(f => $"{f.Date:yyyy-MM-dd} {f.Rule} {f.Symbol}: {f.Value}, expected {f.Expectation}"));
    }

    [Fact]
    public async Task Of_a_whole_markets_bars_only_what_was_looked_at_is_told()
    {
        Need();
        await using var wiring = await OpenAsync();
        var findings = await LoadAsync(wiring, "2016-05-16", "2016-06-30");
        Assert.Equal(["price.absurd", "set.missing"], findings.Select(f => f.Rule).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(Steps2016, findings.Where(f => f.Rule == "price.absurd").Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Symbol} {f.Date:MM-dd}")).Order(StringComparer.Ordinal));
        var missing = findings.Where(f => f.Rule == "set.missing").ToArray();
        Assert.Equal(96, missing.Length);
        foreach (var day in missing.GroupBy(f => f.Date))
            Assert.Empty(day.Select(f => f.Symbol!.Value).Intersect((await wiring.Store.SymbolCoverageAsync(Dataset.Daily, day.Key, Ct)).Values.Where(c => c.Rows > 0).Select(c => c.Symbol!.Value)));
    }

    private static async Task<IReadOnlyList<Finding>> LoadAsync(Wiring wiring, string from, string to)
    {
        var sessions = wiring.Calendar.Sessions(Day(from), Day(to));
        var run = await wiring.Runner.RunAsync(new RunRequest(sessions[^1], Plan.Backfill, "test", [TaskNames.LoadOhlc, TaskNames.LoadVolumeSlots], Range: sessions), Silent.Observer, Ct);
        Assert.NotEqual(0, run.Tasks.Sum(t => t.Counts.GetValueOrDefault("rows")));
        return await wiring.Store.FindingsAsync(openOnly: false, 100_000, Ct);
    }

    private async Task<Wiring> OpenAsync()
    {
        await File.WriteAllTextAsync(folder.File("splits.csv"), "symbol,execution_date,split_from,split_to\nAAPL,2014-06-09,1,7\nNVDA,2024-06-10,1,10\n", Ct);
        var settings = ServiceSettings.Load(null, new Dictionary<string, string?>
        {
            ["Provider:Kind"] = "Directory",
            ["Provider:Path"] = Path.Combine(Folder, "flatfiles"),
            ["Provider:SplitsPath"] = folder.File("splits.csv"),
            ["Store:Path"] = folder.File("store"),
            ["Store:MemoryMegabytes"] = "256",
            ["Logs:Directory"] = folder.File("logs"),
            ["Checks:MinDailySymbols"] = "1",
            ["Checks:MinSlotRows"] = "1",
        });
        return await Wiring.OpenAsync(settings, TimeProvider.System, NullLoggerFactory.Instance, Ct);
    }

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
