namespace Market;

/// <summary>The exchange's wall clock. Others convert by <see cref="TradingCalendar"/> and <see cref="NewYorkDay"/>.</summary>
internal static class NewYorkTimeZone
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");
    private static readonly TimeOnly SpringChange = new(2, 0);

    public static DateTime WallTime(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, Zone).DateTime;

    public static DateTimeOffset At(DateOnly date, TimeOnly time)
    {
        var wall = date.ToDateTime(time);
        if (Zone.IsInvalidTime(wall)) return new DateTimeOffset(date.ToDateTime(SpringChange), Zone.BaseUtcOffset).ToUniversalTime();
        var offset = Zone.IsAmbiguousTime(wall) ? Zone.GetAmbiguousTimeOffsets(wall).Max() : Zone.GetUtcOffset(wall);
        return new DateTimeOffset(wall, offset).ToUniversalTime();
    }
}
