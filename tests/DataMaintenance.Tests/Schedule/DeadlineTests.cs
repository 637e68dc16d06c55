using System.Text.Json.Nodes;
using DataMaintenance.Api;
using DataMaintenance.Schedule;
using Market;

namespace DataMaintenance.Tests.Schedule;

public sealed class DeadlineTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_expected_end_is_held_against_the_hour_of_need_while_there_is_time()
    {
        await using var world = await ScheduledWorld.StartAsync("2025-12-01T12:10:00Z");
        Assert.Null(await world.Wiring.Deadline.UsualDurationAsync("nightly", Ct));
        foreach (var minutes in new[] { 35, 40, 90 })
        {
            var start = world.Clock.GetUtcNow().AddDays(-1);
            var id = await world.Store.StartRunAsync(new(0, new(2025, 11, 26), "nightly", "schedule", true, [], "x", 1, start, null, null), Ct);
            await world.Store.EndRunAsync(id, start.AddMinutes(minutes), true, Ct);
        }

        Assert.Equal(TimeSpan.FromMinutes(40), await world.Wiring.Deadline.UsualDurationAsync("nightly", Ct));
        Assert.Equal((OutlookState.OnTime, "2025-12-02T08:40:00Z"), await AtAsync(world, "2025-12-02T08:00:00Z"));
        Assert.Equal((OutlookState.Endangered, "2025-12-02T09:05:00Z"), await AtAsync(world, "2025-12-02T08:25:00Z"));
        Assert.Equal((OutlookState.Missed, "2025-12-02T09:41:00Z"), await AtAsync(world, "2025-12-02T09:01:00Z"));
    }

    private static async Task<(OutlookState, string)> AtAsync(ScheduledWorld world, string instant)
    {
        world.At(instant);
        var outlook = Assert.Single(await world.Wiring.Deadline.OutlooksAsync(world.Clock.GetUtcNow(), Ct));
        Assert.Equal(DateTimeOffset.Parse("2025-12-02T09:00:00Z"), outlook.ReadyBy);
        return (outlook.State, outlook.ExpectedEnd!.Value.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"));
    }

    [Fact]
    public void Next_run_tells_now_the_session_and_every_plans_next_time()
    {
        var timetable = new Timetable(StandardPlans.InForce(new()), TradingCalendar.Nyse);
        var next = NextRun.Of(timetable, TradingCalendar.Nyse, DateTimeOffset.Parse("2025-11-27T17:00:00Z"), "real", new(DateTimeOffset.Parse("2025-11-27T12:00:00Z"), "anna", "moving"));
        Assert.Equal(("2025-11-27T12:00:00-05:00", "CLOSED", "PRE_MARKET", "anna"), ((string)next["now_et"]!, (string)next["market_session"]!, (string)next["market_session_next"]!, (string)next["paused"]!["by"]!));
        var nightly = Assert.IsType<JsonObject>(next["plans"]![0]);
        Assert.Equal(("nightly", "2025-11-28T03:00:00-05:00", "2025-11-28T08:00:00Z", "2025-11-26", 54_000.0, "15h 00m 00s"),
            ((string)nightly["plan"]!, (string)nightly["next_et"]!, (string)nightly["next_utc"]!, (string)nightly["trading_date"]!, (double)nightly["in_seconds"]!, (string)nightly["in"]!));
        Assert.Equal(["nightly", "reconcile", "cleanup"], next["plans"]!.AsArray().Select(p => (string)p!["plan"]!));
    }
}
