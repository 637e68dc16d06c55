using System.Text.Json.Nodes;
using DataMaintenance.Api;
using DataMaintenance.Schedule;
using Market;

namespace DataMaintenance.Tests.Schedule;

public sealed class NextRunTests
{
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
