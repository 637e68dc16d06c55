using System.Globalization;
using System.Text.RegularExpressions;
using Market;

namespace DataMaintenance.Schedule;

public enum MarketEvent { PreMarket, Open, Close, PostMarketEnd }

/// <summary>A point of a New York day: a wall time, or a distance from an event of the day's session, so that half days need no thought.</summary>
/// <param name="Offset">Added to the time or event; between minus and plus 24 hours.</param>
public sealed partial record Moment(TimeOnly? Time, MarketEvent? Event, TimeSpan Offset)
{
    private static readonly (string Name, MarketEvent Event)[] Events =
        [("pre_market", MarketEvent.PreMarket), ("open", MarketEvent.Open), ("close", MarketEvent.Close), ("post_market_end", MarketEvent.PostMarketEnd)];

    public static readonly TimeSpan FurthestOffset = TimeSpan.FromHours(24);

    public static Moment Of(TimeOnly time) => new(time, null, TimeSpan.Zero);

    /// <summary>The instant (UTC) on the day; null when it hangs on an event and the day has no session.</summary>
    public DateTimeOffset? On(DateOnly day, TradingCalendar calendar)
    {
        if (Time is { } time) return TradingCalendar.At(day, time) + Offset;
        if (!calendar.IsSession(day)) return null;
        var hours = calendar.Hours(day);
        var at = Event switch
        {
            MarketEvent.PreMarket => hours.PreMarket,
            MarketEvent.Open => hours.Open,
            MarketEvent.Close => hours.Close,
            _ => hours.PostMarketEnd,
        };
        return at + Offset;
    }

    /// <summary>Reads <c>close</c>, <c>close + 1h</c>, <c>open - 30m</c>, <c>pre_market - 1h30m</c>; null when it is none of these.</summary>
    public static Moment? Parse(string text)
    {
        var sign = text.IndexOfAny(['+', '-']);
        var name = (sign < 0 ? text : text[..sign]).Trim();
        var known = Events.Where(e => e.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(e => (MarketEvent?)e.Event).FirstOrDefault();
        if (known is null) return null;
        if (sign < 0) return new(null, known, TimeSpan.Zero);
        if (Distance(text[(sign + 1)..].Trim()) is not { } distance || distance > FurthestOffset) return null;
        return new(null, known, text[sign] == '-' ? -distance : distance);
    }

    public override string ToString()
    {
        if (Time is { } time) return time.ToString("HH:mm", CultureInfo.InvariantCulture);
        var name = Events.First(e => e.Event == Event).Name;
        var minutes = Math.Abs((int)Offset.TotalMinutes);
        return Offset == TimeSpan.Zero ? name : $"{name} {(Offset < TimeSpan.Zero ? '-' : '+')} {(minutes % 60 == 0 ? $"{minutes / 60}h" : $"{minutes}m")}";
    }

    /// <summary>Hours and minutes like <c>1h</c>, <c>90m</c>, <c>1h30m</c>, <c>1h 30m</c>.</summary>
    private static TimeSpan? Distance(string text)
    {
        if (Span().Match(text) is not { Success: true } span || text.Length == 0) return null;
        int Number(string unit) => span.Groups[unit] is { Success: true, Value: var digits } ? int.Parse(digits, CultureInfo.InvariantCulture) : 0;
        return new(Number("h"), Number("m"), 0);
    }

    [GeneratedRegex(@"^(?:(?<h>[0-9]{1,3})h)?\s*(?:(?<m>[0-9]{1,4})m)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Span();
}
