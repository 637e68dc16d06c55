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

    private const string Between = " | ", To = "to ";
}
