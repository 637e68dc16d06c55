using System.Globalization;
using Market;

namespace DataMaintenance.Provider;

/// <summary>A row's stamp in Unix milliseconds (UTC), judged and told in New York time.</summary>
internal static class Stamp
{
    private static readonly long First = new DateTimeOffset(1971, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
    private static readonly long Last = new DateTimeOffset(2200, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>Whether a daily bar of the day may carry the stamp: 00:00, the close at 16:00, or at 13:00 on half days.</summary>
    public static bool IsDaily(long t, NewYorkDay day) => t % 60_000 == 0 && day.MinuteOf(t) is 0 or 13 * 60 or 16 * 60;

    /// <summary>The New York date; null for a number that is no plausible instant.</summary>
    public static DateOnly? DateOf(long t) => IsInstant(t) ? TradingCalendar.NewYorkDate(DateTimeOffset.FromUnixTimeMilliseconds(t)) : null;

    /// <summary>For people: <c>2025-01-02 09:30:00 New York</c>.</summary>
    public static string Text(long t)
    {
        if (!IsInstant(t)) return string.Create(CultureInfo.InvariantCulture, $"stamp {t}");
        var instant = DateTimeOffset.FromUnixTimeMilliseconds(t);
        return string.Create(CultureInfo.InvariantCulture,
            $"{TradingCalendar.NewYorkDate(instant):yyyy-MM-dd} {TradingCalendar.NewYorkTime(instant):HH:mm:ss} New York");
    }

    private static bool IsInstant(long t) => t >= First && t < Last;
}
