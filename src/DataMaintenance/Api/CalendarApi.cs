using System.Globalization;
using DataMaintenance.Pipeline;
using Market;

namespace DataMaintenance.Api;

/// <summary><c>/api/calendar</c>: the exchange's sessions as the service knows them, days it has learned included.</summary>
internal static class CalendarApi
{
    public static void MapCalendar(this WebApplication app, Wiring wiring) =>
        app.MapGet("/api/calendar", (string? from, string? to) => Of(wiring.Calendar, Given("from", from), Given("to", to)))
            .Tells<IReadOnlyList<SessionShape>>("Read side", "The exchange's sessions of a range: open, close, early closes; with what the service has learned of single days", 400);

    /// <exception cref="RequestException">The range runs backwards, or reaches beyond what the calendar knows.</exception>
    public static IReadOnlyList<SessionShape> Of(TradingCalendar calendar, DateOnly from, DateOnly to)
    {
        if (to < from) throw new RequestException($"the range ends on {to:yyyy-MM-dd}, before it begins, on {from:yyyy-MM-dd}");
        try
        {
            return [.. calendar.Sessions(from, to).Select(calendar.Hours).Select(SessionShape.Of)];
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new RequestException(RequestException.Plain(e));
        }
    }

    private static DateOnly Given(string name, string? text) => RunsApi.Date(name, text) ?? throw new BadRequestException($"{name}: expected a date like 2025-12-01, got nothing");
}

/// <param name="EarlyClose">1 on a half day, else 0.</param>
/// <param name="CloseEt">New York time.</param>
public sealed record SessionShape(DateOnly Date, DateTimeOffset OpenUtc, DateTimeOffset CloseUtc, int EarlyClose, string CloseEt)
{
    public static SessionShape Of(SessionHours hours) =>
        new(hours.Date, hours.Open, hours.Close, hours.EarlyClose ? 1 : 0, TradingCalendar.NewYorkTime(hours.Close).ToString("HH:mm", CultureInfo.InvariantCulture));
}
