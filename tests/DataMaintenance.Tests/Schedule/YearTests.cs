using DataMaintenance.Schedule;
using DataMaintenance.Tests.Alerts;
using Market;
using StackExchange.Redis;

namespace DataMaintenance.Tests.Schedule;

/// <summary>
/// The whole service through years on a fake clock, with the faults of bad ones: it dies in the middle of a run or between runs, the
/// machine sleeps for a day or two, the provider is down over the night or late until noon, Redis is wiped. The journal is the evidence, and
/// what people were told is held against it.
/// Every test run drives the stretches where the calendar has most to say; the whole years are run by <c>-explicit only</c>.
/// </summary>
public sealed class YearTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;
    private static readonly TradingCalendar Truth = TradingCalendar.Nyse;

    private enum Trouble { None, DeathInRun, Death, Sleep, Outage, LateData, WipedRedis }

    private readonly List<(Trouble Trouble, DateOnly Session)> incidents = [];
    private readonly AlertJudge judge = new();

    [Theory]
    // Clocks go back, Thanksgiving, two half days, Christmas, New Year, a day of mourning.
    [InlineData("2024-10-28", "2025-01-15")]
    // Clocks go forward, Good Friday.
    [InlineData("2026-03-02", "2026-04-10")]
    public Task Every_session_is_processed_once_in_order_and_no_holiday_is(string from, string to) => DriveAsync(DateOnly.Parse(from), DateOnly.Parse(to), leastIncidents: 5);

    [Theory(Explicit = true)]
    [InlineData(2024)]
    [InlineData(2025)]
    [InlineData(2026)]
    public async Task Every_session_of_a_year_is_processed_once_in_order_and_no_holiday_is(int year)
    {
        await DriveAsync(Truth.NextSession(new(year - 1, 12, 31)), Truth.PreviousSession(new(year + 1, 1, 1)), leastIncidents: 40);
        Assert.Equal(Enum.GetValues<Trouble>().Length - 1, incidents.Select(i => i.Trouble).Distinct().Count());
    }

    private async Task DriveAsync(DateOnly first, DateOnly last, int leastIncidents)
    {
        var random = new Random(first.DayNumber);
        await using var hook = await HookServer.StartAsync();
        // Of each kind of task one, so that a test run stays short: two that ask the provider, one that computes, one that publishes.
        await using var world = await ScheduledWorld.StartAsync($"{first:yyyy-MM-dd}T12:00:00Z", null,
            ("Plans:Custom:nightly:Tasks", "load_ohlc,load_volume_slots,calculate_atr,sync_redis"), ("Plans:Custom:reconcile:Tasks", "load_ohlc"), ("Tasks:SlotSessions", "5"), ("Rvol:LookbackSessions", "5"),
            ("Recovery:DuringMarketHours", "true"), ("Alerts:WebhookUrl", hook.Url));
        await world.SettleAsync();
        await judge.LookAsync(world);
        var begin = world.Clock.GetUtcNow();
        var end = world.Wiring.Timetable.Of(last).WindowEnd;
        while (world.Clock.GetUtcNow() < end)
        {
            var next = world.Wiring.Timetable.Next(world.Clock.GetUtcNow())[0];
            if (next.Plan == world.Wiring.Timetable.Main) await NightAsync(world, next, random);
            else await QuietAsync(world, next.At);
        }

        var runs = (await world.RunsAsync()).Where(r => r.Full && r.Date >= first && r.Date <= last).ToArray();
        var done = runs.Where(r => r.Success == true).OrderBy(r => r.EndedAt).ThenBy(r => r.Id).Select(r => r.Date).ToArray();
        Assert.Equal(Truth.Sessions(first, last), done);
        Assert.All(await world.RunsAsync(), r => Assert.True(Truth.IsSession(r.Date)));
        Assert.DoesNotContain(await world.Store.FindingsAsync(openOnly: true, 100, Ct), f => f.Dataset == "calendar");
        Assert.True(incidents.Count >= leastIncidents, $"{incidents.Count} incidents");
        Assert.True((await world.Wiring.Verification.RunAsync(Ct))["verified"]!.GetValue<bool>());
        await judge.JudgeAsync(world, hook, first, last, begin, end);
    }

    private async Task QuietAsync(ScheduledWorld world, DateTimeOffset at)
    {
        world.Clock.SetUtcNow(at);
        await world.SettleAsync();
        world.Clock.SetUtcNow(at + TimeSpan.FromMinutes(31));
        await world.SettleAsync();
        await judge.LookAsync(world);
    }

    /// <summary>From now to the end of the next night's trouble.</summary>
    private async Task NightAsync(ScheduledWorld world, Occurrence night, Random random)
    {
        var trouble = random.NextDouble() < 0.3 ? (Trouble)random.Next(1, Enum.GetValues<Trouble>().Length) : Trouble.None;
        if (trouble != Trouble.None) incidents.Add((trouble, night.Session));
        var over = night.At + TimeSpan.FromHours(1);
        switch (trouble)
        {
            case Trouble.Outage:
                over = night.At + TimeSpan.FromMinutes(random.Next(1, 400));
                break;
            case Trouble.LateData:
                over = world.Market.Late[night.Session] = night.At + TimeSpan.FromHours(random.Next(1, 8));
                break;
            case Trouble.Sleep:
                world.Clock.SetUtcNow(night.At + TimeSpan.FromHours(random.Next(1, 60)));
                // Who wakes first is chance: the watch, or the scheduler, which then leaves it nothing to tell but what it made good.
                if (random.Next(2) == 0) await judge.LookAsync(world);
                else judge.Slept(world);
                break;
        }

        await world.Wiring.CalendarDoubt.StepAsync(Ct);
        if (trouble == Trouble.Outage) await judge.LookAsync(world);
        var dies = trouble == Trouble.Outage && random.Next(2) == 0;
        for (var at = night.At; at < over; at = Later(await world.SettleAsync(), at.AddSeconds(1)))
        {
            if (at > world.Clock.GetUtcNow()) world.Clock.SetUtcNow(at);
            world.Market.Down = trouble == Trouble.Outage;
            if (at == night.At) await StrikeAsync(world, trouble);
            if (dies && at > night.At + TimeSpan.FromMinutes(10))
            {
                await judge.CrashAsync(world);
                dies = false;
            }

            await world.SettleAsync();
            await judge.LookAsync(world);
        }

        world.Market.Down = false;
        await judge.LookAsync(world);
        await UntilCompleteAsync(world);
    }

    private async Task StrikeAsync(ScheduledWorld world, Trouble trouble)
    {
        switch (trouble)
        {
            case Trouble.DeathInRun:
                var dead = world.Market.StickAtSlots();
                var step = world.StepAsync();
                if (await Task.WhenAny(dead, step) == dead) await judge.CrashAsync(world);
                break;
            case Trouble.Death:
                await judge.CrashAsync(world);
                break;
            case Trouble.WipedRedis:
                await using (var admin = await ConnectionMultiplexer.ConnectAsync($"{world.Wiring.Redis.Address},allowAdmin=true"))
                    await admin.GetServers()[0].FlushAllDatabasesAsync();
                await world.Wiring.RedisWatch.LookAsync(Ct);
                break;
        }
    }

    /// <summary>Hour by hour, as long as anything of the past week is not complete.</summary>
    private async Task UntilCompleteAsync(ScheduledWorld world)
    {
        var recovery = new DataMaintenance.Schedule.Recovery(world.Wiring.Timetable, world.Wiring.Calendar, world.Store, world.Wiring.State, world.Wiring.RedisWatch, new() { DuringMarketHours = true });
        for (var hours = 0; ; hours++)
        {
            var next = await world.SettleAsync();
            await judge.LookAsync(world);
            var newest = world.Wiring.Calendar.LastSessions(7, world.Wiring.Calendar.NewestEnded(world.Clock.GetUtcNow()));
            var complete = true;
            foreach (var session in newest.Where(s => world.Wiring.Timetable.Of(s).At <= world.Clock.GetUtcNow())) complete &= await recovery.FindAsync(session, Ct) is null;
            if (complete) return;
            Assert.True(hours < 60, $"not complete by {world.Clock.GetUtcNow():u}");
            world.Clock.SetUtcNow(next);
        }
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
