using System.Text.Json.Nodes;

namespace CorruptionBench;

/// <summary>One way in which the provider's replies go wrong.</summary>
/// <param name="Damage">The body that the client gets. Asked for every reply with status 200.</param>
internal sealed record WireCorruption(string Name, IReadOnlyList<Strength> Strengths, Func<WireReply, Strength, Choice, HashSet<string>, Task<byte[]>> Damage, string? Note = null)
{
    public static IReadOnlyList<WireCorruption> All { get; } = [.. Kinds.Grouped.All, .. Kinds.Ranges.All, .. Kinds.Lists.All];

    /// <summary>Changes the JSON of replies to a route.</summary>
    public static WireCorruption Json(string name, Func<string, bool> route, IReadOnlyList<Strength> strengths, Action<JsonObject, HashSet<string>, Strength> change, string? note = null) =>
        new(name, strengths, (reply, strength, _, hit) => Task.FromResult(route(reply.Path) ? Changed(reply.Body, json => change(json, hit, strength)) : reply.Body), note);

    /// <summary>Changes the rows of replies to a route.</summary>
    public static WireCorruption Rows(string name, Func<string, bool> route, IReadOnlyList<Strength> strengths, Action<List<JsonObject>, HashSet<string>, Strength> change, string? note = null) =>
        Json(name, route, strengths, (json, hit, strength) => WithRows(json, rows => change(rows, hit, strength)), note);

    public static byte[] Changed(byte[] body, Action<JsonObject> change)
    {
        var json = JsonNode.Parse(body)!.AsObject();
        change(json);
        return System.Text.Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    public static void WithRows(JsonObject json, Action<List<JsonObject>> change)
    {
        if (json["results"] is not JsonArray array) return;
        var rows = array.Select(r => r!.AsObject()).ToList();
        array.Clear();
        change(rows);
        foreach (var row in rows) array.Add(row);
        if (json.ContainsKey("resultsCount")) json["resultsCount"] = rows.Count;
        if (json.ContainsKey("queryCount")) json["queryCount"] = rows.Count;
        if (json.ContainsKey("count")) json["count"] = rows.Count;
    }

    public static void Scale(JsonObject row, string field, double factor)
    {
        if (row[field] is { } value) row[field] = value.GetValue<double>() * factor;
    }

    public static void Prices(JsonObject row, double factor)
    {
        foreach (var field in new[] { "o", "h", "l", "c", "vw" }) Scale(row, field, factor);
    }
}
