using System.CommandLine;
using System.Text.Json.Nodes;
using DataMaintenance.Pipeline;
using DataMaintenance.Schedule;

namespace DataMaintenance.Cli;

/// <summary><c>run</c>: a plan, or some of its tasks, over one session.</summary>
internal static class RunCommand
{
    private static readonly Option<DateOnly?> Date = Commands.Date("--date", "the session to process; default the newest that has ended");
    private static readonly Option<string?> PlanName = new("--plan") { Description = "nightly, after_close, cache_clear, reconcile, cleanup, or one of Plans:Custom; default the one of Plans:Schedule", HelpName = "PLAN" };
    private static readonly Option<string[]?> Tasks = Commands.Names("--tasks", "only these tasks", "a,b");
    private static readonly Option<bool> Force = new("--force") { Description = "fetch and compute again what is complete" };
    private static readonly Option<bool> DryRunOnly = new("--dry-run") { Description = "say what would be done: gaps, calls, expected time" };

    public static Command Build()
    {
        var command = new Command("run", "Run a plan over one session; what is complete is skipped.") { Date, PlanName, Tasks, Force, DryRunOnly };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, host => RequestRunner.RunAsync(host, Ask(parsed, host), parsed.GetValue(DryRunOnly), ct)));
        return command;
    }

    private static Asked Ask(ParseResult parsed, CommandHost host)
    {
        var (date, force, plans) = (parsed.GetValue(Date), parsed.GetValue(Force), host.Settings.Plans);
        var tasks = Commands.Given(parsed, Tasks)?.Select(TaskNames.Get).ToArray();
        if (tasks is { Length: 0 }) throw new RequestException("--tasks: expected task names separated by commas, got nothing");
        var plan = parsed.GetValue(PlanName) is { } name ? Plan.Get(name, StandardPlans.All(plans)) : StandardPlans.InForce(plans).First(p => p.Plan.WritesState).Plan;
        var body = new JsonObject { ["target_date"] = date is { } day ? StatusDocument.Day(day) : null, ["plan"] = plan.Name, ["force"] = force };
        if (tasks is not null) body["tasks"] = Asked.Names(tasks);
        return new(Request, "/trigger", body);

        RunRequest Request(Market.TradingCalendar calendar)
        {
            var session = Sessions.Of(date, calendar, host.Clock.GetUtcNow());
            return new(session, plan, "cli", RunRequest.Selection(tasks, session, calendar.NewestEnded(host.Clock.GetUtcNow())), force);
        }
    }
}
