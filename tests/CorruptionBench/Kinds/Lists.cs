using System.Globalization;
using System.Text.Json.Nodes;
using static CorruptionBench.WireCorruption;

namespace CorruptionBench.Kinds;

/// <summary>The provider's lists: splits and tickers.</summary>
internal static class Lists
{
    private static readonly string Now = Simulated.Session.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static IReadOnlyList<WireCorruption> All { get; } =
    [
        Splits("splits: empty list", Strength.Once, (rows, _, _) => rows.Clear()),
        Splits("splits: half of the list absent", Strength.Once, (rows, _, _) => rows.RemoveRange(0, rows.Count / 2)),
        Splits("splits: one of the day absent", Strength.SomeSplits, (rows, _, s) => rows.RemoveAll(r => Is(r, s)), "steps up to a half happen overnight without a split"),
        Splits("splits: one of the day twice, under two ids", Strength.SomeSplits, (rows, _, s) => rows.AddRange(rows.Where(r => Is(r, s)).Select(Twin).ToArray())),
        Splits("splits: from and to of one of the day exchanged", Strength.SomeSplits, (rows, _, s) =>
        {
            foreach (var row in rows.Where(r => Is(r, s)).ToArray()) (row["split_from"], row["split_to"]) = (row["split_to"]!.DeepClone(), row["split_from"]!.DeepClone());
        }),
        Splits("splits: factors with an exponent", Strength.Once, (rows, _, _) =>
        {
            foreach (var row in rows) row["split_from"] = JsonNode.Parse(row["split_from"]!.GetValue<double>().ToString("0.######e+0", CultureInfo.InvariantCulture));
        }),
        Splits("splits: rows in no order", Strength.Once, (rows, _, _) => rows.Reverse()),
        Rows("tickers: half of every page absent", p => p.EndsWith("/reference/tickers", StringComparison.Ordinal), Strength.Once, (rows, _, _) => rows.RemoveRange(rows.Count / 2, rows.Count - (rows.Count / 2)),
            "the list is not what bars and slots are judged by"),
        Rows("tickers: empty list", p => p.EndsWith("/reference/tickers", StringComparison.Ordinal), Strength.Once, (rows, _, _) => rows.Clear()),
    ];

    private static WireCorruption Splits(string name, IReadOnlyList<Strength> strengths, Action<List<JsonObject>, HashSet<string>, Strength> change, string? note = null) =>
        Rows(name, p => p.EndsWith("/splits", StringComparison.Ordinal), strengths, change, note);

    private static bool Is(JsonObject row, Strength strength) =>
        row["execution_date"]!.GetValue<string>() == Now
        && string.Create(CultureInfo.InvariantCulture, $"{row["split_from"]!.GetValue<double>()},{row["split_to"]!.GetValue<double>()}") == strength.Ratio;

    private static JsonObject Twin(JsonObject row)
    {
        var twin = row.DeepClone().AsObject();
        twin["id"] = "E0000000000000000000000000000000";
        return twin;
    }
}
