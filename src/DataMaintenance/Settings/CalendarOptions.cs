using System.Globalization;
using Market;

namespace DataMaintenance.Settings;

/// <summary>Section <c>Calendar</c>.</summary>
public sealed record CalendarOptions
{
    /// <summary>Days beyond the rules, each with Date, Reason and, when the exchange only closes early, EarlyClose (New York time). They win over the rules.</summary>
    public IReadOnlyList<SpecialDay> Extra { get; init; } = [];

    internal static IEnumerable<string> Mistakes(CalendarOptions options)
    {
        foreach (var day in options.Extra.GroupBy(d => d.Date).Where(g => g.Count() > 1))
            yield return string.Create(CultureInfo.InvariantCulture, $"Calendar:Extra: {day.Key:yyyy-MM-dd} is named {day.Count()} times");
        foreach (var day in options.Extra.Where(d => d.EarlyClose is { } at && (at <= new TimeOnly(9, 30) || at > new TimeOnly(16, 0))))
            yield return string.Create(CultureInfo.InvariantCulture, $"Calendar:Extra: expected an EarlyClose after 09:30 and at most 16:00, got '{day.EarlyClose:HH:mm}' on {day.Date:yyyy-MM-dd}");
    }
}
