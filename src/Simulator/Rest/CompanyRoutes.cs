using System.Globalization;
using System.Text.Json;
using Simulator.World;

namespace Simulator.Rest;

/// <summary>What companies do and how much of them trades: dividends in both forms, free float, changes of ticker.</summary>
internal sealed class CompanyRoutes(SimulatedMarket market)
{
    private sealed record Dividend(Security Payer, DateOnly ExDate, decimal Amount);

    internal Reply OldDividends(Call call) =>
        Dividends(call, new Listing(call, 10, 1_000, "ticker", "ex_dividend_date", "record_date", "pay_date", "sort", "order"), modern: false);

    internal Reply NewDividends(Call call) => Dividends(call, new Listing(call, 100, 5_000, "ticker", "ex_dividend_date", "sort"), modern: true);

    internal Reply Float(Call call)
    {
        var listing = new Listing(call, 100, 5_000, "ticker", "free_float_percent", "sort");
        if (listing.Problem is { } problem) return Reply.Error(400, call.RequestId, problem);
        var today = call.Now.Today;
        var rows = market.ListedOn(today).Where(security => security.Type is "CS" or "ADRC" && listing.Passes("ticker", security.Ticker)).ToList();
        rows.Sort((a, b) => string.CompareOrdinal(a.Ticker, b.Ticker));
        if (listing["sort"] == "ticker.desc") rows.Reverse();
        return ListingReply.Page(call, listing, rows, (json, security) =>
        {
            var hundredths = 3_000 + (long)(security.Key % 6_900);
            json.WriteStartObject();
            json.WriteString("effective_date", Text(today.AddDays(-(int)(security.Key % 80))));
            json.WriteNumber("free_float", security.SharesOutstanding(today) * hundredths / 10_000);
            json.WriteNumber("free_float_percent", hundredths / 100m);
            json.WriteString("ticker", security.Ticker);
            json.WriteEndObject();
        });
    }

    internal Reply Events(Call call)
    {
        var (id, today) = (call.Parts[0], call.Now.Today);
        var holder = market.FindListed(id, today) ?? market.ListedOn(today).FirstOrDefault(security => security.CompositeFigi == id);
        if (holder is null) return Reply.NotFound(call.RequestId, "Ticker not found.");
        return Reply.Json(json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("results");
            json.WriteString("name", holder.Name);
            if (holder.CompositeFigi is { } figi) json.WriteString("composite_figi", figi);
            if (holder.Cik is { } cik) json.WriteString("cik", cik);
            json.WriteStartArray("events");
            for (var security = holder; security is not null; security = security.FormerTicker)
            {
                json.WriteStartObject();
                json.WriteStartObject("ticker_change");
                json.WriteString("ticker", security.Ticker);
                json.WriteEndObject();
                json.WriteString("type", "ticker_change");
                json.WriteString("date", Text(security.Listed));
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteString("status", "OK");
            json.WriteString("request_id", call.RequestId);
            json.WriteEndObject();
        });
    }

    // A third of the companies and most preferreds pay each quarter; listed are the last year and what is announced.
    private Reply Dividends(Call call, Listing listing, bool modern)
    {
        if (listing.Problem is { } problem) return Reply.Error(400, call.RequestId, problem);
        var today = call.Now.Today;
        var rows = new List<Dividend>();
        foreach (var security in market.ListedOn(today))
        {
            if (!Pays(security) || !listing.Passes("ticker", security.Ticker)) continue;
            for (var quarter = -4; quarter <= 0; quarter++)
            {
                var date = today.AddDays(20 - (today.DayNumber + (int)(security.Key % 91)) % 91 + (quarter * 91));
                if (!listing.Passes("ex_dividend_date", Text(date)) || !security.IsListedOn(date)) continue;
                rows.Add(new(security, date, Math.Max(.01m, decimal.Round((decimal)(security.BasePrice * security.SplitFactor(date)) * .006m, 4))));
            }
        }
        rows.Sort((a, b) => a.ExDate != b.ExDate ? b.ExDate.CompareTo(a.ExDate) : string.CompareOrdinal(a.Payer.Ticker, b.Payer.Ticker));
        return ListingReply.Page(call, listing, rows, (json, row) => Write(json, row, modern, today));
    }

    private static bool Pays(Security security) => security.Type == "PFD" || (security.Type is "CS" or "ETF" or "FUND" && security.Key % 3 == 1);

    private static void Write(Utf8JsonWriter json, Dividend row, bool modern, DateOnly today)
    {
        json.WriteStartObject();
        json.WriteString("id", string.Create(CultureInfo.InvariantCulture, $"E{Hash.Of(row.Payer.Key, 7, (ulong)row.ExDate.DayNumber):x16}"));
        json.WriteString("ticker", row.Payer.Ticker);
        json.WriteNumber("cash_amount", row.Amount);
        if (modern) json.WriteString("currency", "USD");
        json.WriteString("declaration_date", Text(row.ExDate.AddDays(-30)));
        json.WriteString("ex_dividend_date", Text(row.ExDate));
        json.WriteString("record_date", Text(row.ExDate.AddDays(1)));
        json.WriteString("pay_date", Text(row.ExDate.AddDays(18)));
        json.WriteNumber("frequency", 4);
        if (modern)
        {
            json.WriteString("distribution_type", "recurring");
            json.WriteNumber("split_adjusted_cash_amount", decimal.Round(row.Amount * (decimal)row.Payer.Adjustment(row.ExDate, today), 6));
            json.WriteNumber("historical_adjustment_factor", .994m);
        }
        else json.WriteString("dividend_type", "CD");
        json.WriteEndObject();
    }

    private static string Text(DateOnly date) => date.ToString("O", CultureInfo.InvariantCulture);
}
