using System.CommandLine;
using DataMaintenance.Api;
using DataMaintenance.Store;

namespace DataMaintenance.Cli;

/// <summary><c>serve</c>: the service, until it is told to end.</summary>
internal static class ServeCommand
{
    public static Command Build()
    {
        var command = new Command("serve", "Run the service: HTTP API on Api:Urls, runs on request.");
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async host =>
        {
            using var logs = host.Settings.CreateLogs(toConsole: true);
            try
            {
                await using var wiring = await Wiring.OpenAsync(host.Settings, host.Clock, logs.Factory, ct);
                await using var server = await ApiServer.StartAsync(wiring, logs, ct);
                ServeLog.Started(logs.Factory.CreateLogger("DataMaintenance.Cli"), server.Url.ToString(), wiring.Redis.Address, wiring.Store.Description);
                await wiring.Rebuild.MissingAsync(ct);
                await new Loops(wiring.Loops, logs.Factory.CreateLogger("DataMaintenance.Loops")).RunAsync(ct);
                await server.WaitAsync(ct);
                return Exit.Done;
            }
            catch (StoreOwnedException e) when (e.Url is not null)
            {
                throw new InvalidOperationException($"a service already runs on this store, at {e.Url} (process {e.Pid})");
            }
        }));
        return command;
    }
}

internal static partial class ServeLog
{
    [LoggerMessage(EventId = 410, EventName = "service_started", Level = LogLevel.Information, Message = "answers at {url}; Redis at {redis}; store {store}")]
    public static partial void Started(ILogger logger, string url, string redis, string store);
}
