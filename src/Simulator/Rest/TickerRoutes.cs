using System.Globalization;
using System.Text.Json;
using Simulator.Faults;
using Simulator.World;

namespace Simulator.Rest;

/// <summary><c>/v3/reference/tickers</c>: the list by pages, one with details, and the types.</summary>
internal sealed class TickerRoutes(SimulatedMarket market)
{
    private static readonly string[] Filters = ["ticker", "type", "market", "exchange", "cik", "date", "active", "search", "sort", "order"];
    private readonly Lazy<Security[]> byTicker = new(() => [.. market.Securities.OrderBy(security => security.Ticker, StringComparer.Ordinal)]);

    internal Reply List(Call call)
    {
        var listing = new Listing(call, 100, 1_000, Filters);
        if (listing.Problem is { } problem) return Reply.Error(400, call.RequestId, problem);
        if (!TryDate(listing["date"], call, out var date)) return Reply.Error(400, call.RequestId, "Could not parse the parameter 'date'. Use YYYY-MM-DD");
        var active = listing["active"] is not "false";
        var sort = listing["sort"] ?? "ticker";
        var column = Column(sort);
        if (column is null) return Reply.Error(400, call.RequestId, $"Cannot sort by '{sort}'");
        var descending = listing["order"] == "desc";
        var rows = byTicker.Value.Where(security => Shown(security, listing, call, date, active));
        var ordered = sort == "ticker" && !descending ? rows
            : descending ? rows.OrderByDescending(column, StringComparer.Ordinal).ThenByDescending(Marker, StringComparer.Ordinal)
            : rows.OrderBy(column, StringComparer.Ordinal).ThenBy(Marker, StringComparer.Ordinal);
        if (listing["page_marker"] is { } after)
        {
            var bar = after.LastIndexOf('|');
            var (value, mark) = (after[..bar], after[(bar + 1)..]);
            // Securities of one ticker stay in listing order, so the mark is met, not compared.
            ordered = sort == "ticker" && !descending
                ? ordered.SkipWhile(security => string.CompareOrdinal(security.Ticker, value) < 0).SkipPast(security => security.Ticker == value, security => Marker(security) == mark)
                : ordered.SkipPast(static _ => true, security => Marker(security) == mark);
        }
        var page = ordered.Take(listing.Limit + 1).ToList();
        var more = page.Count > listing.Limit;
        if (more) page.RemoveAt(page.Count - 1);
        var next = more
            ? listing.Next(("page_marker", column(page[^1]) + "|" + Marker(page[^1])), ("date", date.ToString("O", CultureInfo.InvariantCulture)), ("active", active ? "true" : "false"), ("sort", sort), ("order", descending ? "desc" : "asc"))
            : null;
        return ListingReply.Of(call, page, next, counted: true, (json, security) => Row(json, security, active, date));
    }

    internal Reply Details(Call call)
    {
        if (!TryDate(call["date"], call, out var date)) return Reply.Error(400, call.RequestId, "Could not parse the parameter 'date'. Use YYYY-MM-DD");
        return market.FindListed(call.Parts[0], date) is { } security && Known(security, call)
            ? TickerDetails.Of(security, date, call)
            : Reply.NotFound(call.RequestId, "Ticker not found.");
    }

    private static bool Shown(Security security, Listing listing, Call call, DateOnly date, bool active) =>
        (active ? security.IsListedOn(date) : security.Delisted <= date)
        && listing.Passes("ticker", security.Ticker)
        && listing.Passes("type", security.Type)
        && listing.Passes("exchange", security.Exchange)
        && listing.Passes("cik", security.Cik)
        && listing.Passes("market", "stocks")
        && (listing["search"] is not { } words
            || security.Ticker.Contains(words, StringComparison.OrdinalIgnoreCase) || security.Name.Contains(words, StringComparison.OrdinalIgnoreCase))
        && Known(security, call);

    private static bool Known(Security security, Call call) => call.Find(FaultKinds.UnknownTickers) is null || Hash.Mix(security.Key) % 50 != 0;

    private static bool TryDate(string? text, Call call, out DateOnly date)
    {
        date = call.Now.Today;
        return text is null || DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
    }

    private static Func<Security, string>? Column(string sort) => sort switch
    {
        "ticker" => security => security.Ticker,
        "name" => security => security.Name,
        "type" => security => security.Type,
        "primary_exchange" => security => security.Exchange,
        "cik" => security => security.Cik ?? "",
        "composite_figi" => security => security.CompositeFigi ?? "",
        "share_class_figi" => security => security.ShareClassFigi ?? "",
        "market" or "locale" or "currency_name" or "currency_symbol" or "active" => static _ => "",
        "delisted_utc" => security => security.Delisted?.ToString("O", CultureInfo.InvariantCulture) ?? "",
        _ => null,
    };

    private static string Marker(Security security)
    {
        var key = Hash.Of(security.Key, security.Ticker);
        return string.Create(CultureInfo.InvariantCulture, $"{key:x16}{Hash.Mix(key):x16}{Hash.Mix(key + 1):x16}{Hash.Mix(key + 2):x16}");
    }

    private static void Row(Utf8JsonWriter json, Security security, bool active, DateOnly date)
    {
        json.WriteStartObject();
        json.WriteString("ticker", security.Ticker);
        json.WriteString("name", security.Name);
        json.WriteString("market", "stocks");
        json.WriteString("locale", "us");
        json.WriteString("primary_exchange", security.Exchange);
        if (security.Key % 211 != 0) json.WriteString("type", security.Type);
        json.WriteBoolean("active", active);
        json.WriteString("currency_name", "usd");
        if (security.Cik is { } cik) json.WriteString("cik", cik);
        if (security.CompositeFigi is { } figi) json.WriteString("composite_figi", figi);
        if (security.ShareClassFigi is { } share) json.WriteString("share_class_figi", share);
        if (!active) json.WriteString("delisted_utc", Midnight(security.Delisted!.Value));
        json.WriteString("last_updated_utc", Midnight(active ? date : security.Delisted!.Value));
        json.WriteEndObject();
    }

    private static string Midnight(DateOnly date) => date.ToString("O", CultureInfo.InvariantCulture) + "T00:00:00Z";
}
