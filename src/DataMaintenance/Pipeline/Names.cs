namespace DataMaintenance.Pipeline;

/// <summary>Lists of symbols and sessions in messages: named up to a bound, then counted.</summary>
public static class Names
{
    public static string List(IEnumerable<string> names, int most = 20)
    {
        var all = names.Order(StringComparer.Ordinal).ToArray();
        return all.Length <= most ? string.Join(", ", all) : $"{string.Join(", ", all.Take(most))} and {all.Length - most:N0} more";
    }

    /// <param name="sessions">Ascending.</param>
    public static string Sessions(IReadOnlyList<DateOnly> sessions) => sessions.Count switch
    {
        0 => "no session",
        <= 3 => string.Join(", ", sessions.Select(s => s.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture))),
        _ => $"{sessions.Count} sessions from {sessions[0]:yyyy-MM-dd} to {sessions[^1]:yyyy-MM-dd}",
    };
}
