using Market;
using Simulator.World;

namespace Simulator.Rest;

/// <summary>The windows of a range request in New York time: how base bars are put together. Minutes make minutes and hours, days make all longer ones.</summary>
internal readonly record struct Windows(int Multiplier, string Timespan)
{
    internal bool OfMinutes => Timespan is "minute" or "hour";

    private int Width => Timespan == "hour" ? 60 * Multiplier : Multiplier;

    /// <summary>Start of the window that holds a minute, Unix milliseconds; windows are counted from midnight, New York.</summary>
    internal long StartOf(long minute, TradingDay day) => minute - ((minute - day.Midnight) % (Width * 60_000L));

    /// <summary>First day of the window that holds the day.</summary>
    internal DateOnly StartOf(DateOnly date) => Timespan switch
    {
        "week" => date.AddDays(-(int)date.DayOfWeek),
        "month" => new(date.Year, date.Month, 1),
        "quarter" => new(date.Year, date.Month - ((date.Month - 1) % 3), 1),
        "year" => new(date.Year, 1, 1),
        _ => date.AddDays(-(date.DayNumber % Multiplier)),
    };

    /// <summary>Start of the window after the one that starts then.</summary>
    internal long After(long start)
    {
        if (OfMinutes) return start + (Width * 60_000L);
        var first = TradingCalendar.NewYorkDate(DateTimeOffset.FromUnixTimeMilliseconds(start));
        return Midnight(Timespan switch
        {
            "week" => first.AddDays(7),
            "month" => first.AddMonths(1),
            "quarter" => first.AddMonths(3),
            "year" => first.AddYears(1),
            _ => first.AddDays(Multiplier),
        });
    }

    internal static long Midnight(DateOnly date) => TradingCalendar.At(date, TimeOnly.MinValue).ToUnixTimeMilliseconds();
}
