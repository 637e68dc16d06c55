using DataMaintenance.Store;

namespace DataMaintenance.Alerts;

/// <summary>What people get: one incident.</summary>
/// <param name="Id">Of the event <c>alert_opened</c>; 0 for a test.</param>
/// <param name="MayRepeat">The process that was to send it ended before it knew whether it had.</param>
public sealed record AlertMessage(
    long Id, string Key, IncidentKind Kind, DateOnly? Date, string Title, IReadOnlyList<string> Lines, DateTimeOffset OpenedAt, string Page, bool MayRepeat)
{
    /// <summary>The incident in one line, as the event <c>alert_opened</c> keeps it.</summary>
    /// <param name="channels">Who is to be told.</param>
    public static string Recorded(Incident incident, IEnumerable<string> channels) =>
        string.Join(Between, incident.Lines.Prepend(incident.Title).Select(l => l.ReplaceLineEndings(" ").Replace(Between, " / ", StringComparison.Ordinal)).Append(To + string.Join(',', channels)));

    /// <summary>The message of a recorded incident, and who is to be told.</summary>
    public static (AlertMessage Message, IReadOnlyList<string> Channels) Of(MaintenanceEvent opened, Uri? docs, bool mayRepeat)
    {
        var parts = opened.Text.Split(Between);
        var to = parts[^1].StartsWith(To, StringComparison.Ordinal) ? parts[^1][To.Length..].Split(',', StringSplitOptions.RemoveEmptyEntries) : [];
        var kind = IncidentKinds.OfKey(opened.Subject);
        var path = $"docs/alerts/{kind.Name()}.md";
        return (new(opened.Id, opened.Subject, kind, opened.Date, parts[0], parts[1..^1], opened.At, docs is null ? path : new Uri(docs, $"{kind.Name()}.md").ToString(), mayRepeat), to);
    }

    /// <summary>Equal for messages that people get as one: what a service that was away for days finds at its start, or makes good in one go. Each other kind has its own reasons, and stands alone.</summary>
    public object Together => Kind is IncidentKind.NeverBegan or IncidentKind.Recovered or IncidentKind.Succeeded ? (Kind, OpenedAt, MayRepeat) : Id;

    /// <summary>One message of several: the title of the first, those of the others below it, then what is said of them, each once.</summary>
    public static AlertMessage Of(IReadOnlyList<AlertMessage> all) => all is [var one] ? one : all[0] with
    {
        Date = null,
        Title = $"{all[0].Title}, and {all.Count - 1} more",
        Lines = [.. Few([.. all.Skip(1).Select(m => m.Title)]), .. Few([.. all.SelectMany(m => m.Lines).Distinct(StringComparer.Ordinal)])],
    };

    private static IEnumerable<string> Few(IReadOnlyList<string> lines) => lines.Count <= Most ? lines : [.. lines.Take(Most), $"and {lines.Count - Most} more"];

    private const int Most = 12;

    private const string Between = " | ", To = "to ";
}
