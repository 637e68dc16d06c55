using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using DataMaintenance.Pipeline;
using DataMaintenance.Provider;
using DataMaintenance.Settings;
using Market;
using Microsoft.Extensions.Logging.Abstractions;
using Simulator;
using Simulator.S3;

namespace DataMaintenance.Bench;

/// <summary>
/// A backfill of slots from minute files over S3, as the service does it, beside its limit: unpacking the same bytes and nothing
/// else. The files are made beforehand, so the simulated provider only serves them.
/// </summary>
internal static class FlatFile
{
    private static readonly DateTimeOffset Now = new(2025, 12, 2, 17, 0, 0, TimeSpan.Zero);

    public static async Task<int> RunAsync(int sessions, string? postgres)
    {
        var folder = Directory.CreateTempSubdirectory("data-maintenance-bench-").FullName;
        try
        {
            var range = TradingCalendar.Nyse.LastSessions(sessions, FullMarket.Session);
            var files = Path.Combine(folder, "files");
            await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions { Now = Now, Files = new() { Folder = files } }, TimeProvider.System, CancellationToken.None);
            await using var source = ProviderSetup.Create(Provider(simulator), TimeProvider.System);
            Say($"making {range.Count} minute files of {simulator.Market.Symbols:N0} symbols");
            foreach (var session in range) await source.FindFileAsync(FileSet.Minutes, session, int.MaxValue, CancellationToken.None);
            await UnpackAsync(files);
            await ZcatAsync(files);
            await ReadAsync(source, range);
            await BackfillAsync(simulator, range, folder, postgres);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ProviderOptions Provider(SimulatorHost simulator) => new()
    {
        BaseUrl = simulator.BaseUrl,
        ApiKey = "bench",
        CallsPerSecond = 0,
        FlatFiles = new() { Endpoint = simulator.BaseUrl, AccessKey = new FilesOptions().AccessKey, SecretKey = new FilesOptions().SecretKey },
    };

    private static async Task UnpackAsync(string files)
    {
        var (watch, packed, lines, plain) = (Stopwatch.StartNew(), 0L, 0L, 0L);
        var buffer = new byte[1 << 16];
        foreach (var path in Directory.GetFiles(files))
        {
            await using var file = File.OpenRead(path);
            packed += file.Length;
            await using var gzip = new GZipStream(file, CompressionMode.Decompress);
            while (await gzip.ReadAsync(buffer) is > 0 and var read)
            {
                plain += read;
                lines += buffer.AsSpan(0, read).Count((byte)'\n');
            }
        }

        Say($"GZipStream alone, one thread: {watch.Elapsed.TotalSeconds:N2} s for {packed / 1e6:N1} MB packed, {plain / 1e6:N0} MB plain, {lines:N0} rows: {lines / watch.Elapsed.TotalSeconds / 1e6:N2} M rows/s");
    }

    private static async Task ZcatAsync(string files)
    {
        var watch = Stopwatch.StartNew();
        using var zcat = Process.Start(new ProcessStartInfo("sh", ["-c", $"zcat {files}/*.gz > /dev/null"]))!;
        await zcat.WaitForExitAsync();
        Say($"zcat alone, one process: {watch.Elapsed.TotalSeconds:N2} s");
    }

    private static async Task ReadAsync(IMarketSource source, IReadOnlyList<DateOnly> range)
    {
        var (watch, slots) = (Stopwatch.StartNew(), 0L);
        await Parallel.ForEachAsync(range, new ParallelOptions { MaxDegreeOfParallelism = source.FilesAtOnce }, async (session, ct) =>
        {
            var found = await source.FindFileAsync(FileSet.Minutes, session, int.MaxValue, ct);
            var read = await source.ReadSlotsAsync(found.File!, SlotGrid.Extended, ct);
            Interlocked.Add(ref slots, read.Replies.Sum(r => (long)r.Days[0].Slots.Length));
        });
        Say($"over S3 to slots, not stored: {watch.Elapsed.TotalSeconds:N2} s, {slots:N0} slots, {range.Count / watch.Elapsed.TotalMinutes:N1} sessions a minute");
    }

    private static async Task BackfillAsync(SimulatorHost simulator, IReadOnlyList<DateOnly> range, string folder, string? postgres)
    {
        var given = new Dictionary<string, string?>
        {
            ["Store:Path"] = Path.Combine(folder, "store"),
            ["Logs:Directory"] = Path.Combine(folder, "logs"),
            ["Clock:Start"] = Now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["Provider:Kind"] = "Simulator",
            ["Provider:BaseUrl"] = simulator.BaseUrl.ToString(),
            ["Provider:CallsPerSecond"] = "0",
            ["Provider:FlatFiles:AccessKey"] = new FilesOptions().AccessKey,
            ["Provider:FlatFiles:SecretKey"] = new FilesOptions().SecretKey,
        };
        if (postgres is not null) (given["Store:Kind"], given["Store:ConnectionString"]) = ("Postgres", postgres);
        var settings = ServiceSettings.Load(null, given);
        await using var wiring = await Wiring.OpenAsync(settings, settings.TimeProvider(), NullLoggerFactory.Instance, CancellationToken.None);
        var process = Process.GetCurrentProcess();
        foreach (var task in new[] { TaskNames.LoadOhlc, TaskNames.LoadVolumeSlots })
        {
            var (watch, before) = (Stopwatch.StartNew(), process.TotalProcessorTime);
            var run = await wiring.Runner.RunAsync(new RunRequest(range[^1], Plan.Backfill, "bench", [task], Range: range), Silent.Observer, CancellationToken.None);
            process.Refresh();
            var result = run.Tasks.Single();
            Say($"{wiring.Store.Description}: {task} {result.State} in {watch.Elapsed.TotalSeconds:N1} s, {range.Count / watch.Elapsed.TotalMinutes:N1} sessions a minute, {(process.TotalProcessorTime - before).TotalSeconds:N1} s CPU with the simulator's, peak {process.PeakWorkingSet64 / 1e6:N0} MB {result.Error}");
            foreach (var check in result.Checks.Where(c => c.Result is CheckResult.Note or CheckResult.Failed)) Say($"  {check}");
        }
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
