using System.CommandLine;
using System.Text.Json.Nodes;
using DataMaintenance.Api;
using DataMaintenance.Schedule;

namespace DataMaintenance.Cli;

/// <summary><c>next</c>: when which plan is due, from the timetable; a running service is asked, since it may be paused.</summary>
internal static class NextCommand
{
    public static Command Build()
    {
        var command = new Command("next", "When which plan is due, for which session.");
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async host =>
        {
            var calendar = host.Settings.Calendar();
            JsonObject Of(PauseInForce? pause) => NextRun.Of(new(StandardPlans.InForce(host.Settings.Plans), calendar), calendar, host.Clock.GetUtcNow(), HealthApi.Clock(host.Settings), pause);
            var byRule = Of(null);
            var next = await host.AskStoreAsync(async store =>
            {
                await CalendarDoubt.RecallAsync(store, calendar, ct);
                return Of(await new Pause(store, host.Clock, Wiring.Instance).FindAsync(ct));
            }, "/next-run", byRule, ct)
                ?? throw new InvalidOperationException("the service on this store knows no timetable; it is of an older version, restart it");
            if (host.Json) host.Write(next);
            else Write(next.AsObject());
            return Exit.Done;
        }));
        return command;
    }

    private static void Write(JsonObject next)
    {
        Console.Out.WriteLine($"New York {Minute(next["now_et"])}, market {next["market_session"]}; {next["market_session_next"]} at {Minute(next["market_session_next_at"])}Z");
        if (next["clock"]?.GetValue<string>() is { } clock and not "real") Console.Out.WriteLine(clock);
        if (next["paused"] is JsonObject pause) Console.Out.WriteLine($"PAUSED since {pause["since"]} by {pause["by"]}: {pause["why"]}; nothing starts by itself until resumed");
        foreach (var plan in next["plans"]!.AsArray())
            Console.Out.WriteLine($"  {plan!["plan"],-11} {Minute(plan["next_et"])} New York ({Minute(plan["next_utc"])[^5..]}Z)  in {plan["in"],-10} for {plan["trading_date"]}");
    }

    /// <summary>Of an instant in JSON the date and the minute, in the zone it is written in.</summary>
    private static string Minute(JsonNode? instant) => instant!.GetValue<string>()[..16].Replace('T', ' ');
}
