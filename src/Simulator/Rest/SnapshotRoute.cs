using System.Globalization;
using System.Text.Json;
using Market;
using Simulator.Faults;
using Simulator.World;

namespace Simulator.Rest;

/// <summary>
/// <c>/v2/snapshot</c>, all tickers or one. The day resets at 03:30 New York: until the first regular trade <c>day</c> is all
/// zeros; <c>prevDay</c> is the session before the one shown. Volumes are whole here, decimal text beside them is exact.
/// </summary>
internal sealed class SnapshotRoute(Tape tape)
{
    private static readonly TimeOnly Reset = new(3, 30);

    internal Reply All(Call call)
    {
        if (Refuse(call) is { } refusal) return refusal;
        var wanted = call["tickers"] is { Length: > 0 } list ? new HashSet<string>(list.Split(','), StringComparer.Ordinal) : null;
        var (day, previous) = Days(call);
        return Reply.Json(json =>
        {
            var count = 0;
            json.WriteStartObject();
            json.WriteString("status", "OK");
            json.WriteStartArray("tickers");
            foreach (var security in tape.Market.ListedOn(day.Date))
            {
                if (wanted is not null && !wanted.Contains(security.Ticker)) continue;
                One(json, security, day, previous, call);
                count++;
            }
            json.WriteEndArray();
            json.WriteNumber("count", count);
            json.WriteEndObject();
        }, capacity: wanted is null ? 8 << 20 : 65_536);
    }

    internal Reply One(Call call)
    {
        if (Refuse(call) is { } refusal) return refusal;
        var (day, previous) = Days(call);
        if (tape.Market.FindListed(call.Parts[0], day.Date) is not { } security) return Reply.NotFound(call.RequestId, "Ticker not found.");
        return Reply.Json(json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("ticker");
            One(json, security, day, previous, call);
            json.WriteString("status", "OK");
            json.WriteString("request_id", call.RequestId);
            json.WriteEndObject();
        });
    }

    private static Reply? Refuse(Call call) => call.Plan == Plan.Basic ? Reply.NotAuthorized(call.RequestId, Entitlement.Endpoint) : null;

    private (TradingDay Day, TradingDay Previous) Days(Call call)
    {
        var today = call.Now.Today;
        var begun = tape.Market.FindDay(today) is not null && TradingCalendar.NewYorkTime(call.Now.Instant) >= Reset;
        var day = begun ? tape.Market.FindDay(today)! : tape.Market.DayBefore(today)!;
        return (day, tape.Market.DayBefore(day.Date)!);
    }

    private void One(Utf8JsonWriter json, Security security, TradingDay day, TradingDay previous, Call call)
    {
        var now = call.Find(FaultKinds.SnapshotZeros) is null ? call.Now.Milliseconds : 0;
        var before = tape.Daily(security, previous, call.Now.Milliseconds)?.Adjust(security.Adjustment(previous.Date, day.Date));
        var minutes = tape.Minutes(security, day, now);
        Bar? last = minutes.Length > 0 ? minutes[^1] : null;
        var volume = 0L;
        foreach (ref readonly var minute in minutes) volume += minute.Volume;
        var running = now == 0 ? null : SimulatedMarket.Daily(security, day, minutes);
        var change = last is { } price && before is { } reference ? price.Close - reference.Close : 0;

        json.WriteStartObject();
        json.WriteString("ticker", security.Ticker);
        json.WriteNumber("todaysChange", Price(change));
        json.WriteNumber("todaysChangePerc", change == 0 ? 0 : Math.Round(change * 100m / before!.Value.Close, 3));
        // Nanoseconds.
        json.WriteNumber("updated", last is { } seen ? (seen.Start + 59_000) * 1_000_000 : 0);
        json.WriteStartObject("day");
        Prices(json, running);
        if (running is { } today) json.WriteString("dv", Decimal(today.Volume));
        json.WriteEndObject();
        json.WriteStartObject("min");
        json.WriteNumber("av", volume / Bar.VolumeScale);
        if (last is not null) json.WriteString("dav", Decimal(volume));
        json.WriteNumber("t", last?.Start ?? 0);
        json.WriteNumber("n", last?.Trades ?? 0);
        Prices(json, last);
        if (last is { } bar) json.WriteString("dv", Decimal(bar.Volume));
        json.WriteEndObject();
        json.WriteStartObject("prevDay");
        Prices(json, before);
        json.WriteEndObject();
        if (last is { } trade && call.Plan >= Plan.Developer) Trade(json, trade);
        json.WriteEndObject();
    }

    private static void Trade(Utf8JsonWriter json, Bar bar)
    {
        json.WriteStartObject("lastTrade");
        json.WriteNull("c");
        json.WriteString("i", (bar.Start / 1_000).ToString(CultureInfo.InvariantCulture));
        json.WriteNumber("p", Price(bar.Close));
        json.WriteNumber("s", Math.Max(1, bar.Volume / Bar.VolumeScale / Math.Max(bar.Trades, 1)));
        json.WriteNumber("t", (bar.Start + 59_000) * 1_000_000);
        json.WriteNumber("x", 4);
        json.WriteEndObject();
    }

    private static void Prices(Utf8JsonWriter json, Bar? bar)
    {
        json.WriteNumber("o", Price(bar?.Open ?? 0));
        json.WriteNumber("h", Price(bar?.High ?? 0));
        json.WriteNumber("l", Price(bar?.Low ?? 0));
        json.WriteNumber("c", Price(bar?.Close ?? 0));
        json.WriteNumber("v", (bar?.Volume ?? 0) / Bar.VolumeScale);
        json.WriteNumber("vw", Price(bar?.Vwap ?? 0));
    }

    private static decimal Price(long price) => price / (decimal)Bar.PriceScale;

    private static string Decimal(long volume) => (volume / (decimal)Bar.VolumeScale).ToString("0.000000", CultureInfo.InvariantCulture);
}
