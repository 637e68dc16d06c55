using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Market;

namespace DataMaintenance.Settings;

/// <summary>A setting's value as text: reading it, writing it, and saying what was expected.</summary>
internal static class SettingText
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private static readonly (string Unit, TimeSpan Length)[] Units =
        [("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1)), ("d", TimeSpan.FromDays(1))];

    /// <summary>Whether one text can hold a value of the type.</summary>
    public static bool Reads(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain.IsEnum || Expected(plain) is not null;
    }

    /// <summary>The value; null when the text is none.</summary>
    public static object? Parse(Type type, string text) => type switch
    {
        _ when type == typeof(string) => text,
        _ when type == typeof(int) => int.TryParse(text, NumberStyles.AllowLeadingSign, Invariant, out var i) ? i : null,
        _ when type == typeof(long) => long.TryParse(text, NumberStyles.AllowLeadingSign, Invariant, out var l) ? l : null,
        _ when type == typeof(double) => double.TryParse(text, NumberStyles.Float, Invariant, out var d) && double.IsFinite(d) ? d : null,
        _ when type == typeof(bool) => bool.TryParse(text, out var b) ? b : null,
        _ when type == typeof(Uri) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : null,
        _ when type == typeof(TimeSpan) => Duration(text),
        _ when type == typeof(DateOnly) => DateOnly.TryParseExact(text, "yyyy-MM-dd", Invariant, DateTimeStyles.None, out var day) ? day : null,
        _ when type == typeof(TimeOnly) => TimeOnly.TryParseExact(text, ["HH:mm", "HH:mm:ss"], Invariant, DateTimeStyles.None, out var time) ? time : null,
        _ when type == typeof(DateTimeOffset) => Instant(text),
        _ when type == typeof(SlotGrid) => new[] { SlotGrid.Extended, SlotGrid.Regular }.FirstOrDefault(g => g.Name.Equals(text, StringComparison.OrdinalIgnoreCase)),
        _ => Enum.GetNames(type).Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse(type, text, ignoreCase: true) : null,
    };

    public static string Format(object? value) => value switch
    {
        null => "",
        bool b => b ? "true" : "false",
        TimeSpan t => Duration(t),
        DateOnly d => d.ToString("yyyy-MM-dd", Invariant),
        TimeOnly t => t.ToString("HH:mm", Invariant),
        DateTimeOffset i => i.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", Invariant),
        SlotGrid g => g.Name,
        Uri { UserInfo.Length: > 0 } u => u.AbsoluteUri.Replace(u.UserInfo + "@", "***@", StringComparison.Ordinal),
        Uri u => u.AbsoluteUri.TrimEnd('/'),
        SpecialDay s => $"{Format(s.Date)} {s.Reason}{(s.EarlyClose is { } at ? $", closing at {Format(at)}" : "")}",
        IFormattable f => f.ToString(null, Invariant),
        _ => value.ToString() ?? "",
    };

    /// <summary>What a value must be, to follow "expected".</summary>
    public static string Expected(SettingsNode.Leaf leaf) => $"{Expected(leaf.Type) ?? $"one of {string.Join(", ", Enum.GetNames(leaf.Type))}"}{Bounds(leaf.Range)}";

    public static string Bounds(RangeAttribute? range)
    {
        if (range is null) return "";
        var (least, most) = (Bound(range, range.Minimum), Bound(range, range.Maximum));
        var open = range.Maximum is int.MaxValue or double.MaxValue || most == Duration(TimeSpan.MaxValue);
        return open ? $" of at least {least}" : $" from {least} to {most}";
    }

    /// <summary>The attribute holds durations as text until it is first used, then as durations.</summary>
    private static string Bound(RangeAttribute range, object bound) =>
        range.OperandType == typeof(TimeSpan) && bound is string text ? Duration(TimeSpan.Parse(text, Invariant)) : Format(bound);

    private static string? Expected(Type type) => type switch
    {
        _ when type == typeof(string) => "a text that is not empty",
        _ when type == typeof(int) || type == typeof(long) => "a whole number",
        _ when type == typeof(double) => "a number",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(Uri) => "a URL that begins with http:// or https://",
        _ when type == typeof(TimeSpan) => "a duration like 30s, 5m, 2h or 00:00:30",
        _ when type == typeof(DateOnly) => "a date like 2025-01-09",
        _ when type == typeof(TimeOnly) => "a New York time like 13:00",
        _ when type == typeof(DateTimeOffset) => "an instant like 2025-12-02T08:00:00Z",
        _ when type == typeof(SlotGrid) => "one of Extended, Regular",
        _ => null,
    };

    private static TimeSpan? Duration(string text)
    {
        if (text.Contains(':', StringComparison.Ordinal)) return TimeSpan.TryParseExact(text, "c", Invariant, out var span) ? span : null;
        foreach (var (unit, length) in Units)
            if (text.EndsWith(unit, StringComparison.Ordinal) && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, Invariant, out var count) && count < 1e6)
                return length * count;
        return null;
    }

    private static string Duration(TimeSpan span)
    {
        if (span == TimeSpan.Zero) return "0s";
        foreach (var (unit, length) in Units.Reverse())
            if (span.Ticks % length.Ticks == 0) return string.Create(Invariant, $"{span.Ticks / length.Ticks}{unit}");
        return span.ToString("c", Invariant);
    }

    private static DateTimeOffset? Instant(string text) =>
        DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm'Z'"], Invariant, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
}
