using System.Text.Json.Nodes;
using static CorruptionBench.WireCorruption;

namespace CorruptionBench.Kinds;

/// <summary>The replies that hold the five-minute bars of one symbol.</summary>
internal static class Ranges
{
    private const long HourMilliseconds = 3_600_000;

    public static IReadOnlyList<WireCorruption> All { get; } =
    [
        Whole("range: no rows at all, count 0", (json, _) =>
        {
            json.Remove("results");
            (json["resultsCount"], json["queryCount"]) = (0, 0);
        }),
        Whole("range: no rows, but a count of some", (json, _) => json.Remove("results")),
        Whole("range: rows are null", (json, _) => json["results"] = null),
        Whole("range: status ERROR with 200", (json, _) =>
        {
            json.Remove("results");
            json["status"] = "ERROR";
        }),
        Whole("range: another ticker's name", (json, _) => json["ticker"] = "ZQZQ"),
        new("range: another symbol's rows", Strength.Some, async (r, _, c, hit) =>
        {
            if (Ticker(r.Path) is not { } ticker || !hit.Contains(ticker)) return r.Body;
            var other = c.Traded[^1] == ticker ? c.Traded[0] : c.Traded[(c.Traded.ToList().IndexOf(ticker) + 7) % c.Traded.Count];
            return Changed(await r.OtherAsync(about => about.Replace($"/ticker/{Uri.EscapeDataString(ticker)}/", $"/ticker/{Uri.EscapeDataString(other)}/", StringComparison.Ordinal)), json => json["ticker"] = ticker);
        }),
        Each("range: volume times 2", r => Scale(r, "v", 2)),
        Each("range: volume times 1.05", r => Scale(r, "v", 1.05)),
        Each("range: an hour late", r => Move(r, HourMilliseconds)),
        Each("range: four hours early", r => Move(r, -4 * HourMilliseconds)),
        Each("range: a day early", r => Move(r, -24 * HourMilliseconds)),
        Each("range: time in seconds", r => r["t"] = r["t"]!.GetValue<long>() / 1000),
        Each("range: volume is missing", r => r.Remove("v")),
        Part("range: last half of the rows absent", rows => rows.RemoveRange(rows.Count / 2, rows.Count - (rows.Count / 2))),
        Part("range: last tenth of the rows absent", rows => rows.RemoveRange(rows.Count - (rows.Count / 10), rows.Count / 10)),
        Part("range: one row absent", rows => rows.RemoveAt(rows.Count / 2)),
        Part("range: the row with most volume absent", rows => rows.Remove(rows.MaxBy(r => r["v"]!.GetValue<double>())!)),
        Part("range: rows twice, the same", rows => rows.AddRange(rows.Select(r => r.DeepClone().AsObject()).ToArray())),
        Part("range: rows twice, the second with another volume", rows => rows.AddRange(rows.Select(r =>
        {
            var twin = r.DeepClone().AsObject();
            Scale(twin, "v", 1.3);
            return twin;
        }).ToArray())),
        Part("range: rows in no order", rows => rows.Reverse()),
    ];

    /// <summary>The ticker a reply of bars is about; null for other replies.</summary>
    private static string? Ticker(string path)
    {
        const string Route = "/aggs/ticker/";
        var at = path.IndexOf(Route, StringComparison.Ordinal);
        return at < 0 || !path.Contains("/range/", StringComparison.Ordinal) ? null : path[(at + Route.Length)..].Split('/')[0];
    }

    private static WireCorruption Whole(string name, Action<JsonObject, Strength> change) => new(name, Strength.Some, (r, s, _, hit) =>
        Task.FromResult(Ticker(r.Path) is { } ticker && hit.Contains(ticker) ? Changed(r.Body, json => change(json, s)) : r.Body));

    private static WireCorruption Part(string name, Action<List<JsonObject>> change) => Whole(name, (json, _) => WithRows(json, rows =>
    {
        if (rows.Count > 0) change(rows);
    }));

    private static WireCorruption Each(string name, Action<JsonObject> change) => Part(name, rows => rows.ForEach(change));

    private static void Move(JsonObject row, long milliseconds) => row["t"] = row["t"]!.GetValue<long>() + milliseconds;
}
