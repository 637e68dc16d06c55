using System.Globalization;
using System.Text.Json.Nodes;
using DataMaintenance.Cache;
using DataMaintenance.Pipeline;
using DataMaintenance.Schedule;
using Market;

namespace DataMaintenance.Api;

/// <summary><c>GET /next-run</c> and <c>next</c>: now in New York, the market's session, and for every plan its next time.</summary>
public static class NextRun
{
    /// <param name="drill">As <c>GET /health</c> says it of the clock: <c>real</c>, or what drill is in force.</param>
    /// <param name="pause">The pause in force, during which nothing of this starts; null when there is none.</param>
    public static JsonObject Of(Timetable timetable, TradingCalendar calendar, DateTimeOffset now, string drill, PauseInForce? pause)
    {
        var (changeAt, next) = calendar.NextChange(now);
        return new()
        {
            ["now_et"] = Et(now),
            ["now_utc"] = StatusDocument.Instant(now),
            ["market_session"] = calendar.PhaseAt(now).Text(),
            ["market_session_next"] = next.Text(),
            ["market_session_next_at"] = StatusDocument.Instant(changeAt),
            ["clock"] = drill,
            ["paused"] = pause is null ? null : new JsonObject { ["since"] = StatusDocument.Instant(pause.Since), ["by"] = pause.By, ["why"] = pause.Why },
            ["plans"] = new JsonArray([.. timetable.Next(now).Select(due => (JsonNode)Of(due, now))]),
        };
    }

    private static JsonObject Of(Occurrence due, DateTimeOffset now) => new()
    {
        ["plan"] = due.Plan.Name,
        ["rule"] = $"{due.Plan.At} on {string.Join(", ", due.Plan.Days)} days".Replace("day days", "day", StringComparison.Ordinal),
        ["next_et"] = Et(due.At),
        ["next_utc"] = StatusDocument.Instant(due.At),
        ["trading_date"] = StatusDocument.Day(due.Session),
        ["sessions"] = due.Plan.Sessions,
        ["in_seconds"] = Math.Round((due.At - now).TotalSeconds),
        ["in"] = Words(due.At - now),
        ["window_until_utc"] = StatusDocument.Instant(due.WindowEnd),
        ["ready_by_utc"] = due.ReadyBy is { } by ? StatusDocument.Instant(by) : null,
        ["tasks"] = new JsonArray([.. due.Plan.Plan.Tasks.Select(t => (JsonNode)t)]),
    };

    /// <summary><c>2025-12-02T03:00:00-05:00</c>.</summary>
    private static string Et(DateTimeOffset at)
    {
        var wall = TradingCalendar.NewYorkDate(at).ToDateTime(TradingCalendar.NewYorkTime(at));
        var offset = TimeSpan.FromMinutes(Math.Round((wall - at.UtcDateTime).TotalMinutes));
        return at.ToOffset(offset).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
    }

    private static string Words(TimeSpan left) =>
        left.TotalDays >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{left.Days}d {left.Hours}h {left.Minutes:00}m") : string.Create(CultureInfo.InvariantCulture, $"{left.Hours}h {left.Minutes:00}m {left.Seconds:00}s");
}
