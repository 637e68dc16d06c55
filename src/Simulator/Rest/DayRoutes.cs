using System.Globalization;
using Simulator.Faults;
using Simulator.World;

namespace Simulator.Rest;

/// <summary>Whole days: the grouped day of all tickers, the previous day and the open and close of one.</summary>
internal sealed class DayRoutes(Tape tape)
{
    [ThreadStatic] private static List<Row>? scratch;

    internal Reply Grouped(Call call)
    {
        if (!TryDate(call.Parts[0], out var date))
            return Reply.Error(400, call.RequestId, "Could not parse the time parameter: 'date'. Use YYYY-MM-DD or Unix MS Timestamps");
        if (call.Plan == Plan.Basic && date >= call.Now.Today) return Reply.NotAuthorized(call.RequestId, Entitlement.EndOfDay);
        if (call.Plan.Refuse(date, date, call.Now.Today) is { } refusal) return Reply.NotAuthorized(call.RequestId, refusal);
        var adjusted = call.Flag("adjusted", otherwise: true);
        var rows = scratch ??= new List<Row>(13_000);
        rows.Clear();
        tape.Daily(date, call.Now.Milliseconds, adjusted, call.Now.Today, rows);
        RowFaults.Apply(call, rows);
        var body = new JsonBuffer(1_024 + (rows.Count * 136));
        BarText.Open(body, ticker: null, rows.Count, rows.Count, adjusted);
        BarText.Rows(body, rows, Stamp(call, date));
        BarText.Close(body, "OK", call.RequestId, rows.Count, next: null);
        return new Reply(200, body);
    }

    internal Reply Previous(Call call)
    {
        var ticker = call.Parts[0];
        var (now, today) = (call.Now.Milliseconds, call.Now.Today);
        var rows = new List<Row>();
        // The last session whose regular hours are over.
        var day = tape.Market.FindDay(today) is { } running && now >= running.Close ? running : tape.Market.DayBefore(today);
        var adjusted = call.Flag("adjusted", otherwise: true);
        if (day is not null && tape.Market.FindListed(ticker, day.Date) is { } security && tape.Daily(security, day, now) is { } bar)
            rows.Add(new Row(security.Utf8, adjusted ? bar.Adjust(security.Adjustment(day.Date, today)) : bar));
        RowFaults.Apply(call, rows);
        var body = new JsonBuffer(512);
        BarText.Open(body, ticker, rows.Count, rows.Count, adjusted);
        BarText.Rows(body, rows, day is null ? null : Stamp(call, day.Date));
        BarText.Close(body, "OK", call.RequestId, rows.Count, next: null);
        return new Reply(200, body);
    }

    internal Reply OpenClose(Call call)
    {
        if (!TryDate(call.Parts[1], out var date))
            return Reply.Error(400, call.RequestId, "Could not parse the time parameter: 'date'. Use YYYY-MM-DD or Unix MS Timestamps");
        if (call.Plan.Refuse(date, date, call.Now.Today) is { } refusal) return Reply.NotAuthorized(call.RequestId, refusal);
        var (ticker, now) = (call.Parts[0], call.Now.Milliseconds);
        if (tape.Market.FindDay(date) is not { } day || tape.Market.FindListed(ticker, date) is not { } security || tape.Daily(security, day, now) is not { } daily)
            return Reply.NotFound(call.RequestId, "Data not found.");
        var factor = call.Flag("adjusted", otherwise: true) ? security.Adjustment(date, call.Now.Today) : 1;
        var minutes = tape.Minutes(security, day, now);
        var open = day.Start + (TradingDay.OpenMinute * 60_000L);
        long? before = minutes[0].Start < open ? minutes[0].Adjust(factor).Open : null;
        long? after = minutes[^1].Start > day.Close ? minutes[^1].Adjust(factor).Close : null;
        return Write(security, date, daily.Adjust(factor), before, after);
    }

    private static Reply Write(Security security, DateOnly date, Bar bar, long? before, long? after)
    {
        var body = new JsonBuffer(512);
        body.Write("{\"status\":\"OK\",\"from\":"u8);
        body.Write(date.ToString("O", CultureInfo.InvariantCulture));
        body.Write(",\"symbol\":"u8);
        body.Write(security.Ticker);
        Price(body, ",\"open\":"u8, bar.Open);
        Price(body, ",\"high\":"u8, bar.High);
        Price(body, ",\"low\":"u8, bar.Low);
        Price(body, ",\"close\":"u8, bar.Close);
        body.Write(",\"volume\":"u8);
        body.WriteVolume(bar.Volume, exponent: false);
        if (after is { } late) Price(body, ",\"afterHours\":"u8, late);
        if (before is { } early) Price(body, ",\"preMarket\":"u8, early);
        body.Write("}"u8);
        return new Reply(200, body);
    }

    private static void Price(JsonBuffer body, ReadOnlySpan<byte> name, long price)
    {
        body.Write(name);
        body.WritePrice(price);
    }

    private static long Stamp(Call call, DateOnly date) => Tape.Stamp(call.Find(FaultKinds.WrongDay) is null ? date : date.AddDays(1));

    private static bool TryDate(string text, out DateOnly date) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
}
