using System.Text.Json;

namespace DataMaintenance.Alerts;

/// <summary>What people are told of. Each has a page: <c>docs/alerts/{name}.md</c>.</summary>
public enum IncidentKind { RunFailed, PartialSuccess, ReadyBy, NeverBegan, Unreachable, CalendarDisagreement, Paused, Recovered, RedisRebuilt, Succeeded, Test }

/// <summary>Critical: nobody can trust this morning's data until somebody looks.</summary>
public enum Urgency { Info, Warning, Critical }

/// <summary>Something people should know, derived from what is recorded; the same facts always give the same key.</summary>
/// <param name="Subject">What makes it another incident than the next of its kind: a session, an outside system.</param>
/// <param name="Title">One line: what happened, to which session.</param>
/// <param name="Lines">What failed, the symbols missing, what is being done, where to look.</param>
public sealed record Incident(IncidentKind Kind, string Subject, DateOnly? Date, string Title, IReadOnlyList<string> Lines)
{
    public string Key => $"{Kind.Name()}:{Subject}";
}

public static class IncidentKinds
{
    /// <summary>As it is recorded, sent and documented: <c>run_failed</c>.</summary>
    public static string Name(this IncidentKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    public static Urgency Urgency(this IncidentKind kind) => kind switch
    {
        IncidentKind.RunFailed or IncidentKind.ReadyBy or IncidentKind.NeverBegan or IncidentKind.Unreachable => Alerts.Urgency.Critical,
        IncidentKind.PartialSuccess or IncidentKind.CalendarDisagreement or IncidentKind.Paused or IncidentKind.RedisRebuilt => Alerts.Urgency.Warning,
        _ => Alerts.Urgency.Info,
    };

    /// <summary>Whether it goes on until somebody or something mends it; the others tell of what is over.</summary>
    public static bool Stands(this IncidentKind kind) => kind is not (IncidentKind.Recovered or IncidentKind.RedisRebuilt or IncidentKind.Succeeded or IncidentKind.Test);

    /// <summary>The kind a key begins with; <see cref="IncidentKind.Test"/> for one this version does not know.</summary>
    public static IncidentKind OfKey(string key) =>
        Enum.GetValues<IncidentKind>().FirstOrDefault(k => key.StartsWith(k.Name() + ":", StringComparison.Ordinal), IncidentKind.Test);
}
