using DataMaintenance.Store;
using DataMaintenance.Tests.Alerts;
using Market;

namespace DataMaintenance.Tests.Schedule;

/// <summary>Has the service look for incidents while a test drives it, and holds what a web hook received against what happened: every incident once, none missed, nothing else.</summary>
internal sealed class AlertJudge
{
    private static readonly TimeSpan TellsAfter = TimeSpan.FromMinutes(5);

    private readonly HashSet<DateOnly> slept = [];
    private DateTimeOffset? outageSeen;
    private bool outageTold;
    private int outages;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async Task LookAsync(ScheduledWorld world)
    {
        var now = world.Clock.GetUtcNow();
        if (!world.Market.Down) (outageSeen, outageTold) = (null, false);
        else if (now - (outageSeen ??= now) >= TellsAfter && !outageTold)
        {
            outageTold = true;
            outages++;
        }

        await world.Wiring.Watch.StepAsync(now, Ct);
    }

    /// <summary>A new process counts an outage from when it sees it, unless it was told already.</summary>
    public async Task CrashAsync(ScheduledWorld world)
    {
        await world.CrashAsync();
        if (!outageTold) outageSeen = null;
    }

    /// <summary>The scheduler is about to make good what was slept through before the watch looks.</summary>
    public void Slept(ScheduledWorld world)
    {
        var now = world.Clock.GetUtcNow();
        slept.UnionWith(world.Wiring.Calendar.LastSessions(5, TradingCalendar.NewYorkDate(now)).Where(s => world.Wiring.Timetable.Of(s).At <= now));
    }

    public async Task JudgeAsync(ScheduledWorld world, HookServer hook, DateOnly first, DateOnly last, DateTimeOffset begin, DateTimeOffset end)
    {
        var told = hook.Taken.Select(t => t.Json).ToArray();
        var (keys, runs) = (told.Select(t => t["key"]!.GetValue<string>()).ToArray(), await world.RunsAsync());
        Assert.Equal(told.Length, told.Select(t => t["id"]!.GetValue<long>()).Distinct().Count());
        Assert.Equal(outages, keys.Count(k => k == "unreachable:provider"));
        Assert.Equal((await world.Store.EventsAsync("redis_rebuilt", 1_000, Ct)).Select(e => $"redis_rebuilt:{e.Id}").Order(), keys.Where(k => k.StartsWith("redis_rebuilt:", StringComparison.Ordinal)).Order());
        foreach (var session in world.Wiring.Calendar.Sessions(first, last)) Judge(world, session, keys, runs);
        foreach (var plan in world.Wiring.Timetable.Plans.Where(p => !p.Plan.WritesState))
        {
            for (var due = world.Wiring.Timetable.NextOf(plan, begin); due.WindowEnd < end; due = world.Wiring.Timetable.NextOf(plan, due.At))
            {
                var began = runs.Where(r => r.Plan == plan.Name && r.Date == due.Session && r.StartedAt >= due.At).Select(r => (DateTimeOffset?)r.StartedAt).Min();
                // Made good after its window, before the watch looked, it need not be told.
                if (began is null || began < due.WindowEnd) Times(began is null ? 1 : 0, keys, $"never_began:{Day(due.Session)}:{plan.Name}");
                else Assert.InRange(keys.Count(k => k == $"never_began:{Day(due.Session)}:{plan.Name}"), 0, 1);
            }
        }

        string[] expected = ["unreachable:provider", "redis_rebuilt:", "run_failed:", "partial_success:", "never_began:", "recovered:"];
        Assert.Equal([], keys.Where(k => !expected.Any(e => k.StartsWith(e, StringComparison.Ordinal))));
    }

    private void Judge(ScheduledWorld world, DateOnly session, string[] keys, IReadOnlyList<RunRecord> runs)
    {
        var good = runs.First(r => r.Full && r.Date == session && r.Success == true);
        var inTime = good.EndedAt < world.Wiring.Timetable.Of(session).WindowEnd;
        string[] bad = [$"run_failed:{Day(session)}", $"partial_success:{Day(session)}", $"never_began:{Day(session)}:nightly"];
        var count = keys.Count(bad.Contains);
        Assert.True(count == (inTime ? 0 : 1) || (slept.Contains(session) && count == 0), $"{count} messages of what went wrong with {Day(session)}, complete {good.EndedAt:u}: {string.Join(", ", keys.Where(bad.Contains))}");
        Times(good.Trigger == "recovery" ? 1 : 0, keys, $"recovered:{Day(session)}");
    }

    private static void Times(int expected, string[] keys, string key)
    {
        var count = keys.Count(k => k == key);
        Assert.True(count == expected, $"{key} was told {count} times, expected {expected}");
    }

    private static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
