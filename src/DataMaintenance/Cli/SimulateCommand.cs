using System.CommandLine;
using System.Text.Json.Nodes;
using DataMaintenance.Pipeline;
using Simulator;
using Simulator.Faults;
using Simulator.Files;
using Simulator.S3;
using Simulator.World;

namespace DataMaintenance.Cli;

/// <summary><c>simulate</c>: the provider's side of the wire alone, for any client.</summary>
internal static class SimulateCommand
{
    private static readonly Option<int> Port = Commands.Number("--port", "where to listen on loopback; 0 = any free port", 8100, 0, 65_535);
    private static readonly Option<int> Symbols = Commands.Number("--symbols", "how many securities are listed", 12_000, 1, 20_000);
    private static readonly Option<int> Seed = Commands.Number("--seed", "another seed is another market", 1, 0, int.MaxValue);
    private static readonly Option<string[]> Faults = new("--fault") { Description = "kind=rate[@route], for example 429=0.1 or cut=0.05@range; repeatable", HelpName = "KIND=RATE" };
    private static readonly Option<DirectoryInfo?> Files = new("--files") { Description = "write flat files of the newest sessions into this folder and end", HelpName = "FOLDER" };
    private static readonly Option<int> Days = Commands.Number("--days", "with --files: how many sessions", 10, 1, 2_600);

    private static readonly Option<double> Revised = new("--revised")
    {
        Description = "share of the securities whose figures are revised on the two mornings after a session, 0 to 1",
        HelpName = "SHARE",
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 1) return share;
            result.AddError($"--revised: expected a share from 0 to 1, got '{text}'");
            return 0;
        },
    };

    private static readonly Option<int> BytesPerSecond = Commands.Number("--bytes-per-second", "slow each connection to the bucket of flat files; 0 = as fast as it goes", 0, 0, int.MaxValue);

    private static Fault Parse(string text)
    {
        try
        {
            return Fault.Parse(text);
        }
        catch (FormatException e)
        {
            throw new RequestException($"--fault: {e.Message}");
        }
    }

    private static JsonObject Listening(Uri url, SimulatorOptions options) => new()
    {
        ["url"] = url.ToString(),
        ["symbols"] = options.Symbols,
        ["seed"] = options.Seed,
        ["files"] = new JsonObject { ["bucket"] = FilesOptions.Bucket, ["access_key"] = options.Files.AccessKey, ["secret_key"] = options.Files.SecretKey },
    };

    public static Command Build()
    {
        var command = new Command("simulate", "Serve a simulated provider over HTTP, with faults on request.") { Port, Symbols, Seed, Faults, Files, Days, BytesPerSecond, Revised };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async host =>
        {
            var options = new SimulatorOptions { Port = parsed.GetValue(Port), Symbols = parsed.GetValue(Symbols), Seed = parsed.GetValue(Seed), Faults = [.. (parsed.GetValue(Faults) ?? []).Select(Parse)], Files = new() { BytesPerSecond = parsed.GetValue(BytesPerSecond) }, Revised = parsed.GetValue(Revised) };
            if (parsed.GetValue(Files) is { } folder)
            {
                var calendar = host.Settings.Calendar();
                var sessions = calendar.LastSessions(parsed.GetValue(Days), calendar.NewestEnded(host.Clock.GetUtcNow()));
                await new FlatFileWriter(new SimulatedMarket(options.Seed, options.Symbols)).WriteAsync(folder.FullName, sessions, ct);
                if (host.Json) host.Write(new JsonObject { ["folder"] = folder.FullName, ["from"] = $"{sessions[0]:yyyy-MM-dd}", ["to"] = $"{sessions[^1]:yyyy-MM-dd}", ["sessions"] = sessions.Count });
                else Console.Out.WriteLine($"flat files of {sessions.Count} sessions, {sessions[0]:yyyy-MM-dd} to {sessions[^1]:yyyy-MM-dd}, are in {folder.FullName}");
                return Exit.Done;
            }

            await using var simulator = await SimulatorHost.StartAsync(options, host.Clock, ct);
            if (host.Json) host.Write(Listening(simulator.BaseUrl, options));
            else Console.Out.WriteLine($"""
                The simulated provider listens on {simulator.BaseUrl}
                  {options.Symbols:N0} securities, seed {options.Seed}; any API key is accepted, but one must be sent. End it with Ctrl-C.
                  curl '{simulator.BaseUrl}v3/reference/tickers?limit=3&apiKey=any'
                  flat files: s3://{FilesOptions.Bucket} at the same address, access key {options.Files.AccessKey}, secret key {options.Files.SecretKey}
                  POST {simulator.BaseUrl}_control/faults, GET {simulator.BaseUrl}_control/requests
                """);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return Exit.Done;
        }));
        return command;
    }
}
