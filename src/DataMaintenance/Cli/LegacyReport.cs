using System.Globalization;
using System.Text.Json.Nodes;
using DataMaintenance.Pipeline;
using DataMaintenance.Store;

namespace DataMaintenance.Cli;

/// <summary>What <c>migrate --from-legacy</c> says at its end.</summary>
internal static class LegacyReport
{
    /// <summary>Whether of every session something could be taken.</summary>
    public static bool IsComplete(LegacyResult result) => result.Daily.Refused + result.Slots.Refused == 0;

    public static JsonObject Json(LegacyResult result, bool dryRun) => new()
    {
        ["dry_run"] = dryRun,
        ["complete"] = IsComplete(result),
        ["found"] = Found(result.Tables),
        ["daily"] = Days(result.Daily),
        ["slots"] = Days(result.Slots),
        ["universe"] = new JsonObject { ["brought"] = result.Universe.Brought, ["held"] = result.Universe.Held },
        ["metadata"] = new JsonObject { ["brought"] = result.Metadata.Brought, ["held"] = result.Metadata.Held },
        ["left_out"] = Entries(result.LeftOut, "what", "rows"),
        ["odd_values"] = Entries(result.Values, "column", "values"),
        ["not_taken"] = new JsonArray([.. LegacyResult.NotTaken.Select(n => (JsonNode)new JsonObject { ["what"] = n.What, ["why"] = n.Why })]),
        ["next"] = new JsonArray([.. Next(result).Select(n => (JsonNode)n)]),
    };

    private static JsonArray Entries(IReadOnlyList<LegacyLeftOut.Entry> entries, string what, string count) => new([.. entries.Select(e => (JsonNode)new JsonObject
    {
        [what] = e.What, ["why"] = e.Why, [count] = e.Rows, ["examples"] = new JsonArray([.. e.Examples.Select(x => (JsonNode)x)]),
    })]);

    public static JsonArray Found(IReadOnlyList<LegacyTable> tables) => new([.. tables.Select(t => (JsonNode)new JsonObject
    {
        ["table"] = $"{t.Schema}.{t.Name}", ["rows_about"] = t.Rows, ["oldest"] = Day(t.Oldest), ["newest"] = Day(t.Newest),
    })]);

    public static void Write(LegacyResult result, bool dryRun)
    {
        Say("bars", result.Daily);
        Say("slots", result.Slots);
        Console.Out.WriteLine(Invariant($"universe  {result.Universe.Brought:N0} symbols {(dryRun ? "to bring" : "brought")}, {result.Universe.Held:N0} known already; metadata of {result.Metadata.Brought:N0}, {result.Metadata.Held:N0} known already"));
        foreach (var entry in result.LeftOut) Console.Out.WriteLine(Invariant($"left out  {entry.Rows:N0} rows of {entry.What}: {entry.Why}: {Examples(entry)}"));
        foreach (var entry in result.Values) Console.Out.WriteLine(Invariant($"odd       {entry.Rows:N0} values of {entry.What}: {entry.Why}: {Examples(entry)}"));
        foreach (var (what, why) in LegacyResult.NotTaken) Console.Out.WriteLine($"not taken {what}: {why}");
        foreach (var next in Next(result)) Console.Out.WriteLine($"next      {next}");
        Console.Out.WriteLine(IsComplete(result) ? dryRun ? "nothing was written" : "done; theirs are untouched" : "NOT complete: of some sessions no row could be taken, see above");

        void Say(string what, LegacyDays days) => Console.Out.WriteLine(Invariant(
            $"{what,-9} {days.Brought:N0} sessions {(dryRun ? "to bring" : "brought")}, {days.Unchanged:N0} brought before, {days.Held:N0} here from the provider, {days.Refused:N0} without a row that could be taken; {days.Rows:N0} rows"));
    }

    private static string Examples(LegacyLeftOut.Entry entry) => $"{string.Join(", ", entry.Examples)}{(entry.Rows > entry.Examples.Count ? ", …" : "")}";

    private static JsonObject Days(LegacyDays days) => new()
    {
        ["oldest"] = Day(days.Oldest),
        ["newest"] = Day(days.Newest),
        ["brought"] = days.Brought,
        ["unchanged"] = days.Unchanged,
        ["held_from_provider"] = days.Held,
        ["refused"] = days.Refused,
        ["rows"] = days.Rows,
    };

    /// <summary>Their bars before a split may be of after it: the Python service rewrote them. The provider's own are one call a session.</summary>
    private static IEnumerable<string> Next(LegacyResult result)
    {
        if (result.Daily.Oldest is { } oldest)
            yield return $"their bars from before a split may have been rewritten by it; `data-maintenance backfill --from {Day(oldest)} --to {Day(result.Daily.Newest)} --tasks load_ohlc` replaces them with the provider's, one call a session";
        yield return "`data-maintenance run` asks the provider again for the newest sessions, which are here provisionally";
    }

    private static string? Day(DateOnly? date) => date is { } day ? StatusDocument.Day(day) : null;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
