using System.Globalization;
using System.Text.Json;
using Market;
using Simulator.Faults;
using Simulator.World;

namespace Simulator.Rest;

/// <summary>The split table in both forms, <c>/v3/reference/splits</c> and <c>/stocks/v1/splits</c>: all past ones and those announced.</summary>
internal sealed class SplitRoutes(SimulatedMarket market)
{
    private const int LateDays = 7;

    internal Reply Old(Call call)
    {
        var listing = new Listing(call, 10, 1_000, "ticker", "execution_date", "reverse_split", "sort", "order");
        if (listing.Problem is { } problem) return Reply.Error(400, call.RequestId, problem);
        var rows = Rows(call, listing);
        if (listing["reverse_split"] is { } reverse) rows.RemoveAll(row => row.Split.From > row.Split.To != (reverse == "true"));
        Sort(rows, listing["sort"] == "ticker", listing["order"] is { } order ? order == "desc" : listing["sort"] != "ticker");
        return ListingReply.Page(call, listing, rows, (json, row) => Write(json, row, adjustment: null));
    }

    internal Reply New(Call call)
    {
        var listing = new Listing(call, 100, 5_000, "ticker", "execution_date", "adjustment_type", "sort");
        if (listing.Problem is { } problem) return Reply.Error(400, call.RequestId, problem);
        var rows = Rows(call, listing);
        rows.RemoveAll(row => !listing.Passes("adjustment_type", Kind(row.Split)));
        var sort = (listing["sort"] ?? "execution_date.desc").Split(',')[0];
        Sort(rows, sort.StartsWith("ticker", StringComparison.Ordinal), sort.EndsWith(".desc", StringComparison.Ordinal));
        return ListingReply.Page(call, listing, rows, (json, row) => Write(json, row, Kind(row.Split)));
    }

    private List<(Split Split, int Copy)> Rows(Call call, Listing listing)
    {
        var today = call.Now.Today;
        var late = call.Find(FaultKinds.LateSplits) is not null;
        var rows = new List<(Split, int)>();
        foreach (var split in market.Splits)
        {
            if (split.ExecutionDate > today.AddDays(Notice(split))) continue;
            if (late && split.ExecutionDate <= today && split.ExecutionDate > today.AddDays(-LateDays)) continue;
            if (!listing.Passes("ticker", split.Symbol.Text) || !listing.Passes("execution_date", Text(split.ExecutionDate))) continue;
            rows.Add((split, 0));
            // One row in two hundred is listed twice, under another id.
            if (Key(split) % 200 == 0) rows.Add((split, 1));
        }
        return rows;
    }

    private static void Sort(List<(Split Split, int Copy)> rows, bool byTicker, bool descending)
    {
        rows.Sort((a, b) =>
        {
            var (symbol, date) = (a.Split.Symbol.CompareTo(b.Split.Symbol), a.Split.ExecutionDate.CompareTo(b.Split.ExecutionDate));
            var order = byTicker ? (symbol != 0 ? symbol : date) : date != 0 ? date : symbol;
            return order != 0 ? order : a.Copy.CompareTo(b.Copy);
        });
        if (descending) rows.Reverse();
    }

    private static void Write(Utf8JsonWriter json, (Split Split, int Copy) row, string? adjustment)
    {
        var split = row.Split;
        var id = Hash.Of(Key(split), (ulong)row.Copy);
        json.WriteStartObject();
        json.WriteString("id", string.Create(CultureInfo.InvariantCulture, $"E{id:x16}{Hash.Mix(id):x16}"));
        json.WriteString("execution_date", Text(split.ExecutionDate));
        Factor(json, "split_from", split.From);
        Factor(json, "split_to", split.To);
        json.WriteString("ticker", split.Symbol.Text);
        if (adjustment is not null)
        {
            json.WriteString("adjustment_type", adjustment);
            json.WriteNumber("historical_adjustment_factor", Math.Truncate(split.PriceFactor * 1_000_000) / 1_000_000);
        }
        json.WriteEndObject();
    }

    // From a million on in exponent form, as large reverse splits have come: 2e+06.
    private static void Factor(Utf8JsonWriter json, string name, double value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value >= 1_000_000 ? value.ToString("0.######e+00", CultureInfo.InvariantCulture) : value.ToString(CultureInfo.InvariantCulture));
    }

    // Days between announcement and execution: 4 to 33.
    private static int Notice(Split split) => 4 + (int)(Key(split) % 30);

    private static string Kind(Split split) => split.From > split.To ? "reverse_split" : split.To / split.From < 1.25 ? "stock_dividend" : "forward_split";

    private static ulong Key(Split split) => Hash.Of(Hash.Of(0, split.Symbol.Text), (ulong)split.ExecutionDate.DayNumber, (ulong)(split.From * 1_000 / split.To));

    private static string Text(DateOnly date) => date.ToString("O", CultureInfo.InvariantCulture);
}
