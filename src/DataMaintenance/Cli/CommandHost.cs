using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataMaintenance.Pipeline;
using DataMaintenance.Provider;
using DataMaintenance.Settings;
using DataMaintenance.Store;

namespace DataMaintenance.Cli;

/// <summary>What every command works with: settings, the clock, whether to answer in JSON.</summary>
public sealed record CommandHost(ParseResult Parsed, ServiceSettings Settings, TimeProvider Clock, bool Json)
{
    /// <summary>Whether the answer has been written: a failure after it is not to be taken for another one.</summary>
    public bool Answered { get; private set; }

    /// <summary>Loads settings, runs the command, and turns what goes wrong into one clear line and an exit code.</summary>
    public static async Task<int> RunAsync(ParseResult parsed, Func<CommandHost, Task<int>> command, Func<ServiceSettings, IReadOnlyDictionary<string, string?>>? overrides = null)
    {
        ServiceSettings? settings = null;
        CommandHost? host = null;
        try
        {
            settings = ServiceSettings.Load(parsed.GetValue(Commands.Config));
            if (overrides is not null) settings = ServiceSettings.Load(parsed.GetValue(Commands.Config), overrides(settings));
            host = new(parsed, settings, settings.TimeProvider(), parsed.GetValue(Commands.Json));
            return await command(host);
        }
        catch (SettingsException e)
        {
            foreach (var mistake in e.Mistakes) await Console.Error.WriteLineAsync($"data-maintenance: {mistake}");
            if (parsed.GetValue(Commands.Json)) Console.Out.WriteLine(Problem(string.Join("; ", e.Mistakes), Exit.WrongUse));
            return Exit.WrongUse;
        }
        catch (RequestException e)
        {
            return await SayAsync(parsed, host, e.Message, Exit.WrongUse);
        }
        catch (ProviderException e)
        {
            return await SayAsync(parsed, host, e.Message, e.Transient ? Exit.Unreachable : Exit.Failed);
        }
        catch (Exception e) when (e is StoreUnreachableException or TimeoutException || Unreachable.Is(e))
        {
            return await SayAsync(parsed, host, e.Message, Exit.Unreachable);
        }
        catch (OperationCanceledException)
        {
            // A demo that has completed begins anew the next time.
            var again = parsed.CommandResult.Command.Name == "demo" ? "" : ", and the same command goes on from it";
            return await SayAsync(parsed, host, $"stopped; what was committed is kept{again}", Exit.Failed);
        }
        catch (Exception e) when (e is StoreException or Api.NotHereException or Values.InputsShortException or Cache.FencedException or Cache.RedisRefusedException or Pipeline.RunInProgressException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return await SayAsync(parsed, host, e.Message, Exit.Failed);
        }
        catch (Exception e) when (settings is not null)
        {
            using var logs = settings.CreateLogs(toConsole: false);
            CommandLog.Crashed(logs.Factory.CreateLogger("DataMaintenance.Cli"), e, parsed.CommandResult.Command.Name);
            return await SayAsync(parsed, host, $"{e.GetType().Name}: {e.Message} (the whole of it is in {Path.Combine(settings.Logs.Directory, "maintenance_errors.log")})", Exit.Failed);
        }
    }

    /// <summary>What a failed command says with <c>--json</c>, where an answer would be: RFC 9457, with the exit code.</summary>
    internal static string Problem(string message, int exit)
    {
        var title = exit switch { Exit.WrongUse => "Wrong use", Exit.Unreachable => "An outside system is unreachable", _ => "The command failed" };
        return new JsonObject { ["type"] = "about:blank", ["title"] = title, ["detail"] = message.ReplaceLineEndings(" "), ["exit_code"] = exit }.ToJsonString(Indented);
    }

    private static async Task<int> SayAsync(ParseResult parsed, CommandHost? host, string message, int exit)
    {
        if (parsed.GetValue(Commands.Json) && host?.Answered != true) Console.Out.WriteLine(Problem(message, exit));
        await Console.Error.WriteLineAsync($"data-maintenance: {message.ReplaceLineEndings(" ")}");
        return exit;
    }

    /// <summary>Whether there is a store to read; a PostgreSQL one is asked, not looked for.</summary>
    public bool HasStore => Settings.Store.Kind != StoreKind.Embedded || (Directory.Exists(Settings.Store.Path) && Directory.EnumerateFiles(Settings.Store.Path, "*.duckdb").Any());

    /// <exception cref="InvalidOperationException">There is none at the path: reading makes no store.</exception>
    public void NeedStore()
    {
        if (!HasStore) throw new InvalidOperationException($"there is no store at {Path.GetFullPath(Settings.Store.Path)} (Store:Path); `data-maintenance run` makes one");
    }

    /// <summary>Answers from the store in this process, or from the service that owns it.</summary>
    /// <param name="otherwise">The answer when there is no store yet.</param>
    public Task<JsonNode?> AskAsync(Func<Api.Answers, Task<JsonNode?>> here, string path, JsonNode? otherwise, CancellationToken ct) =>
        AskStoreAsync(store => here(new Api.Answers(store)), path, otherwise, ct);

    /// <inheritdoc cref="AskAsync"/>
    public async Task<JsonNode?> AskStoreAsync(Func<IStore, Task<JsonNode?>> here, string path, JsonNode? otherwise, CancellationToken ct)
    {
        if (!HasStore) return otherwise;
        try
        {
            await using var store = await StoreSetup.OpenAsync(Settings.Store, Clock, Wiring.Instance, ct);
            return await here(store);
        }
        catch (StoreOwnedException e) when (e.Url is not null)
        {
            using var service = new ServiceClient(e.Url, Settings.Api.Key);
            return await service.GetAsync(path, ct);
        }
    }

    /// <summary>The answer in JSON: one document on stdout.</summary>
    public void Write(JsonNode node)
    {
        Answered = true;
        Console.Out.WriteLine(node.ToJsonString(Indented));
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

internal static partial class CommandLog
{
    [LoggerMessage(EventId = 400, EventName = "command_crashed", Level = LogLevel.Error, Message = "{command} ended by an error nobody expected")]
    public static partial void Crashed(ILogger logger, Exception e, string command);
}
