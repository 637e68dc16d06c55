using System.Globalization;
using Market;

namespace DataMaintenance.Provider.Massive;

/// <summary>The exchanges' state, <c>/v1/marketstatus/now</c>, and their announced special days, <c>/v1/marketstatus/upcoming</c>.</summary>
internal static class MarketStatusReply
{
    public static Call Now { get; } = new("status", "/v1/marketstatus/now");

    public static Call Upcoming { get; } = new("holidays", "/v1/marketstatus/upcoming");

    /// <summary>In words, for <c>doctor</c>: the market's state and the provider's clock.</summary>
    public static string ParseNow(ReadOnlySpan<byte> body, string endpoint)
    {
        var reply = new ReplyReader(body, endpoint);
        string? market = null, serverTime = null;
        reply.EnterObject();
        while (reply.NextField())
        {
            if (reply.Is("market"u8)) market = reply.TextOrNull("market");
            else if (reply.Is("serverTime"u8)) serverTime = reply.TextOrNull("serverTime");
            else reply.Skip();
        }
        reply.End();
        return $"market {Rejections.Printable(market ?? "not told")}, server time {Rejections.Printable(serverTime ?? "not told")}";
    }

    /// <summary>By date; a date once. Rows of NYSE win over those of other exchanges.</summary>
    public static IReadOnlyList<SpecialDay> ParseUpcoming(ReadOnlySpan<byte> body, string endpoint, Action<string> leftOut)
    {
        var reply = new ReplyReader(body, endpoint);
        var days = new SortedDictionary<DateOnly, (bool Nyse, SpecialDay Day)>();
        if (!reply.EnterArray("")) throw reply.Missing("");
        while (reply.NextRow())
        {
            if (ReadRow(ref reply, leftOut) is not { } row) continue;
            if (!days.TryGetValue(row.Day.Date, out var known) || (row.Nyse && !known.Nyse)) days[row.Day.Date] = row;
        }
        reply.End();
        return [.. days.Values.Select(static row => row.Day)];
    }

    private static (bool Nyse, SpecialDay Day)? ReadRow(ref ReplyReader reply, Action<string> leftOut)
    {
        string? exchange = null, name = null, status = null, close = null;
        DateOnly? date = null;
        while (reply.NextField())
        {
            if (reply.Is("exchange"u8)) exchange = reply.TextOrNull("exchange");
            else if (reply.Is("name"u8)) name = reply.TextOrNull("name");
            else if (reply.Is("status"u8)) status = reply.TextOrNull("status");
            else if (reply.Is("close"u8)) close = reply.TextOrNull("close");
            else if (reply.Is("date"u8)) date = reply.DateOrNull("date");
            else reply.Skip();
        }
        var day = date ?? throw reply.Missing("date");
        var reason = name ?? "announced by the provider";
        switch (status ?? throw reply.Missing("status"))
        {
            case "closed":
                return (exchange == "NYSE", new SpecialDay(day, reason, null));
            case "early-close":
                return (exchange == "NYSE", new SpecialDay(day, reason, EarlyClose(reply, day, close)));
            default:
                leftOut(string.Create(CultureInfo.InvariantCulture,
                    $"{day:yyyy-MM-dd} {Rejections.Printable(exchange ?? "")} with status {Rejections.Printable(status)}"));
                return null;
        }
    }

    private static TimeOnly EarlyClose(in ReplyReader reply, DateOnly date, string? close)
    {
        if (close is null) throw reply.Missing("close");
        return DateTimeOffset.TryParse(close, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            && TradingCalendar.NewYorkDate(instant) == date
            ? TradingCalendar.NewYorkTime(instant)
            : throw reply.Fault("close", string.Create(CultureInfo.InvariantCulture,
                $"expected an instant on {date:yyyy-MM-dd}, got '{Rejections.Printable(close)}'"));
    }
}
