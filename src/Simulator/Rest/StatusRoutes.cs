using System.Globalization;
using System.Text.Json;
using Market;

namespace Simulator.Rest;

/// <summary><c>/v1/marketstatus</c>: now, and the closings to come this year.</summary>
internal sealed class StatusRoutes(TradingCalendar calendar)
{
    internal Reply Now(Call call)
    {
        var now = call.Now.Instant;
        var phase = calendar.PhaseAt(now);
        var word = phase switch { MarketPhase.Open => "open", MarketPhase.Closed => "closed", _ => "extended-hours" };
        return Reply.Json(json =>
        {
            json.WriteStartObject();
            json.WriteString("market", word);
            json.WriteBoolean("earlyHours", phase == MarketPhase.PreMarket);
            json.WriteBoolean("afterHours", phase == MarketPhase.PostMarket);
            json.WriteString("serverTime", NewYork(now).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture));
            json.WriteStartObject("exchanges");
            foreach (var exchange in (string[])["nyse", "nasdaq", "otc"]) json.WriteString(exchange, word);
            json.WriteEndObject();
            json.WriteStartObject("currencies");
            json.WriteString("fx", IsWeekend(call.Now.Today) ? "closed" : "open");
            json.WriteString("crypto", "open");
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    /// <summary>The root is an array; one row per exchange, in changing order.</summary>
    internal Reply Upcoming(Call call) => Reply.Json(json =>
    {
        var today = call.Now.Today;
        json.WriteStartArray();
        for (var date = today; date.Year == today.Year; date = date.AddDays(1))
        {
            if (IsWeekend(date)) continue;
            var early = calendar.IsSession(date) && calendar.IsHalfDay(date);
            if (calendar.IsSession(date) && !early) continue;
            string[] exchanges = date.Day % 2 == 0 ? ["NYSE", "NASDAQ"] : ["NASDAQ", "NYSE"];
            foreach (var exchange in exchanges) Row(json, exchange, date, early);
        }
        json.WriteEndArray();
    });

    private void Row(Utf8JsonWriter json, string exchange, DateOnly date, bool early)
    {
        json.WriteStartObject();
        json.WriteString("date", date.ToString("O", CultureInfo.InvariantCulture));
        json.WriteString("exchange", exchange);
        json.WriteString("name", early ? EveOf(date) : calendar.ClosedReason(date)!);
        json.WriteString("status", early ? "early-close" : "closed");
        if (early)
        {
            var hours = calendar.Hours(date);
            json.WriteString("open", Utc(hours.Open));
            json.WriteString("close", Utc(hours.Close));
        }
        json.WriteEndObject();
    }

    private static string EveOf(DateOnly date) => date.Month switch { 11 => "Thanksgiving", 12 => "Christmas", 7 => "Independence Day", _ => "Early close" };

    private static bool IsWeekend(DateOnly date) => date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;

    private static string Utc(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static DateTimeOffset NewYork(DateTimeOffset instant)
    {
        var wall = TradingCalendar.NewYorkDate(instant).ToDateTime(TradingCalendar.NewYorkTime(instant));
        var offset = TimeSpan.FromMinutes(Math.Round((wall - instant.UtcDateTime).TotalMinutes));
        return instant.ToOffset(offset);
    }
}
