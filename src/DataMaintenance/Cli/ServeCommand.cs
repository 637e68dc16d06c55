using System.CommandLine;
using DataMaintenance.Serving;
using DataMaintenance.Store;
using DataMaintenance.Telemetry;

namespace DataMaintenance.Cli;

/// <summary><c>serve</c>: the service, until it is told to end.</summary>
internal static class ServeCommand
{
    /// <summary>Below the ten seconds after which whoever sent the signal kills.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    public static Command Build()
    {
        var command = new Command("serve", "Run the service: HTTP API on Api:Urls, runs by its timetable and on request.");
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async host =>
        {
            using var logs = host.Settings.CreateLogs(toConsole: true);
            using var traces = Tracing.Start(host.Settings.Telemetry, Wiring.Instance);
            try
            {
                var life = new Service(host.Settings, host.Clock, logs).RunAsync(ct);
                if (await Task.WhenAny(life, TooLateAsync(ct)) != life) ServeLog.Abandoned(logs.Factory.CreateLogger("DataMaintenance.Cli"), Patience.TotalSeconds);
                else await life;
                return Exit.Done;
            }
            catch (StoreOwnedException e) when (e.Url is not null)
            {
                throw new InvalidOperationException($"a service already runs on this store, at {e.Url} (process {e.Pid})");
            }
        }));
        return command;
    }

    /// <summary>Ends when the signal to end was not followed in time.</summary>
    private static async Task TooLateAsync(CancellationToken ct)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await Task.Delay(Patience, TimeProvider.System, CancellationToken.None);
    }
}

internal static partial class ServeLog
{
    [LoggerMessage(EventId = 419, EventName = "service_abandoned", Level = LogLevel.Warning, Message = "something outside did not answer within {seconds} s; the process ends without it, and what was committed is kept")]
    public static partial void Abandoned(ILogger logger, double seconds);
}
