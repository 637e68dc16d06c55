using System.Globalization;
using System.Text.RegularExpressions;
using Market;

namespace DataMaintenance.Dashboard;

/// <summary>How the pages write numbers and times.</summary>
internal static partial class Text
{
    public static string Count(double value) => value.ToString(value == Math.Floor(value) ? "N0" : "#,0.##", CultureInfo.InvariantCulture);

    /// <summary>For axes: 400 M, 12 k.</summary>
    public static string Short(double value) => Math.Abs(value) switch
    {
        >= 1e9 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e9:0.##} bn"),
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e6:0.##} M"),
        >= 1e4 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e3:0.##} k"),
        _ => Count(value),
    };

    /// <summary>USD per share.</summary>
    public static string Price(double price) => price.ToString("#,0.00##", CultureInfo.InvariantCulture);

    /// <summary>A price or a volume as it was told, with the decimals it has.</summary>
    public static string Figure(double value) => value.ToString("#,0.######", CultureInfo.InvariantCulture);

    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Weekday(DateOnly day) => day.ToString("ddd d MMM", CultureInfo.InvariantCulture);

    /// <summary>New York wall time, with the date when it is not that of <paramref name="now"/>.</summary>
    public static string NewYork(DateTimeOffset at, DateTimeOffset now)
    {
        var (day, time) = (TradingCalendar.NewYorkDate(at), TradingCalendar.NewYorkTime(at));
        return day == TradingCalendar.NewYorkDate(now) ? $"{time:HH:mm} New York" : string.Create(CultureInfo.InvariantCulture, $"{day:ddd d MMM} {time:HH:mm} New York");
    }

    /// <summary>New York date and wall time to the second.</summary>
    public static string NewYork(DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"{TradingCalendar.NewYorkDate(at):yyyy-MM-dd} {TradingCalendar.NewYorkTime(at):HH:mm:ss}");

    public static string Took(TimeSpan span) => span switch
    {
        { TotalSeconds: < 0.1 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0} ms"),
        { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.00} s"),
        { TotalSeconds: < 100 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s"),
        { TotalHours: < 1 } => $"{(int)span.TotalMinutes} min {span.Seconds:00} s",
        { TotalDays: < 1 } => $"{(int)span.TotalHours} h {span.Minutes:00} min",
        { TotalDays: < 10 } => $"{span.Days} {(span.Days == 1 ? "day" : "days")} {span.Hours} h",
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:0} days"),
    };

    /// <summary>How long ago, no finer than a reader cares for.</summary>
    public static string Age(DateTimeOffset at, DateTimeOffset now) => (now - at) switch
    {
        { TotalSeconds: < 1 } => "just now",
        { TotalSeconds: < 100 } age => $"{(int)age.TotalSeconds} s ago",
        { TotalHours: < 1 } age => $"{(int)age.TotalMinutes} min ago",
        var age => $"{Took(age)} ago",
    };

    public static string Bytes(double bytes) => bytes switch
    {
        < 1e6 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0} kB"),
        < 1e9 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB"),
    };

    public static string State(string state) => state.Replace('_', ' ');

    public static string Phase(MarketPhase phase) => phase switch
    {
        MarketPhase.PreMarket => "Pre-market",
        MarketPhase.Open => "Market open",
        MarketPhase.PostMarket => "Post-market",
        _ => "Market closed",
    };

    /// <summary>The id of the run that a line about where to look names; null when it names none.</summary>
    public static string? RunIn(string line) => RunLink().Match(line) is { Success: true } run ? run.Groups[1].Value : null;

    [GeneratedRegex(@"(?:^Run |/runs/)(\d+)")]
    private static partial Regex RunLink();
}
