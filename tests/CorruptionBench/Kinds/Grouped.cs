using System.Globalization;
using System.Text.Json.Nodes;
using static CorruptionBench.WireCorruption;

namespace CorruptionBench.Kinds;

/// <summary>The one reply that holds the daily bars of a session.</summary>
internal static class Grouped
{
    private const long DayMilliseconds = 86_400_000;

    private static readonly string Before = Market.TradingCalendar.Nyse.PreviousSession(Simulated.Session).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    private static readonly string Now = Simulated.Session.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static IReadOnlyList<WireCorruption> All { get; } =
    [
        Of("grouped: symbols absent", Strength.Symbols, (rows, hit, _) => rows.RemoveAll(r => Hit(r, hit))),
        Of("grouped: last rows absent", Strength.Parts(.001, .01, .1, .5), (rows, _, s) => rows.RemoveRange(rows.Count - Cut(rows.Count, s), Cut(rows.Count, s))),
        Of("grouped: empty list of rows", Strength.Once, (rows, _, _) => rows.Clear()),
        Json("grouped: no rows at all, count 0", Is, Strength.Once, (json, _, _) =>
        {
            json.Remove("results");
            json["resultsCount"] = 0;
        }),
        Json("grouped: rows are null", Is, Strength.Once, (json, _, _) => json["results"] = null),
        Json("grouped: status ERROR with 200", Is, Strength.Once, (json, _, _) =>
        {
            json.Remove("results");
            (json["status"], json["error"]) = ("ERROR", "Internal error");
        }),
        new("grouped: an error page with 200", Strength.Once, (r, _, _, _) => Task.FromResult(Is(r.Path) ? "<html>503</html>"u8.ToArray() : r.Body)),
        new("grouped: JSON that ends in the middle", Strength.Once, (r, _, _, _) => Task.FromResult(Is(r.Path) ? r.Body[..(r.Body.Length / 2)] : r.Body)),
        new("grouped: the session before, told with its time", Strength.Once, (r, _, _, _) => Is(r.Path) ? EarlierAsync(r) : Task.FromResult(r.Body)),
        new("grouped: the session before, told with this one's time", Strength.Once, async (r, _, _, _) => Is(r.Path) ? Moved(await EarlierAsync(r)) : r.Body),
        new("grouped: rows of the session before among the others, told with their time", Strength.Some, (r, _, _, hit) => MixedAsync(r, hit, moved: false)),
        new("grouped: rows of the session before among the others, told with this one's time", Strength.Some, (r, _, _, hit) => MixedAsync(r, hit, moved: true)),
        Json("grouped: adjusted by 2:1 although asked unadjusted, and told so", Is, Strength.Some, (json, hit, _) =>
        {
            json["adjusted"] = true;
            WithRows(json, rows => Halve(rows, hit));
        }),
        Of("grouped: adjusted by 2:1, told as unadjusted", Strength.Some, (rows, hit, _) => Halve(rows, hit)),
        Scaled("grouped: volume of one symbol times k", Strength.OnOne(1.05, 1.5, 2, 3, 10)),
        Scaled("grouped: volume of every symbol times k", Strength.OnAll(1.05, 1.5, 2, 3)),
        Of("grouped: prices times 100", Strength.Some, (rows, hit, _) => Each(rows, hit, r => Prices(r, 100))),
        Of("grouped: open and close exchanged", Strength.Some, (rows, hit, _) => Each(rows, hit, r => (r["o"], r["c"]) = (r["c"]!.DeepClone(), r["o"]!.DeepClone())), "within the day's own range another value is as likely"),
        Of("grouped: ticker twice, the same", Strength.Some, (rows, hit, _) => rows.AddRange(rows.Where(r => Hit(r, hit)).Select(r => r.DeepClone().AsObject()).ToArray())),
        Of("grouped: ticker twice, the second with another volume", Strength.Some, (rows, hit, _) => rows.AddRange(rows.Where(r => Hit(r, hit)).Select(r =>
        {
            var twin = r.DeepClone().AsObject();
            Scale(twin, "v", 1.3);
            return twin;
        }).ToArray())),
        Of("grouped: volume is missing", Strength.Some, (rows, hit, _) => Each(rows, hit, r => r.Remove("v"))),
        Of("grouped: close is null", Strength.Some, (rows, hit, _) => Each(rows, hit, r => r["c"] = null)),
        Of("grouped: time in seconds", Strength.Some, (rows, hit, _) => Each(rows, hit, r => r["t"] = (long)r["t"]!.GetValue<double>() / 1000)),
        Of("grouped: tickers in lower case", Strength.Some, (rows, hit, _) => Each(rows, hit, r => r["T"] = r["T"]!.GetValue<string>().ToLowerInvariant())),
        Of("grouped: vwap outside of low and high", Strength.Some, (rows, hit, _) => Each(rows, hit, r => r["vw"] = r["h"]!.GetValue<double>() * 1.5), "no derived value is made of it"),
    ];

    private static bool Is(string path) => path.Contains("/aggs/grouped/", StringComparison.Ordinal) && path.EndsWith(Now, StringComparison.Ordinal);

    private static WireCorruption Of(string name, IReadOnlyList<Strength> strengths, Action<List<JsonObject>, HashSet<string>, Strength> change, string? note = null) =>
        Rows(name, Is, strengths, change, note);

    private static WireCorruption Scaled(string name, IReadOnlyList<Strength> strengths) => Of(name, strengths, (rows, hit, s) => Each(rows, hit, r => Scale(r, "v", s.Factor)));

    private static bool Hit(JsonObject row, HashSet<string> hit) => hit.Contains(row["T"]!.GetValue<string>());

    private static void Each(List<JsonObject> rows, HashSet<string> hit, Action<JsonObject> change)
    {
        foreach (var row in rows) if (Hit(row, hit)) change(row);
    }

    private static void Halve(List<JsonObject> rows, HashSet<string> hit) => Each(rows, hit, r =>
    {
        Prices(r, .5);
        Scale(r, "v", 2);
    });

    private static int Cut(int count, Strength strength) => Math.Max(1, (int)(count * strength.Factor));

    private static Task<byte[]> EarlierAsync(WireReply reply) => reply.OtherAsync(about => about.Replace(Now, Before, StringComparison.Ordinal));

    private static byte[] Moved(byte[] body) => Changed(body, json => WithRows(json, rows => rows.ForEach(Later)));

    private static void Later(JsonObject row) => row["t"] = row["t"]!.GetValue<long>() + DayMilliseconds;

    private static async Task<byte[]> MixedAsync(WireReply reply, HashSet<string> hit, bool moved)
    {
        if (!Is(reply.Path)) return reply.Body;
        var earlier = new List<JsonObject>();
        Changed(await EarlierAsync(reply), json => WithRows(json, rows => earlier.AddRange(rows.Where(r => Hit(r, hit)).Select(r => r.DeepClone().AsObject()))));
        if (moved) earlier.ForEach(Later);
        return Changed(reply.Body, json => WithRows(json, rows =>
        {
            rows.RemoveAll(r => Hit(r, hit));
            rows.AddRange(earlier);
        }));
    }
}
