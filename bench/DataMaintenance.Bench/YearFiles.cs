using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using DataMaintenance.Provider;
using Simulator;
using Simulator.S3;

namespace DataMaintenance.Bench;

/// <summary>The minute and day files of many sessions, made once by the simulated provider; about 8 GB for a year.</summary>
internal static class YearFiles
{
    /// <summary>Outlives the process; delete it when done.</summary>
    public static string Folder { get; } = Environment.GetEnvironmentVariable("BENCH_FILES") ?? Path.Combine(Path.GetTempPath(), "data-maintenance-bench-files");

    public static async Task MakeAsync(string folder, IReadOnlyList<DateOnly> range)
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions { Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), Files = new() { Folder = folder } }, TimeProvider.System, CancellationToken.None);
        await using var source = ProviderSetup.Create(new ProviderOptions
        {
            BaseUrl = simulator.BaseUrl,
            ApiKey = "bench",
            CallsPerSecond = 0,
            FlatFiles = new() { Endpoint = simulator.BaseUrl, AccessKey = new FilesOptions().AccessKey, SecretKey = new FilesOptions().SecretKey, StallTimeout = TimeSpan.FromMinutes(10) },
        }, TimeProvider.System);
        Console.WriteLine($"files of {range.Count} sessions in {folder}, kept for the next time");
        await Parallel.ForEachAsync(range, async (session, ct) =>
        {
            var found = await source.FindFileAsync(FileSet.Minutes, session, int.MaxValue, ct);
            if (found.File is null) throw new InvalidOperationException($"{session:yyyy-MM-dd} has no minute file: {found.Said}");
        });
    }

    /// <returns>Seconds, bytes packed, rows.</returns>
    public static async Task<(double Seconds, long Packed, long Rows)> UnpackAsync(string folder, IReadOnlyList<DateOnly> range)
    {
        var (watch, packed, rows, buffer) = (Stopwatch.StartNew(), 0L, 0L, new byte[1 << 16]);
        foreach (var path in range.Select(session => Directory.GetFiles(folder, string.Create(CultureInfo.InvariantCulture, $"*-minute_aggs_v1-{session:yyyy-MM-dd}.csv.gz")).Single()))
        {
            await using var file = File.OpenRead(path);
            packed += file.Length;
            await using var gzip = new GZipStream(file, CompressionMode.Decompress);
            while (gzip.Read(buffer) is > 0 and var read) rows += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        return (watch.Elapsed.TotalSeconds, packed, rows - range.Count);
    }
}
