using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace DataMaintenance.Bench;

/// <summary>
/// What readers cost a cycle: the service repeats a whole cycle over 12,000 symbols, alone and while others ask for the metadata of
/// 50 symbols 200 times a second, in turns; the CPU seconds of the service's process are compared.
/// </summary>
internal static class Readers
{
    private const int PerSecond = 200, SymbolsEach = 50;

    public static async Task<int> RunAsync(int pairs)
    {
        var root = Night.Root();
        using (var build = Process.Start(Path.Combine(root, "data-maintenance"), ["--version"])) await build.WaitForExitAsync();
        var folder = Directory.CreateTempSubdirectory("data-maintenance-bench-").FullName;
        try
        {
            await CallAsync(root, folder, "demo", "--once");
            await CallAsync(root, folder, "pause", "--why", "only what is measured runs");
            using var service = Start(root, folder, "serve");
            try
            {
                return await MeasureAsync(service, await AddressAsync(folder), pairs);
            }
            finally
            {
                service.Kill(entireProcessTree: true);
                await service.WaitForExitAsync();
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> MeasureAsync(Process service, Uri address, int pairs)
    {
        using var http = new HttpClient { BaseAddress = address };
        var symbols = (await GetAsync(http, "/api/symbols?prefix=A&limit=200")).AsArray().Select(s => s!["symbol"]!.GetValue<string>()).ToArray();
        await CycleAsync(service, http);
        Console.WriteLine("pair  alone: wall s  CPU s   with readers: wall s  CPU s  requests  failed  p50 ms  p99 ms   CPU ratio");
        var ratios = new List<double>();
        for (var pair = 1; pair <= pairs; pair++)
        {
            var readersFirst = pair % 2 == 0;
            Cycle alone = default, read = default;
            var answers = new List<double>();
            if (!readersFirst) alone = await CycleAsync(service, http);
            using (var stop = new CancellationTokenSource())
            {
                var reading = ReadAsync(address, symbols, answers, stop.Token);
                read = await CycleAsync(service, http);
                await stop.CancelAsync();
                await reading;
            }

            if (readersFirst) alone = await CycleAsync(service, http);
            var good = answers.Where(a => a >= 0).Order().ToArray();
            ratios.Add(read.Cpu / alone.Cpu);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{pair,4} {alone.Wall,14:0.0} {alone.Cpu,6:0.0} {read.Wall,21:0.0} {read.Cpu,6:0.0} {answers.Count,9} {answers.Count - good.Length,7} {good[good.Length / 2],7:0.0} {good[good.Length * 99 / 100],7:0.0} {ratios[^1],11:0.000}"));
        }

        ratios.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median of the CPU ratios {ratios[ratios.Count / 2]:0.000} on {Environment.ProcessorCount} cores"));
        return ratios[ratios.Count / 2] <= 1.1 ? 0 : 1;
    }

    private readonly record struct Cycle(double Wall, double Cpu);

    /// <summary>A whole cycle, everything fetched and computed again.</summary>
    private static async Task<Cycle> CycleAsync(Process service, HttpClient http)
    {
        service.Refresh();
        var (watch, before) = (Stopwatch.StartNew(), service.TotalProcessorTime);
        using var reply = await http.PostAsJsonAsync(new Uri("/trigger", UriKind.Relative), new { force = true });
        reply.EnsureSuccessStatusCode();
        var id = JsonNode.Parse(await reply.Content.ReadAsStringAsync())!["run_id"]!.GetValue<long>();
        JsonNode run;
        do
        {
            await Task.Delay(200);
            run = await GetAsync(http, $"/runs/{id}");
        }
        while (run["state"]!.GetValue<string>() == "in_progress");
        if (run["success"]!.GetValue<bool>() != true) throw new InvalidOperationException($"run {id} failed: {run.ToJsonString()}");
        service.Refresh();
        return new(watch.Elapsed.TotalSeconds, (service.TotalProcessorTime - before).TotalSeconds);
    }

    /// <summary>Asks at the given rate whether or not earlier answers have come; milliseconds of each, -1 for one that failed.</summary>
    private static async Task ReadAsync(Uri address, string[] symbols, List<double> answers, CancellationToken stop)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = address };
        var (watch, random, open) = (Stopwatch.StartNew(), new Random(1), new List<Task>());
        for (var sent = 0; !stop.IsCancellationRequested; sent++)
        {
            var due = TimeSpan.FromSeconds((double)sent / PerSecond) - watch.Elapsed;
            if (due > TimeSpan.Zero) await Task.Delay(due, CancellationToken.None);
            var first = random.Next(symbols.Length - SymbolsEach);
            var path = $"/api/metadata/bulk?symbols={string.Join(',', symbols.Skip(first).Take(SymbolsEach).Select(Uri.EscapeDataString))}";
            open.Add(OneAsync(http, path, answers));
        }

        await Task.WhenAll(open);
    }

    private static async Task OneAsync(HttpClient http, string path, List<double> answers)
    {
        var watch = Stopwatch.StartNew();
        var took = -1.0;
        try
        {
            using var reply = await http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseContentRead);
            if (reply.IsSuccessStatusCode) took = watch.Elapsed.TotalMilliseconds;
        }
        catch (HttpRequestException)
        {
            // Counted as failed.
        }

        lock (answers) answers.Add(took);
    }

    private static async Task<JsonNode> GetAsync(HttpClient http, string path) => JsonNode.Parse(await http.GetStringAsync(new Uri(path, UriKind.Relative)))!;

    private static async Task CallAsync(string root, string folder, params string[] arguments)
    {
        using var process = Start(root, folder, arguments);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with code {process.ExitCode}");
    }

    private static Process Start(string root, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(root, "artifacts", "run", "current", "data-maintenance"), arguments) { RedirectStandardOutput = true };
        foreach (var (name, value) in new[] { ("Store__Path", folder), ("Logs__Directory", Path.Combine(folder, "logs")), ("Api__Urls", "http://127.0.0.1:0"), ("Provider__Kind", "Simulator"), ("Provider__ApiKey", "simulated"), ("Provider__CallsPerSecond", "0"), ("Provider__DetailsPause", "00:00:00"), ("Redis__Port", "0") })
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    /// <summary>Where the service answers, as it writes beside its store; once it has filled its Redis.</summary>
    private static async Task<Uri> AddressAsync(string folder)
    {
        var paper = Path.Combine(folder, "owner.json");
        var patience = Stopwatch.StartNew();
        while (patience.Elapsed < TimeSpan.FromMinutes(2))
        {
            if (File.Exists(paper) && JsonNode.Parse(await File.ReadAllTextAsync(paper))?["url"]?.GetValue<string>() is { } url)
            {
                using var http = new HttpClient { BaseAddress = new(url) };
                await Task.Delay(TimeSpan.FromSeconds(10));
                await http.GetStringAsync(new Uri("/health", UriKind.Relative));
                return new(url);
            }

            await Task.Delay(200);
        }

        throw new InvalidOperationException("the service did not begin to answer within two minutes");
    }
}
