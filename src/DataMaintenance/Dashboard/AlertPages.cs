using System.Text.RegularExpressions;

namespace DataMaintenance.Dashboard;

/// <summary>The papers about alerts, a page each, as this executable was built with.</summary>
internal static partial class AlertPages
{
    private const string Prefix = "alerts/", Suffix = ".md";

    /// <summary>Markdown without its first heading, its links as addresses of the pages; null when there is no such page.</summary>
    /// <param name="name">As in <c>docs/alerts</c>: <c>run_failed</c>.</param>
    public static string? Find(string name)
    {
        using var stream = typeof(AlertPages).Assembly.GetManifestResourceStream(Prefix + name + Suffix);
        if (stream is null) return null;
        using var reader = new StreamReader(stream);
        return LinkToPaper().Replace(FirstHeading().Replace(reader.ReadToEnd(), ""), "](dashboard/alerts/$1)");
    }

    /// <summary>Their names, in order.</summary>
    public static IEnumerable<string> Names() =>
        typeof(AlertPages).Assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Select(n => n[Prefix.Length..^Suffix.Length]).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\A#[^\n]*\s+")]
    private static partial Regex FirstHeading();

    [GeneratedRegex(@"\]\((\w+)\.md\)")]
    private static partial Regex LinkToPaper();
}
