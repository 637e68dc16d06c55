using DataMaintenance.Pipeline;

namespace DataMaintenance.Schedule;

/// <summary>The plans in force: those of the schedule, changed and added to by configuration.</summary>
public static class StandardPlans
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(30);
    private static readonly TimeOnly Three = new(3, 0), ReadyBy = new(4, 0);

    private static readonly ScheduledPlan Nightly = OnTradingDays(Plan.Nightly, Three) with { ReadyBy = ReadyBy };
    private static readonly ScheduledPlan CacheClear = OnTradingDays(Plan.CacheClear, Three) with { Session = ProcessedSession.Same };
    private static readonly ScheduledPlan AfterClose = OnTradingDays(Plan.AfterClose, new(17, 0)) with { Session = ProcessedSession.Same, ReadyBy = ReadyBy };
    private static readonly ScheduledPlan Reconcile = OnTradingDays(Plan.Reconcile, new(11, 30)) with { Sessions = 5 };
    private static readonly ScheduledPlan Cleanup = OnTradingDays(Plan.Cleanup, Three) with { Days = [PlanDay.Sunday] };

    /// <summary>In the order in which they start when due at the same time.</summary>
    public static IReadOnlyList<ScheduledPlan> InForce(PlansOptions options)
    {
        var standard = Of(options.Schedule);
        return
        [
            .. standard.Select(p => (Plan: p, Change: Change(options, p.Name))).Where(p => p.Change?.Enabled != false).Select(p => p.Change is { } change ? Changed(p.Plan, change) : p.Plan),
            .. options.Custom.Where(c => c.Value.Enabled && standard.All(p => !Same(p.Name, c.Key))).OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => Added(c.Key, c.Value)),
        ];
    }

    /// <summary>Every plan that can be asked for by name, those without an hour included.</summary>
    public static IReadOnlyList<Plan> All(PlansOptions options)
    {
        var inForce = InForce(options).Select(p => p.Plan).ToArray();
        return [.. Plan.Standard.Select(p => Array.Find(inForce, f => f.Name == p.Name) ?? p), .. inForce.Where(f => Plan.Standard.All(p => p.Name != f.Name))];
    }

    /// <summary>One line per mistake.</summary>
    public static IEnumerable<string> Mistakes(PlansOptions options)
    {
        var known = Of(MaintenanceSchedule.PreMarket).Concat(Of(MaintenanceSchedule.MarketClose)).Select(p => p.Name).ToArray();
        foreach (var (name, plan) in options.Custom)
        {
            var path = $"Plans:Custom:{name}";
            var isNew = !known.Contains(name, StringComparer.OrdinalIgnoreCase);
            if (plan.At is not null && plan.Relative is not null) yield return $"{path}: expected At or Relative, got both";
            if (plan.Relative is { } relative && Moment.Parse(relative) is null)
                yield return $"{path}:Relative: expected a market event and a distance of at most 24h like 'close + 1h' or 'open - 30m', with pre_market, open, close or post_market_end, got '{relative}'";
            foreach (var task in plan.Tasks.Where(t => !IsTask(t))) yield return $"{path}:Tasks: there is no task '{task}'; there are {string.Join(", ", TaskNames.All)}";
            if (isNew && plan.Enabled && plan is { At: null, Relative: null }) yield return $"{path}: expected At or Relative, the hour it is due, got neither";
            if (isNew && plan.Enabled && plan.Tasks.Count == 0) yield return $"{path}:Tasks: expected at least one task, got none";
            if (NeedsSession(plan) && plan.Days.Count > 0 && plan.Days.All(d => d is PlanDay.Saturday or PlanDay.Sunday))
                yield return $"{path}:Days: expected a day that can have a session, got '{string.Join(", ", plan.Days)}'";
        }

        var main = options.Schedule == MaintenanceSchedule.PreMarket ? Nightly.Name : AfterClose.Name;
        if (Change(options, main) is { Enabled: false })
            yield return $"Plans:Custom:{main}:Enabled: expected true, since {main} is what makes a session complete under Plans:Schedule {options.Schedule}; pause the service to have nothing run";
    }

    private static bool NeedsSession(PlanOptions plan) => plan.Relative is not null || plan.Session == ProcessedSession.Same;

    private static bool IsTask(string name)
    {
        try
        {
            return TaskNames.Get(name).Length > 0;
        }
        catch (RequestException)
        {
            return false;
        }
    }

    private static ScheduledPlan[] Of(MaintenanceSchedule schedule) =>
        schedule == MaintenanceSchedule.PreMarket ? [Nightly, Reconcile, Cleanup] : [CacheClear, AfterClose, Reconcile, Cleanup];

    private static ScheduledPlan OnTradingDays(Plan plan, TimeOnly at) => new(plan, Moment.Of(at), [PlanDay.Trading], ProcessedSession.Newest, 1, Window, null);

    private static PlanOptions? Change(PlansOptions options, string name) => options.Custom.FirstOrDefault(c => Same(c.Key, name)).Value;

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);

    private static ScheduledPlan Added(string name, PlanOptions options) =>
        Changed(OnTradingDays(new(name, [], WritesState: false, Plan.Nightly.FinalDelay), Three), options);

    private static ScheduledPlan Changed(ScheduledPlan plan, PlanOptions options) => plan with
    {
        Plan = options.Tasks.Count == 0 ? plan.Plan : plan.Plan with { Tasks = [.. options.Tasks.Select(TaskNames.Get).Distinct()] },
        At = options.Relative is { } relative ? Moment.Parse(relative)! : options.At is { } at ? Moment.Of(at) : plan.At,
        Days = options.Days.Count > 0 ? options.Days : plan.Days,
        Session = options.Session ?? plan.Session,
        Sessions = options.Sessions ?? plan.Sessions,
        Window = options.Window ?? plan.Window,
        ReadyBy = options.ReadyBy ?? plan.ReadyBy,
    };
}
