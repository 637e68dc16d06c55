using System.CommandLine;
using System.Text.Json.Nodes;
using DataMaintenance.Schedule;
using DataMaintenance.Store;

namespace DataMaintenance.Cli;

/// <summary><c>cancel</c>, <c>pause</c>, <c>resume</c>: control of what goes on.</summary>
internal static class ControlCommands
{
    private static readonly Argument<long> Run = new("run") { Description = "the run's id, as history shows it" };
    private static readonly Option<string?> Why = new("--why") { Description = "for people", HelpName = "TEXT" };

    public static Command Cancel()
    {
        var command = new Command("cancel", "Stop a run of the service at its next safe point.") { Run };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async host =>
        {
            host.NeedStore();
            try
            {
                await (await StoreSetup.OpenAsync(host.Settings.Store, host.Clock, Wiring.Instance, ct)).DisposeAsync();
                throw new InvalidOperationException("no service runs on this store, so no run is going on");
            }
            catch (StoreOwnedException e) when (e.Url is not null)
            {
                using var service = new ServiceClient(e.Url, host.Settings.Api.Key);
                Say(host, (await service.PostAsync($"/runs/{parsed.GetValue(Run)}/cancel", null, ct))!.AsObject(), answer => answer["message"]!.GetValue<string>());
                return Exit.Done;
            }
        }));
        return command;
    }

    public static Command Pause() => Set(true, new Command("pause", "Let nothing start by itself until resumed; what runs goes on.") { Why });

    public static Command Resume() => Set(false, new Command("resume", "Let the timetable go on after a pause.") { Why });

    private static Command Set(bool paused, Command command)
    {
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async host =>
        {
            host.NeedStore();
            Say(host, await SetAsync(host, paused, parsed.GetValue(Why) ?? "", ct), answer => answer["paused"]!.GetValue<bool>() ? $"paused since {answer["since"]} by {answer["by"]}; `data-maintenance resume` ends it" : "not paused");
            return Exit.Done;
        }));
        return command;
    }

    private static async Task<JsonObject> SetAsync(CommandHost host, bool paused, string why, CancellationToken ct)
    {
        var by = Environment.UserName;
        try
        {
            await using var store = await StoreSetup.OpenAsync(host.Settings.Store, host.Clock, Wiring.Instance, ct);
            return Api.ApiJson.ToNode(await Api.ControlApi.SetAsync(new Pause(store, host.Clock, Wiring.Instance), paused, by, why, ct)).AsObject();
        }
        catch (StoreOwnedException e) when (e.Url is not null)
        {
            using var service = new ServiceClient(e.Url, host.Settings.Api.Key);
            return (await service.PostAsync(paused ? "/pause" : "/resume", new JsonObject { ["by"] = by, ["why"] = why }, ct))!.AsObject();
        }
    }

    private static void Say(CommandHost host, JsonObject answer, Func<JsonObject, string> words)
    {
        if (host.Json) host.Write(answer);
        else Console.Out.WriteLine(words(answer));
    }
}
